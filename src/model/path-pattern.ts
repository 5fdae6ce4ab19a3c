/*
 * Paths by pattern: segments, of which one that is `*` alone stands for any. Engines that ask in Node match
 * with matchesPattern; nginx gets the same as a regular expression. Pure.
 */

/** `/api/conversations/*` + `/vscode-url`; whole paths only, without the query. */
export type PathPattern = string;

const compiled = new Map<PathPattern, RegExp>();

/** @param path as the visitor sent it, encoded, without the query. */
export function matchesPattern(pattern: PathPattern, path: string): boolean {
  let expression = compiled.get(pattern);
  if (!expression) {
    expression = new RegExp(patternSource(pattern));
    compiled.set(pattern, expression);
  }
  return expression.test(path);
}

/** The pattern as a regular expression that JavaScript and PCRE read alike. */
export function patternSource(pattern: PathPattern): string {
  const segments = pattern.split("/").map((segment) => {
    return segment === "*" ? "[^/]+" : segment.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&");
  });
  return `^${segments.join("/")}$`;
}
