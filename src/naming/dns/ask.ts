/*
 * One question to one DNS server, past the system's resolver: how doctor hears what the door itself says.
 */
import { decode, encode } from "dns-packet";
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";

export interface Place {
  readonly address: string;
  readonly port: number;
}

/**
 * The IPv4 and IPv6 addresses `at` knows for a name; none where it says there are none.
 * @throws where no answer comes before `signal` ends the waiting, or the port is closed.
 */
export async function askDns(at: Place, name: string, signal: AbortSignal): Promise<string[]> {
  const ipv4 = await askFor("A", { at, name, signal });
  return ipv4.length > 0 ? ipv4 : askFor("AAAA", { at, name, signal });
}

interface Question {
  readonly at: Place;
  readonly name: string;
  readonly signal: AbortSignal;
}

async function askFor(type: "A" | "AAAA", { at, name, signal }: Question): Promise<string[]> {
  const socket = createSocket(isIPv6(at.address) ? "udp6" : "udp4");
  try {
    socket.connect(at.port, at.address); // then only this place's datagrams come in, and a closed port is an error
    await once(socket, "connect", { signal });
    const id = randomInt(65_536);
    socket.send(encode({ type: "query", id, questions: [{ type, name }] }));
    for (;;) {
      const [packet] = (await once(socket, "message", { signal })) as [Buffer];
      const reply = decode(packet);
      if (reply.id !== id) continue;
      return (reply.answers ?? []).flatMap((answer) => (answer.type === type ? [answer.data] : []));
    }
  } finally {
    socket.close();
  }
}
