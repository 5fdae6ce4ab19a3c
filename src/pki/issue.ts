/*
 * Issuing leaves, the same for our own authority and for mkcert's: ask the rules, choose the times,
 * make a key, sign. The X.509 library is loaded at the first leaf, not before.
 */
import { type KeyObject, X509Certificate } from "node:crypto";
import type { Clock } from "../kernel/clock.ts";
import type { Scope } from "../model/scope.ts";
import { pkiErrors } from "./errors.ts";
import type { CertificateFacts } from "./facts.ts";
import { checkRequest, type LeafRequest } from "./rules.ts";
import type { Signer, SigningAlgorithm, Span } from "./sign.ts";

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
/** Apple allows 825 days for a root a person added, the web's own roots soon 47; DESIGN says 90. */
const LEAF_LIFE = 90 * DAY;
/** Devices whose clock is a little behind must not meet a certificate of the future. */
export const BACKDATED = HOUR;

export interface IssuedLeaf {
  /** The leaf, then the intermediate where there is one; never the root. */
  readonly certPem: string;
  readonly keyPem: string;
  readonly notBefore: number;
  readonly notAfter: number;
  /** SHA-256 of the leaf: another certificate has another id. */
  readonly id: string;
}

export interface Issuer {
  readonly certificate: CertificateFacts;
  readonly key: KeyObject;
  readonly algorithm: SigningAlgorithm;
  /** What a client needs between leaf and root: the intermediate, or nothing. */
  readonly chainPem: string;
  readonly scope: Scope | undefined;
  readonly clock: Clock;
}

/** A function that issues leaves, and refuses what rules.ts refuses. */
export function createIssuing(issuer: Issuer): (request: LeafRequest) => Promise<IssuedLeaf> {
  const sign = createSigning(issuer);
  return async (request) => sign(checkRequest(issuer.scope, request), LEAF_LIFE);
}

/** Signs these names for so many milliseconds. */
type Signing = (names: LeafRequest, life: number) => Promise<IssuedLeaf>;

/**
 * Signs whatever it is handed: the caller has asked rules.ts. Besides createIssuing only canary.ts may have
 * it (canary.test.ts). The signing key is made ready once, at the first leaf.
 */
export function createSigning(issuer: Issuer): Signing {
  const { certificate, key, algorithm, chainPem, clock } = issuer;
  let signer: Promise<Signer> | undefined;

  async function prepare(): Promise<Signer> {
    const { importKey } = await import("./sign.ts");
    const pkcs8 = key.export({ type: "pkcs8", format: "der" });
    return {
      certificatePem: certificate.pem,
      key: await importKey(pkcs8, algorithm),
      algorithm,
    };
  }

  return async (names, life) => {
    const span = leafSpan(certificate, clock.now(), life);
    const { exportKeyPem, makeLeaf, newKeys } = await import("./sign.ts");
    const keys = await newKeys(true);
    const leafPem = await makeLeaf(await (signer ??= prepare()), keys.publicKey, {
      ...span,
      names,
    });
    const leaf = new X509Certificate(leafPem);
    return {
      certPem: leafPem + chainPem,
      keyPem: await exportKeyPem(keys.privateKey),
      notBefore: Date.parse(leaf.validFrom),
      notAfter: Date.parse(leaf.validTo),
      id: leaf.fingerprint256,
    };
  };
}

/**
 * From when and until when a leaf made now may hold: never beyond what signs it.
 * @throws PKI_CLOCK_BEHIND, PKI_AUTHORITY_EXPIRED
 */
export function leafSpan(signer: Span, now: number, life = LEAF_LIFE): Span {
  const iso = (ms: number): string => new Date(ms).toISOString();
  if (now < signer.notBefore) {
    throw pkiErrors.PKI_CLOCK_BEHIND({ now: iso(now), from: iso(signer.notBefore) });
  }
  if (now >= signer.notAfter) {
    throw pkiErrors.PKI_AUTHORITY_EXPIRED({ until: iso(signer.notAfter) });
  }
  return {
    notBefore: Math.max(now - BACKDATED, signer.notBefore),
    notAfter: Math.min(now + life, signer.notAfter),
  };
}
