/*
 * `genkan trust URL --fingerprint ...`: the root of a door on another machine. The network between
 * may belong to anybody, so the fingerprint, which the person carried over, decides alone. What is
 * installed is rebuilt from exactly the bytes that were compared.
 */
import { X509Certificate } from "node:crypto";
import { trustErrors } from "./errors.ts";
import { download } from "./download.ts";
import {
  fingerprintOf,
  formatFingerprint,
  isSameFingerprint,
  parseFingerprint,
} from "./fingerprint.ts";
import { type Root, rootOf } from "./needs.ts";
import { certificatesIn } from "./pem.ts";

/** Milliseconds for the whole of it. */
const PATIENCE = 15_000;

/**
 * Reads `/root.crt` (DER or PEM) of a door and gives it back if it is the one that is meant.
 * @param url the door's address; `https://` where the scheme is left out, a path is ignored.
 * @throws TRUST_FINGERPRINT_MISSING, TRUST_FINGERPRINT_INVALID and TRUST_URL_INVALID before anything
 *   is asked; TRUST_FETCH_FAILED, TRUST_NOT_A_CERTIFICATE, TRUST_FINGERPRINT_MISMATCH, TRUST_NOT_A_ROOT.
 */
export async function fetchRoot(url: string, fingerprint: string | undefined): Promise<Root> {
  const address = parseAddress(url);
  if (!fingerprint?.trim()) throw trustErrors.TRUST_FINGERPRINT_MISSING({ url: address.origin });
  const expected = parseFingerprint(fingerprint);
  const answer = await download(address, AbortSignal.timeout(PATIENCE));
  const from = answer.url.href;
  const certificate = parseCertificate(answer.body, from);
  const got = fingerprintOf(certificate.raw);
  if (!isSameFingerprint(expected, got)) {
    throw trustErrors.TRUST_FINGERPRINT_MISMATCH({
      expected: formatFingerprint(expected),
      got: formatFingerprint(got),
    });
  }
  assertRoot(certificate, from);
  return rootOf(certificate.raw, from);
}

function parseAddress(text: string): URL {
  const refuse = (why: string): never => {
    throw trustErrors.TRUST_URL_INVALID({ url: text, why });
  };
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(full)) return refuse("it is no address");
  const given = new URL(full);
  if (!/^https?:$/.test(given.protocol)) return refuse("only http:// and https:// can be asked");
  if (given.username || given.password) return refuse("it carries a user name or a password");
  return new URL("/root.crt", given);
}

function parseCertificate(body: Buffer, url: string): X509Certificate {
  const refuse = (why: string, cause?: unknown): never => {
    throw trustErrors.TRUST_NOT_A_CERTIFICATE({ url, why }, { cause });
  };
  const isPem = body.includes("-----BEGIN");
  const [der, more] = isPem ? certificatesIn(body.toString("latin1")) : [body];
  if (der === undefined || der.length === 0) return refuse("it is empty, or something else");
  if (more !== undefined) return refuse("there is more than one in it");
  try {
    return new X509Certificate(der);
  } catch (thrown) {
    return refuse("its bytes are neither DER nor PEM of one", thrown);
  }
}

/** Trusting a site's own certificate as a root would outlive every renewal and revoke nothing. */
function assertRoot(certificate: X509Certificate, url: string): void {
  const refuse = (why: string): never => {
    throw trustErrors.TRUST_NOT_A_ROOT({ url, why });
  };
  if (!certificate.ca) refuse("it is not marked as a CA");
  if (!certificate.checkIssued(certificate) || !certificate.verify(certificate.publicKey)) {
    refuse("it was not signed by itself");
  }
}
