/*
 * Why an app could not be reached, in half sentences a person understands; errors of the system and
 * of OpenSSL translated once, here. Called by the dialler.
 */
import { isIPv6 } from "node:net";
import { codeOf, messageOf } from "../../../kernel/errors.ts";
import { type FailureKind, UpstreamFailureError } from "./upstream.ts";

/** `nas:8080`, `[::1]:3000`. */
export function placeOf(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Milliseconds as a person says them. */
export function seconds(ms: number): string {
  if (ms === 1000) return "1 second";
  return ms < 1000 ? `${ms} milliseconds` : `${Math.round(ms / 100) / 10} seconds`;
}

/** One address that did not take the connection. */
export interface FailedAttempt {
  readonly place: string;
  readonly error: unknown;
}

const CONNECT: Record<string, (places: string) => string> = {
  ECONNREFUSED: (places) => `connection refused on ${places}`,
  ECONNRESET: (places) => `connection broken off by ${places}`,
  EHOSTUNREACH: (places) => `no way to ${places}`,
  ENETUNREACH: (places) => `no way to ${places}`,
  EADDRNOTAVAIL: (places) => `no way from this machine to ${places}`,
  EAFNOSUPPORT: (places) => `no way from this machine to ${places}`,
  ETIMEDOUT: (places) => `no answer from ${places}`,
  EACCES: (places) => `this machine does not allow connections to ${places}`,
  EPERM: (places) => `this machine does not allow connections to ${places}`,
  EMFILE: (places) => `the door has too many files open for a connection to ${places}`,
};

/** Every address failed: "connection refused on 127.0.0.1:3000 and [::1]:3000". */
export function unreachable(attempts: readonly FailedAttempt[]): UpstreamFailureError {
  const byCode = new Map<string, FailedAttempt[]>();
  for (const attempt of attempts) {
    const code = codeOf(attempt.error) ?? "";
    byCode.set(code, [...(byCode.get(code) ?? []), attempt]);
  }
  const parts = [...byCode].map(([code, same]) => {
    const places = same.map(({ place }) => place).join(" and ");
    return CONNECT[code]?.(places) ?? `no connection to ${places} (${messageOf(same[0]?.error)})`;
  });
  return failure("unreachable", parts.join(", "), attempts[0]?.error);
}

/** The name of the app's machine leads nowhere. */
export function unknownName(host: string, error: unknown): UpstreamFailureError {
  const why =
    codeOf(error) === "ENOTFOUND" || codeOf(error) === undefined
      ? `the name ${host} is not known here`
      : `the name ${host} could not be looked up (${messageOf(error)})`;
  return failure("unreachable", why, error);
}

const TAKE_ANYWAY = "set `insecure: true` for this app to take it anyway";
const NOT_TRUSTED: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "is not trusted (self-signed)",
  SELF_SIGNED_CERT_IN_CHAIN: "is not trusted (from an authority of its own)",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "is not trusted (from an authority not known here)",
  UNABLE_TO_GET_ISSUER_CERT: "is not trusted (from an authority not known here)",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "is not trusted (from an authority not known here)",
  CERT_HAS_EXPIRED: "has expired",
  CERT_NOT_YET_VALID: "is not valid yet",
  CERT_REVOKED: "was revoked",
  ERR_TLS_CERT_ALTNAME_INVALID: "is for another name",
};

/** The connection stands, TLS over it does not. */
export function tlsFailure(place: string, error: unknown): UpstreamFailureError {
  const code = codeOf(error) ?? "";
  const certificate = NOT_TRUSTED[code];
  if (certificate) return failure("tls", `its certificate ${certificate}; ${TAKE_ANYWAY}`, error);
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "ERR_SSL_PACKET_LENGTH_TOO_LONG") {
    return failure("tls", `${place} does not speak TLS: write http:// before its address`, error);
  }
  if (code === "ECONNRESET") {
    return failure("tls", `${place} broke off while TLS was being set up`, error);
  }
  return failure("tls", `TLS with ${place} could not be set up (${messageOf(error)})`, error);
}

function failure(kind: FailureKind, why: string, cause: unknown): UpstreamFailureError {
  return new UpstreamFailureError(kind, why, { cause });
}
