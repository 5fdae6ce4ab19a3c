/*
 * Cookies of sandboxes. Browsers keep cookies by host and know no ports (RFC 6265 section 8.5), so every sandbox of an
 * app, and the app itself, would read and set each other's. Towards the browser a sandbox's cookies bear its port in
 * their names; towards the sandbox the names are its own again. Pure.
 */

/** `vscode-tkn` of the sandbox at 41234 becomes `sandbox-41234-vscode-tkn`. */
function prefixOf(doorPort: number): string {
  return `sandbox-${doorPort}-`;
}

/** Of what a browser sends, the cookies of the sandbox at this port, under its own names; undefined where there are none. */
export function cookiesForSandbox(field: string, doorPort: number): string | undefined {
  const prefix = prefixOf(doorPort);
  const own = pairsOf(field).flatMap((pair) =>
    pair.startsWith(prefix) ? pair.slice(prefix.length) : [],
  );
  return own.length === 0 ? undefined : own.join("; ");
}

/** Of what a browser sends, the cookies of these names alone. */
export function cookiesNamed(field: string, names: readonly string[]): string | undefined {
  const kept = pairsOf(field).filter((pair) => names.includes(nameOf(pair)));
  return kept.length === 0 ? undefined : kept.join("; ");
}

/**
 * By this name the editor's page looks for its token among the cookies scripts can read, where only one port's can be
 * (OVS:src/vs/workbench/browser/web.main.ts).
 */
const EDITOR_TOKEN = "vscode-tkn";
/** Seconds in which a page of the editor, once it came, reads its token. */
const GLANCE = 60;

/**
 * Lets scripts of a page of the editor read its token for a moment: a `Set-Cookie` to send with the page. Undefined
 * where the request shows none. @param field what a browser sent
 */
export function tokenForScripts(field: string, doorPort: number): string | undefined {
  const own = pairsOf(cookiesForSandbox(field, doorPort) ?? "");
  const token = own.find((pair) => nameOf(pair) === EDITOR_TOKEN);
  return token && `${token}; Path=/; Max-Age=${GLANCE}; SameSite=Lax; Secure`;
}

/**
 * A sandbox's `Set-Cookie` as the browser gets it: by its port's name, for this host only and over https only;
 * the editor's token is no script's, as in 1.x it is the sandbox's key, and scripts of its neighbours share the jar.
 * Undefined where it sets none, or one without a name, which would come back as another's.
 */
export function cookieFromSandbox(field: string, doorPort: number): string | undefined {
  const [pair = "", ...attributes] = field.split(";").map((part) => part.trim());
  const name = nameOf(pair);
  if (!pair.includes("=") || name === "") return undefined;
  const kept = attributes.filter((each) => !/^(?:domain|secure)\s*(?:=|$)/i.test(each));
  const hidden = name === EDITOR_TOKEN && !kept.some((each) => /^httponly$/i.test(each));
  const own = [...kept.filter(Boolean), "Secure", ...(hidden ? ["HttpOnly"] : [])];
  return [`${prefixOf(doorPort)}${pair}`, ...own].join("; ");
}

function pairsOf(field: string): string[] {
  return field.split(";").map((pair) => pair.trim());
}

function nameOf(pair: string): string {
  const at = pair.indexOf("=");
  return (at === -1 ? "" : pair.slice(0, at)).trim();
}
