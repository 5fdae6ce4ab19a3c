/*
 * A socket for multicast DNS on one link and one family of addresses. It shares port 5353 with others
 * (RFC 6762 section 15.1); errors of sending are told, never thrown: networks go away at any moment.
 */
import { createSocket, type RemoteInfo } from "node:dgram";
import type { Link } from "../links.ts";

export const MDNS_PORT = 5353;
/** RFC 6762 section 3. */
export const GROUPS = { 4: "224.0.0.251", 6: "ff02::fb" } as const;
/** Section 11: answers go out with this TTL, so that a hearer can tell they come from its own link. */
const TTL = 255;

export interface SocketSpec {
  readonly link: Link;
  readonly family: 4 | 6;
  /** Windows knows interfaces by number (RFC 4007 section 11.2), others by name. */
  readonly zonesAreNumbers: boolean;
  readonly onMessage: (bytes: Uint8Array, from: RemoteInfo) => void;
  readonly onError: (error: Error) => void;
}

export interface MulticastSocket {
  /** To everybody on the link. */
  send(bytes: Uint8Array): void;
  /** To one who asked. */
  sendTo(bytes: Uint8Array, to: RemoteInfo): void;
  /** When what was sent is out. */
  close(): Promise<void>;
}

/** @throws what binding throws: EADDRINUSE where another program does not share the port. */
export async function openMulticastSocket(spec: SocketSpec): Promise<MulticastSocket> {
  const { family, onMessage, onError } = spec;
  const type = family === 4 ? "udp4" : "udp6";
  const socket = createSocket({ type, reuseAddr: true, ipv6Only: family === 6 });
  const pending = new Set<Promise<void>>();
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ port: MDNS_PORT, address: family === 4 ? "0.0.0.0" : "::" }, () => {
      socket.off("error", reject);
      resolve();
    });
  }).then(() => join(spec, socket));
  socket.on("error", onError);
  socket.on("message", onMessage);
  const post = (bytes: Uint8Array, port: number, address: string): void => {
    const sent = new Promise<void>((done) => {
      socket.send(bytes, port, address, (error) => {
        if (error) onError(error);
        done();
      });
    });
    pending.add(sent);
    void sent.then(() => pending.delete(sent));
  };
  return {
    send: (bytes) => post(bytes, MDNS_PORT, GROUPS[family]),
    sendTo: (bytes, { port, address }) => post(bytes, port, address),
    close: async () => {
      await Promise.all(pending);
      await new Promise<void>((closed) => socket.close(closed));
    },
  };
}

function join(
  { link, family, zonesAreNumbers }: SocketSpec,
  socket: ReturnType<typeof createSocket>,
): void {
  const zone = zonesAreNumbers ? link.zone : link.interfaceName;
  const at = family === 4 ? link.ipv4 : `::%${zone}`;
  try {
    socket.addMembership(GROUPS[family], at);
    if (at !== undefined) socket.setMulticastInterface(at);
    socket.setMulticastTTL(TTL);
    socket.setTTL(TTL);
    socket.setMulticastLoopback(true); // programs on this machine ask too
  } catch (thrown) {
    socket.close();
    throw thrown;
  }
}
