import { defineErrors } from "../kernel/errors.ts";

export const cliErrors = defineErrors({
  USAGE: {
    says: (p: { why: string; command: string }) => p.why,
    fix: (p) => `See what it takes: ${p.command} --help`,
    exit: 2,
  },
  ROOT_NOT_MADE: {
    says: () => "There is no authority here yet, so there is no root to show.",
    fix: () => "Open the door once (genkan up), or make the authority alone: genkan root --create",
  },
  ROOT_EXISTS: {
    says: (p: { path: string }) =>
      `There is an authority already: ${p.path}. It was left as it is.`,
    fix: () =>
      "Look at it: genkan root. Only if every device shall trust a new one: genkan root --replace",
  },
  ROOT_IN_USE: {
    says: () => "The door is open and uses the authority that would be replaced.",
    fix: () => "Close it first: genkan stop",
  },
  DOOR_ALONE: {
    says: () =>
      "No other device reaches the door, so there is nowhere to lead one: it listens on this machine's own address only.",
    fix: () =>
      "Open it on an address of the network: genkan up without --address, or with one that `ip address` (`ipconfig`) shows.",
  },
  INVITATION_OVER: {
    says: () => "Nobody took the digits in time, or newer ones took their place.",
    fix: () => "Make new ones: genkan pair",
  },
  SECRETS_DIFFER: {
    says: () => "The two passphrases are not the same. Nothing was made.",
    fix: () => "Try again, slowly.",
  },
  NO_SECRET: {
    says: () => "A passphrase is needed, and none was given.",
    fix: () =>
      "Type it at a terminal, or pipe it in: genkan root --create --keep-root-key FILE < passphrase.txt",
  },
  EXPORT_UNKNOWN: {
    says: (p: { kind: string }) =>
      `${JSON.stringify(p.kind)} is nothing genkan can export to. There is, so far: nginx.`,
    fix: () => "Print a site for an nginx of your own: genkan export nginx",
    exit: 2,
  },
  PRESET_UNKNOWN: {
    says: (p: { preset: string; hint: string; known: string }) =>
      `${JSON.stringify(p.preset)} is no app that Genkan knows.${p.hint} There are: ${p.known}.`,
    fix: () => "Leave --preset out, and Genkan looks by itself; or say --preset none.",
    exit: 2,
  },
  PRESET_NOT_FOUND: {
    says: (p: {
      title: string;
      name: string;
      ports: string;
      /** What Docker said, a sentence, where it was asked. */
      docker: string | undefined;
      start: string | undefined;
    }) =>
      `No ${p.title} answers on this machine: not at ${p.ports}, where it usually is.${p.docker ? ` ${p.docker}` : ""}`,
    fix: (p) =>
      `${p.start ? `Start it: ${p.start}; or, where it runs already,` : "Start it, or"} say where it is: genkan up ${p.name}=PORT`,
  },
  EXPORT_EMPTY: {
    says: (p: { config: string }) =>
      `There are no apps in ${p.config}, so there is no site to export.`,
    fix: () => "Add one: genkan add openhands 3000",
  },
});
