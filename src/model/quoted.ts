/*
 * Somebody's text inside one of our sentences: on one line, short, control characters made visible,
 * and never with a password that was written into an address.
 */
import { printable } from "../kernel/printable.ts";

/** Where a longer text is cut. */
const LONGEST = 80;

export function quoted(text: string): string {
  const safe = text.replace(/^([^@]*:\/\/)?[^@]*:[^@]*@/, "$1***@");
  const short = safe.length > LONGEST ? `${safe.slice(0, LONGEST - 3)}...` : safe;
  return printable(JSON.stringify(short), Infinity);
}
