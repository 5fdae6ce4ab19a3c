/*
 * From the portal's name to an app's: names share no cookies, so the portal gives the visitor a code
 * that the app's name takes for a session. A code is good for one minute, once, at one host, and only
 * in the browser that has the nonce it was asked with. Kept in memory only.
 */
import { hashOf, isSame, newSecret } from "./secrets.ts";

export interface HandOver {
  /** @param nonceHash `hashOf` the nonce in the visitor's browser; the nonce itself never leaves it and this host. */
  issue(to: { readonly host: string; readonly device: string; readonly nonceHash: string }): string;
  /** The device the code was made for, or undefined; a code that was shown once is gone, whoever showed it. */
  redeem(code: string, at: { readonly host: string; readonly nonce: string }): string | undefined;
}

/** Milliseconds. */
export const CODE_LIFE = 60_000;
/** Codes at once; the oldest goes first. */
const MOST_CODES = 1000;

interface Issued {
  readonly host: string;
  readonly device: string;
  readonly nonceHash: string;
  readonly until: number;
}

/** @param steadyNow milliseconds of a clock that nobody sets. */
export function createHandOver(steadyNow: () => number): HandOver {
  const codes = new Map<string, Issued>();
  return {
    issue({ host, device, nonceHash }) {
      const code = newSecret();
      codes.set(hashOf(code), { host, device, nonceHash, until: steadyNow() + CODE_LIFE });
      if (codes.size > MOST_CODES) codes.delete(String([...codes.keys()][0]));
      return code;
    },
    redeem(code, { host, nonce }) {
      const key = hashOf(code);
      const issued = codes.get(key);
      codes.delete(key);
      if (!issued || steadyNow() >= issued.until || issued.host !== host) return undefined;
      return isSame(issued.nonceHash, hashOf(nonce)) ? issued.device : undefined;
    },
  };
}
