import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:tls";
import { messageOf } from "../../src/kernel/errors.ts";

/**
 * A TLS client as some devices have: it checks signatures up to the root, the name and the dates, and never
 * asks what the authority may vouch for. Undefined where it takes the certificate, else why it does not.
 */
export async function lenientVisit(at: {
  readonly port: number;
  readonly host: string;
  readonly rootPem: string;
}): Promise<string | undefined> {
  const socket = connect({
    host: "127.0.0.1",
    port: at.port,
    servername: at.host,
    rejectUnauthorized: false, // the checks are its own, below
  });
  try {
    await once(socket, "secureConnect");
    return whyNot(socket.getPeerX509Certificate(), at);
  } catch (thrown) {
    return messageOf(thrown);
  } finally {
    socket.destroy();
  }
}

function whyNot(
  leaf: X509Certificate | undefined,
  { host, rootPem }: { readonly host: string; readonly rootPem: string },
): string | undefined {
  if (!leaf) return "it showed no certificate";
  if (leaf.checkHost(host) === undefined) return "another name";
  const root = new X509Certificate(rootPem);
  const now = new Date();
  let certificate = leaf;
  for (let depth = 0; depth < 5; depth += 1) {
    if (new Date(certificate.validFrom) > now || new Date(certificate.validTo) < now) {
      return "not valid now";
    }
    if (certificate.fingerprint256 === root.fingerprint256) return undefined;
    const issuer = certificate.checkIssued(root) ? root : certificate.issuerCertificate;
    if (!issuer || !certificate.verify(issuer.publicKey)) return "signed by a stranger";
    certificate = issuer;
  }
  return "too long a chain";
}
