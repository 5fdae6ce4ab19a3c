/*
 * Where a browser says a request comes from, and whether that place may change something at an app.
 * A page of another site can make a visitor's browser send requests and open WebSockets anywhere; an
 * app that asks nobody to sign in would obey. Programs say nothing of the kind, and pass. Pure.
 */
import { modelErrors } from "./errors.ts";

/** What a request says of itself. */
export interface Claim {
  readonly method: string;
  readonly isWebSocket: boolean;
  /** Host and port as the visitor wrote them. */
  readonly authority: string;
  /** `Origin`, RFC 6454 section 7; every value there was. */
  readonly origins: readonly string[];
  /** `Sec-Fetch-Site` (Fetch Metadata); browsers send it themselves, pages cannot. */
  readonly fetchSite: string | undefined;
}

/** RFC 9110 section 9.2.1: these promise to change nothing. */
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Whether another site is behind a request that may change something: one with an unsafe method, or a
 * WebSocket handshake, which no other rule of browsers holds back (CWE-1385).
 * @param allowed further origins the app trusts, as parseOrigin gives them.
 */
export function isForeign(claim: Claim, allowed: readonly string[]): boolean {
  if (!claim.isWebSocket && SAFE.has(claim.method)) return false;
  const { origins, fetchSite } = claim;
  if (origins.length > 0) {
    const own = plainOrigin(`https://${claim.authority}`);
    return !origins.every((origin) => {
      const plain = plainOrigin(origin);
      return plain !== undefined && (plain === own || allowed.includes(plain));
    });
  }
  return fetchSite === "cross-site" || fetchSite === "same-site";
}

/**
 * An origin in its one spelling: `https://wiki.local`, `http://localhost:5173`.
 * @throws ORIGIN_INVALID
 */
export function parseOrigin(text: string): string {
  const origin = plainOrigin(text.trim().replace(/\/$/, ""));
  if (origin !== undefined) return origin;
  throw modelErrors.ORIGIN_INVALID({ origin: text });
}

/** RFC 6454 section 6.2; undefined for `null` and for what is more or less than an origin. */
function plainOrigin(text: string): string | undefined {
  if (!/^https?:\/\/[^/?#@\\\s]+$/i.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text).origin;
}
