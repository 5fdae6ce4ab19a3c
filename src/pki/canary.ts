/*
 * The one deliberate exception to our own signing rule: a certificate that should be refused. It names
 * the door and one name outside the scope, so a device that takes it does not check what this authority
 * may vouch for. portal/check/ serves it to find out; doctor shows it to this machine's own verifier.
 *
 * Why it is harmless wherever it goes: the name outside is under .example, which RFC 2606 section 3 keeps from
 * ever belonging to anyone; the other is the door's own; it ends after two days; and its key stays in memory.
 */
import { parseHostname } from "../model/hostname.ts";
import { isInScope } from "../model/scope.ts";
import { createSigning, type IssuedLeaf, type Issuer } from "./issue.ts";
import { checkRequest } from "./rules.ts";

/** Makes a canary for one of the door's names. @throws what Authority.issue throws for that name */
export type CanaryIssuing = (host: string) => Promise<IssuedLeaf>;

/** Nobody's, for ever. The only name outside the scope that is ever signed. */
const OUTSIDE = "outside.genkan.example";

/** Milliseconds. */
const CANARY_LIFE = 2 * 24 * 60 * 60 * 1000;

/** Undefined where the authority may vouch for that name: then nothing could be told from it. */
export function createCanaryIssuing(issuer: Issuer): CanaryIssuing | undefined {
  if (isInScope(issuer.scope, OUTSIDE)) return undefined;
  const sign = createSigning(issuer);
  return async (host) => {
    const own = parseHostname(host);
    checkRequest(issuer.scope, { dns: [own] });
    return sign({ dns: [own, OUTSIDE] }, CANARY_LIFE);
  };
}
