/*
 * Doctor's question to the verifier this machine's Node has (OpenSSL): does it hold the authority to its
 * limits? It is shown an ordinary certificate, which it must take, and the canary, which it must refuse; both
 * over TLS on a port of the loopback that is closed again.
 */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import type { Finding } from "../kernel/check.ts";
import { messageOf } from "../kernel/errors.ts";
import { PORTAL_HOSTS } from "../model/plan.ts";
import type { Authority } from "./authority.ts";

/** Where a certificate is shown, and what the one who judges it trusts. */
interface Showing {
  readonly port: number;
  readonly host: string;
  readonly rootPem: string;
}

/** Undefined where the certificate was taken, else why it was not. */
export type Verifier = (showing: Showing) => Promise<string | undefined>;

/** @param verifier another one than this machine's, for tests. */
export async function lookAtCanary(
  authority: Authority,
  verifier: Verifier = thisMachines,
): Promise<Finding> {
  const [host] = PORTAL_HOSTS;
  const { canary, root } = authority;
  if (!canary) return unknown("the authority has no limits");
  const judge = (leaf: Leaf): Promise<string | undefined> =>
    shown(leaf, (port) => verifier({ port, host, rootPem: root.pem }));
  const why = await judge(await authority.issue({ dns: [host] }));
  if (why !== undefined) return unknown(`it refuses an ordinary certificate too: ${why}`);
  const refusal = await judge(await canary(host));
  if (refusal !== undefined) return { state: "well", note: `it refused the canary: ${refusal}` };
  return {
    state: "unwell",
    severity: "high",
    says: "This machine took a certificate that reaches beyond the authority's limits: to its programs, whoever steals the door's key can pose as any site.",
    fix: { says: "Update Node.js and OpenSSL, or take the root away.", command: "genkan untrust" },
  };
}

function unknown(why: string): Finding {
  return { state: "unknown", why };
}

interface Leaf {
  readonly certPem: string;
  readonly keyPem: string;
}

/** Shows a certificate while `ask` runs. */
async function shown<T>(
  { certPem: cert, keyPem: key }: Leaf,
  ask: (port: number) => Promise<T>,
): Promise<T> {
  const server = createServer({ cert, key }, (socket) => socket.end());
  server.on("tlsClientError", (_why, socket) => socket.destroy()); // a refusal, as asked for
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await ask((server.address() as AddressInfo).port); // a listening TCP server has one
  } finally {
    server.close();
  }
}

async function thisMachines({ port, host, rootPem }: Showing): Promise<string | undefined> {
  const socket = connect({ host: "127.0.0.1", port, servername: host, ca: rootPem });
  try {
    await once(socket, "secureConnect");
    return undefined;
  } catch (thrown) {
    return messageOf(thrown);
  } finally {
    socket.destroy();
  }
}
