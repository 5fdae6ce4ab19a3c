/*
 * The name constraints extension, RFC 5280 section 4.2.1.10: what a root and its intermediate may
 * vouch for. Called by sign.ts; always critical, so a client that cannot read it must refuse.
 *
 * Host names and addresses are both constrained, since a kind that is not named at all is allowed
 * without limits. Mail addresses and URIs are shut out by the purpose serverAuth instead: several
 * verifiers refuse a critical extension that names kinds they do not know.
 */
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from "@peculiar/asn1-x509";
import { Extension } from "@peculiar/x509";
import type { Scope } from "../model/scope.ts";

/** The scope as an extension: each suffix allows itself and all below it, each range its addresses. */
export function nameConstraints(scope: Scope): Extension {
  const names = scope.dns.map((suffix) => new GeneralName({ dNSName: suffix }));
  const ranges = scope.ip.map((range) => new GeneralName({ iPAddress: range }));
  const permittedSubtrees = new GeneralSubtrees(
    [...names, ...ranges].map((base) => new GeneralSubtree({ base })),
  );
  const value = AsnConvert.serialize(new NameConstraints({ permittedSubtrees }));
  return new Extension(id_ce_nameConstraints, true, value);
}
