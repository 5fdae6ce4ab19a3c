/*
 * What a request carried, fit to be shown: in the order it came, with secrets covered.
 */

/** Their values let somebody in somewhere, so a screenshot of the page must not hold them. */
const SECRET = /^(cookie|authorization|proxy-authorization|.*(token|secret|api-?key).*)$/i;

/** Pairs of name and value out of Node's rawHeaders (name, value, name, value, ...). */
export function shownHeaders(rawHeaders: readonly string[]): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    const value = rawHeaders[at + 1] ?? "";
    pairs.push([name, SECRET.test(name) ? `(hidden, ${value.length} characters)` : value]);
  }
  return pairs;
}
