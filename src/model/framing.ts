/*
 * Whether a page that is not the app's own would show the app in a frame. A sandbox of the app is such a page: it has
 * the app's name at another port, so browsers take it for the same site and send the visitor's session along, and
 * what the visitor clicks is the app's (CWE-1021). Pure.
 */

/** Where a page is shown within another (Fetch, section 3.2.4 "destination type"). */
export const FRAMES = ["iframe", "frame", "object", "embed"] as const;
/** What browsers say of pages of another origin (Fetch Metadata, section 2.3). */
export const ELSEWHERE = ["same-site", "cross-site"] as const;

/** @param asked `Sec-Fetch-Dest` and `Sec-Fetch-Site`: browsers send them, pages cannot. */
export function isFramed(asked: {
  readonly fetchDest: string | undefined;
  readonly fetchSite: string | undefined;
}): boolean {
  const { fetchDest = "", fetchSite = "" } = asked;
  return isOneOf(FRAMES, fetchDest) && isOneOf(ELSEWHERE, fetchSite);
}

function isOneOf(list: readonly string[], text: string): boolean {
  return list.includes(text.toLowerCase());
}
