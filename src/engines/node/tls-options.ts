/*
 * How the door speaks TLS. The same for every certificate, so that a session made under one context is
 * known again by all (OpenSSL looks tickets up before it knows the name).
 */
import { constants, randomBytes } from "node:crypto";
import type { SecureContextOptions } from "node:tls";
import type { Clock } from "../../kernel/clock.ts";

/** RFC 9325 (BCP 195) section 4.2, with what HTTP/2 asks for (RFC 9113 section 9.2.2): AEAD and ephemeral keys only. */
const CIPHERS = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
].join(":");

/** Seconds a session can be taken up again; a day is what browsers keep at most (RFC 8446 section 4.6.1 allows seven). */
const SESSION_LIFE = 24 * 60 * 60;

export interface TlsOptions {
  /** Options for every context of one door, now: another object once the keys have changed. */
  current(): SecureContextOptions;
  stop(): void;
}

/**
 * Keys of session tickets live in memory alone and are new each day: whoever steals them can read what was
 * resumed with TLS 1.2 under them (RFC 5077 section 5.5).
 */
export function createTlsOptions(clock: Clock): TlsOptions {
  let options = freshOptions();
  const stop = clock.every(SESSION_LIFE * 1000, () => {
    options = freshOptions();
  });
  return { current: () => options, stop };
}

function freshOptions(): SecureContextOptions {
  return {
    minVersion: "TLSv1.2",
    maxVersion: "TLSv1.3",
    ciphers: CIPHERS,
    honorCipherOrder: true,
    // A renegotiation costs the door ten times what it costs the visitor, and nothing needs it.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    sessionIdContext: "genkan",
    sessionTimeout: SESSION_LIFE,
    ticketKeys: randomBytes(48),
  };
}
