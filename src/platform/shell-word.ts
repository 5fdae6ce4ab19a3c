/*
 * One argument as a person would paste it into a shell: quoted only where it must be. For advice
 * on screen; programs themselves are started without a shell (run.ts).
 */

/** Safe unquoted in POSIX shells (sh(1), Quoting) and in PowerShell alike. */
const PLAIN = /^[A-Za-z0-9_/:=.,+-]+$/;

/** Single quotes hold everything but themselves, in POSIX shells. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
