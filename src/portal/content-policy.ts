/*
 * The headers every page of the door carries. Pages bring their one style and at most one script
 * inside themselves and are allowed exactly these two, by hash; nothing is loaded from elsewhere.
 */
import { createHash } from "node:crypto";
import { STYLE } from "./style.ts";

/** A CSP source for an inline text (CSP Level 3, section 2.3.1). The bytes must be exactly those between the tags. */
function sourceHash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/**
 * For every answer, whatever its type: not sniffed, not framed, not kept, not told to others.
 * There is no Strict-Transport-Security here: before the root is trusted, a browser that had seen
 * it would not let its person through to the page that helps.
 */
export const COMMON_HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
} as const;

/**
 * For a page, with the text of its inline script if it has one.
 * @param reach origins besides its own that the script may ask and show pictures of: `https://genkan.local`.
 * @param forms whether it has forms; they go to its own origin.
 */
export function pageHeaders(
  script?: string,
  reach: readonly string[] = [],
  forms: "no-forms" | "forms" = "no-forms",
): Record<string, string> {
  return {
    ...COMMON_HEADERS,
    // Where nothing may be told of where it comes from, browsers send a form with `Origin: null` (Fetch,
    // section 3.2), and the door could not tell it from another site's.
    ...(forms === "forms" ? { "referrer-policy": "same-origin" } : {}),
    "content-type": "text/html; charset=utf-8",
    "cross-origin-opener-policy": "same-origin",
    "x-frame-options": "DENY", // for browsers that do not know frame-ancestors
    "content-security-policy": [
      "default-src 'none'",
      `style-src ${sourceHash(STYLE)}`,
      ...(script === undefined
        ? []
        : [`script-src ${sourceHash(script)}`, sources("connect-src 'self'", reach)]),
      sources("img-src data:", reach),
      "base-uri 'none'",
      `form-action '${forms === "forms" ? "self" : "none"}'`,
      "frame-ancestors 'none'",
    ].join("; "),
  };
}

function sources(directive: string, more: readonly string[]): string {
  return [directive, ...more].join(" ");
}
