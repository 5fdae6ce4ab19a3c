import { defineErrors } from "../kernel/errors.ts";
import { shellWord } from "../platform/shell-word.ts";

/** What can go wrong with who is let in. */
export const accessErrors = defineErrors({
  ACCESS_STATE_DAMAGED: {
    says: (p: { path: string; why: string }) =>
      `${p.path}, where the door keeps who is let in, cannot be understood: ${p.why}. It was left as it is, and nobody is let in by it.`,
    fix: (p) =>
      `Put a copy from a backup there, or begin anew and pair every device again: mv ${shellWord(p.path)} ${shellWord(`${p.path}.damaged`)}`,
  },
  ACCESS_STATE_FOREIGN: {
    says: (p: { path: string; version: string; known: number }) =>
      `${p.path} was written by another version of genkan (form ${p.version}; this one reads ${p.known}). It was left as it is.`,
    fix: () => "Use the newest genkan.",
  },
  ACCESS_FULL: {
    says: (p: { what: string; most: number }) =>
      `There are ${p.most} ${p.what} already, and no more are kept.`,
    fix: () =>
      "See which can go (genkan devices, genkan token), and take them away: genkan revoke DEVICE, or genkan token NAME --remove",
  },
  DEVICE_UNKNOWN: {
    says: (p: { device: string; names: readonly string[] }) =>
      p.names.length === 0
        ? `There is no device ${p.device}: none is paired.`
        : `There is no device ${p.device}; paired are: ${p.names.join(", ")}.`,
    fix: () => "See them all: genkan devices",
    exit: 2,
  },
  DEVICE_AMBIGUOUS: {
    says: (p: { device: string; ids: readonly string[] }) =>
      `Several devices are called ${p.device}: ${p.ids.join(", ")}.`,
    fix: () => "Name it by its id: genkan devices shows both",
    exit: 2,
  },
  PASSKEY_NEEDS_NAME: {
    says: (p: { host: string }) => `Browsers keep passkeys for names, and ${p.host} is an address.`,
    fix: () => "Open the door's pages by their name: genkan status shows it",
  },
  PASSKEY_UNKNOWN: {
    says: () => "There is no such passkey, any more.",
    fix: () => "See which there are on the page /passkeys of the door.",
  },
  PASSKEYS_FULL: {
    says: (p: { most: number }) => `This device has ${p.most} passkeys, and no more are kept.`,
    fix: () => "Take away one that nobody uses, on the page /passkeys of the door.",
  },
  TOKEN_NAME_INVALID: {
    says: (p: { name: string }) => `${p.name} is no name for a token.`,
    fix: () => "Choose one of 1 to 60 letters that can be shown, such as backup.",
    exit: 2,
  },
  TOKEN_NAME_TAKEN: {
    says: (p: { name: string }) => `There is a token called ${p.name} already.`,
    fix: () => "Choose another name, or take that one away: genkan token NAME --remove",
    exit: 2,
  },
  TOKEN_UNKNOWN: {
    says: (p: { name: string }) => `There is no token called ${p.name}.`,
    fix: () => "See them all: genkan token",
    exit: 2,
  },
});
