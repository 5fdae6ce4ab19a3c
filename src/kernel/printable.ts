/*
 * Somebody else's text (a program's name, an app's answer) made safe for a terminal or a log line:
 * no control characters, no escape sequences, no marks that turn the reading direction.
 */

/** C0 and C1 controls, line and paragraph separators, and Unicode's bidirectional controls (UAX #9). */
const UNPRINTABLE =
  // oxlint-disable-next-line no-control-regex -- these are the characters to be found
  / *[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+ */g;

/** `text` on one line, each run of such characters as one space, cut with `...` after `longest` characters. */
export function printable(text: string, longest = 200): string {
  const clean = Array.from(text.replace(UNPRINTABLE, " ").trim());
  return clean.length <= longest ? clean.join("") : `${clean.slice(0, longest - 3).join("")}...`;
}
