import { defineErrors } from "../../kernel/errors.ts";
import { shellWord } from "../../platform/shell-word.ts";

/** What can keep names from getting into a hosts file. */
export const hostsFileErrors = defineErrors({
  HOSTS_BLOCK_DAMAGED: {
    says: (p: { path: string; line: number; why: string }) =>
      `The part of ${p.path} that belongs to this door is damaged: line ${p.line} ${p.why}. Nothing was changed.`,
    fix: (p) =>
      `Open ${shellWord(p.path)}, take away the lines that begin with "# genkan:" and what belongs to them, and run this again.`,
  },
  HOSTS_NOT_TEXT: {
    says: (p: { path: string }) =>
      `${p.path} is no text that a resolver could read (it holds NUL bytes, as UTF-16 does). Nothing was changed.`,
    fix: () => "Save it as plain text (UTF-8 or ANSI), and run this again.",
  },
  HOSTS_NOT_WRITABLE: {
    says: (p: { path: string; why: string; command: string }) =>
      `${p.path} cannot be changed: ${p.why}. It is as it was.`,
    fix: (p) => p.command,
  },
  HOSTS_BUSY: {
    says: (p: { path: string }) => `Another program keeps changing ${p.path}. It was left alone.`,
    fix: () => "Run this again.",
  },
  HOSTS_NO_ADDRESS: {
    says: (p: { why: string }) => `No other device can reach this door: ${p.why}.`,
    fix: () =>
      "Connect the machine to the network, and open the door without --address. For this machine's own hosts file: genkan hosts --write",
  },
});
