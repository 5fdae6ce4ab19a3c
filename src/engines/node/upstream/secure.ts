/*
 * TLS over a TCP connection to an app, its certificate checked unless the person said not to. Called
 * by the dialler for https upstreams.
 */
import { isIP, type Socket } from "node:net";
import { connect, createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import type { Upstream } from "../../../model/target.ts";
import { placeOf, tlsFailure } from "./why.ts";

/** What apps' certificates are checked against: Node's own roots and these (PEM). */
export function trustOf(moreRoots: readonly string[]): SecureContext {
  return createSecureContext(
    moreRoots.length === 0 ? {} : { ca: [...rootCertificates, ...moreRoots] },
  );
}

/**
 * @param signal its reason is what the promise rejects with.
 * @throws UpstreamFailureError (tls)
 */
export function secure(
  socket: Socket,
  to: Upstream,
  { trust, signal }: { readonly trust: SecureContext; readonly signal: AbortSignal },
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const tls = connect({
      socket,
      host: to.host, // whose certificate it must be; addresses, too, though they have no server name (RFC 6066 section 3)
      ...(isIP(to.host) ? {} : { servername: to.host }),
      secureContext: trust,
      rejectUnauthorized: !to.insecure,
      ALPNProtocols: ["http/1.1"],
    });
    function abort(): void {
      tls.destroy();
      reject(signal.reason as Error); // the dialler aborts with nothing else
    }
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    tls.once("secureConnect", () => {
      signal.removeEventListener("abort", abort);
      resolve(tls);
    });
    // Stays for good; once the promise has resolved, whoever took the socket listens, too.
    tls.on("error", (error) => {
      signal.removeEventListener("abort", abort);
      reject(tlsFailure(placeOf(to.host, to.port), error));
    });
  });
}
