import { defineErrors } from "../kernel/errors.ts";

/** What can be wrong with what a person asks for, wherever it is read: command line or file. */
export const modelErrors = defineErrors({
  TARGET_INVALID: {
    says: (p: { target: string; why: string }) => `${quoted(p.target)} is no target: ${p.why}.`,
    fix: () => "Write a port (3000), host:port (nas:8080) or an address (https://nas:8443).",
    exit: 2,
  },
  NAME_INVALID: {
    says: (p: { name: string; why: string; instead?: string | undefined }) =>
      `${quoted(p.name)} is no name for an app: ${p.why}.`,
    fix: (p) => `Choose one label of letters, digits and hyphens, such as ${p.instead ?? "wiki"}.`,
    exit: 2,
  },
  HOST_INVALID: {
    says: (p: { host: string; why: string; instead?: string | undefined }) =>
      `${quoted(p.host)} is no host name: ${p.why}.`,
    fix: (p) =>
      p.instead
        ? `Write ${p.instead}.`
        : "Write labels of letters, digits and hyphens with dots between them, such as wiki.home.arpa.",
    exit: 2,
  },
  NAME_TAKEN: {
    says: (p: { host: string; first: string; second: string }) =>
      `${p.host} is asked for twice: by ${p.first} and by ${p.second}.`,
    fix: (p) => `Give ${p.second} another name, or take the other away: genkan remove ${p.first}`,
    exit: 2,
  },
  NAME_OUT_OF_SCOPE: {
    says: (p: { host: string; scope: readonly string[] }) =>
      `The authority may not vouch for ${p.host}: it was made for names under ${p.scope.join(", ")} only.`,
    fix: (p) =>
      `Use a name under one of these, or make a new authority that may (every device must trust it anew): genkan root --replace --domain ${p.host.split(".").slice(-2).join(".")}`,
  },
});

/** Somebody's text inside a sentence: short, on one line, control characters made visible. */
function quoted(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  return JSON.stringify(short);
}
