/*
 * Asking the network for a name, as a device without a responder does (RFC 6762 section 5.1 and 6.7): a
 * question from a port of one's own, and whoever has the name answers to it alone. For checks and for
 * telling who has a name; it claims nothing.
 */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { encode } from "dns-packet";
import type { Link } from "./links.ts";
import { readMessage, type AddressType } from "./responder/packet.ts";
import { GROUPS, MDNS_PORT } from "./responder/socket.ts";

export interface Asked {
  readonly name: string;
  readonly type: AddressType;
  readonly link: Link;
  /** Windows knows interfaces by number. */
  readonly zonesAreNumbers: boolean;
  /** Milliseconds to wait for the first answer. */
  readonly patience: number;
  readonly signal?: AbortSignal;
}

/** The addresses that come back within the time, each once; none where nobody has the name. */
export async function askNetwork(asked: Asked): Promise<string[]> {
  const { name, type, link, patience } = asked;
  const family = link.ipv4 === undefined ? 6 : 4;
  const socket = createSocket({ type: family === 4 ? "udp4" : "udp6", reuseAddr: false });
  const found = new Set<string>();
  try {
    const first = new Promise<void>((resolve) => {
      socket.on("message", (bytes) => {
        const message = readMessage(bytes);
        const fitting = message?.answers.filter((answer) => answer.name === name && answer.ttl > 0);
        for (const { data } of fitting ?? []) found.add(data);
        if (found.size > 0) resolve();
      });
    });
    const id = Math.floor(Math.random() * 65_536);
    const query = encode({ type: "query", id, questions: [{ name, type, class: "IN" }] });
    await bind(socket, family, asked);
    socket.send(query, MDNS_PORT, GROUPS[family]);
    await Promise.race([first, once(AbortSignal.timeout(patience), "abort"), failed(socket)]);
    return [...found];
  } finally {
    socket.close();
  }
}

async function bind(
  socket: Socket,
  family: 4 | 6,
  { link, zonesAreNumbers }: Asked,
): Promise<void> {
  const zone = zonesAreNumbers ? link.zone : link.interfaceName;
  const at = family === 4 ? link.ipv4 : `::%${zone}`;
  socket.bind({
    port: 0,
    ...(family === 4 && link.ipv4 !== undefined ? { address: link.ipv4 } : {}),
  });
  await once(socket, "listening"); // rejects with the socket's error
  if (at !== undefined) socket.setMulticastInterface(at);
}

async function failed(socket: Socket): Promise<never> {
  const [error] = await once(socket, "error").catch((thrown: unknown) => [thrown]);
  throw error;
}
