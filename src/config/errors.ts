import { defineErrors } from "../kernel/errors.ts";
import { shellWord } from "../platform/shell-word.ts";

/** What can be wrong with the configuration file, and with a change to it. */
export const configErrors = defineErrors({
  CONFIG_INVALID: {
    says: (p: { path: string; report: string }) => p.report,
    fix: (p) => `Change these lines and try again; the file is ${p.path}`,
    exit: 2,
  },
  CONFIG_FROM_NEWER_VERSION: {
    says: (p: { path: string; version: number; known: number }) =>
      `${p.path} says version: ${p.version}, which a newer Genkan wrote; this one reads version ${p.known}.`,
    fix: () => "Use the newer Genkan: npm install --global genkan@latest",
    exit: 2,
  },
  CONFIG_TOO_LARGE: {
    says: (p: { path: string; bytes: number; most: number }) =>
      `${p.path} has ${p.bytes} bytes; a configuration has at most ${p.most}.`,
    fix: (p) => `Look whether this is the file you meant: head ${shellWord(p.path)}`,
    exit: 2,
  },
  CONFIG_NO_FILE: {
    says: (p: { path: string; what: string }) => `${p.path} is ${p.what}, not a file.`,
    fix: (p) =>
      `Move it out of the way; genkan add makes the file anew: ls -ld ${shellWord(p.path)}`,
    exit: 2,
  },
  CONFIG_CHANGE_REFUSED: {
    says: (p: { path: string; report: string }) =>
      `With this change the configuration would be wrong; ${p.path} stays as it was. ${p.report}`,
    fix: () => "Ask for the change in another way, or edit the file by hand.",
    exit: 2,
  },
  CONFIG_CHANGE_IMPOSSIBLE: {
    says: () =>
      "The configuration is written in a form that Genkan cannot change without touching more than the app; nothing was changed.",
    fix: () => "Make this change in the file by hand, then look at it: genkan list",
  },
  CONFIG_BUSY: {
    says: (p: { path: string }) =>
      `${p.path} is being changed by another program again and again; nothing was written.`,
    fix: () => "Close what is writing to it and try again.",
  },
  APP_EXISTS: {
    says: (p: { name: string; target: string; wanted: string }) =>
      `There is an app called ${p.name} already, and it goes to ${p.target}.`,
    fix: (p) =>
      `Choose another name, or replace it: genkan remove ${p.name} && genkan add ${p.name} ${p.wanted}`,
    exit: 2,
  },
  APP_UNKNOWN: {
    says: (p: { name: string; hint: string; names: readonly string[] }) =>
      `There is no app called ${p.name}.${p.hint} ` +
      (p.names.length > 0 ? `There are: ${p.names.join(", ")}.` : "There are no apps yet."),
    fix: () => "Look at what there is: genkan list",
    exit: 2,
  },
});
