import { dirname } from "node:path";
import { codeOf, defineErrors, messageOf } from "../kernel/errors.ts";
import { shellWord } from "./shell-word.ts";

/** Where the operating system says no. */
export const platformErrors = defineErrors({
  FILE_NOT_WRITABLE: {
    says: (p: { path: string; why: string }) => `${p.path} cannot be written: ${p.why}.`,
    fix: (p) =>
      `Make room or give yourself the right to write there, or choose another place: GENKAN_HOME=/some/folder genkan ... (look: ls -ld ${folderOf(p.path)}; df -h ${folderOf(p.path)})`,
  },
  FILE_NOT_READABLE: {
    says: (p: { path: string; why: string }) => `${p.path} cannot be read: ${p.why}.`,
    fix: (p) =>
      `Run genkan as the user who owns the file, or change its rights (look: ls -l ${shellWord(p.path)})`,
  },
  FOLDER_NOT_PRIVATE: {
    says: (p: { path: string; why: string }) => `${p.path} is no safe place for secrets: ${p.why}.`,
    fix: (p) =>
      `Look at it (ls -ld ${shellWord(p.path)}), then make it yours alone (chmod 700 ${shellWord(p.path)}) or take it away.`,
  },
  DOOR_ALREADY_OPEN: {
    says: (p: { pid: number; since: string; command: string; home: string }) =>
      `The door of ${p.home} is already open: process ${p.pid}, since ${p.since}, started as ${p.command}.`,
    fix: () =>
      "Close it first: genkan stop - or open another home: GENKAN_HOME=/some/folder genkan up",
  },
});

const WHY: Record<string, string> = {
  ENOSPC: "the disk is full",
  EDQUOT: "your quota on this disk is used up",
  EROFS: "the file system is read-only",
  EACCES: "the rights on it do not allow that",
  EPERM: "the rights on it do not allow that",
  ENOTDIR: "a part of the path is a file, not a folder",
  EEXIST: "a part of the path is a file, not a folder", // what mkdir says of it
  EISDIR: "it is a folder, not a file",
  ENAMETOOLONG: "the path is too long",
  ELOOP: "its links lead round in a circle",
};

/** A system error as half a sentence. */
export function whyOf(thrown: unknown): string {
  const code = codeOf(thrown);
  return (code && WHY[code]) ?? messageOf(thrown);
}

function folderOf(path: string): string {
  return shellWord(dirname(path));
}
