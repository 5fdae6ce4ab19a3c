/*
 * DNS over UDP and TCP on addresses of this machine (RFC 1035 section 4.2, RFC 7766). Addresses come
 * and go: `follow` opens what is new and closes what is gone. One that cannot be had is a trouble
 * that is kept and tried again, never a reason to fail: the apps do not depend on it.
 */
import { createSocket, type Socket as Datagrams } from "node:dgram";
import { once } from "node:events";
import { createServer, isIPv6, type Server, type Socket } from "node:net";
import type { Running } from "../../kernel/lifecycle.ts";
import type { Log } from "../../kernel/log.ts";
import { createRate, DNS_RATE, type Rate } from "./rate.ts";
import { serveStream } from "./stream.ts";

export interface DnsSpec {
  readonly port: number;
  /** undefined means silence. */
  readonly answer: (packet: Uint8Array) => Buffer | undefined;
  readonly log: Log;
}

export interface DnsServer extends Running {
  /** Listens on exactly these addresses. Never rejects: see `troubles`. One call at a time. */
  follow(addresses: readonly string[]): Promise<void>;
  /** Where it listens. */
  listening(): readonly string[];
  /** Why it does not listen where it should. */
  troubles(): ReadonlyMap<string, unknown>;
}

export function createDnsServer(spec: DnsSpec): DnsServer {
  const rate = createRate(DNS_RATE, () => performance.now());
  const places = new Map<string, Running>();
  const troubles = new Map<string, unknown>();

  async function open(address: string): Promise<void> {
    try {
      places.set(address, await openPlace(address, spec, rate));
      troubles.delete(address);
      spec.log.info("dns.opened", { address, port: spec.port });
    } catch (why) {
      if (!troubles.has(address)) spec.log.warn("dns.not-opened", { address, why });
      troubles.set(address, why);
    }
  }
  async function close(address: string): Promise<void> {
    await places.get(address)?.stop();
    places.delete(address);
    spec.log.info("dns.closed", { address });
  }
  return {
    async follow(addresses) {
      const wanted = new Set(addresses);
      for (const address of troubles.keys()) if (!wanted.has(address)) troubles.delete(address);
      for (const address of places.keys()) if (!wanted.has(address)) await close(address);
      for (const address of wanted) if (!places.has(address)) await open(address);
    },
    listening: () => [...places.keys()],
    troubles: () => troubles,
    stop: async () => {
      for (const address of places.keys()) await close(address);
    },
  };
}

async function openPlace(address: string, spec: DnsSpec, rate: Rate): Promise<Running> {
  const stream = await openStream(address, spec, rate);
  try {
    const datagrams = await openDatagrams(address, spec, rate);
    return {
      stop: async () => {
        await datagrams.stop();
        await stream.stop();
      },
    };
  } catch (thrown) {
    await stream.stop();
    throw thrown;
  }
}

async function openDatagrams(
  address: string,
  { port, answer, log }: DnsSpec,
  rate: Rate,
): Promise<Running> {
  const type = isIPv6(address) ? "udp6" : "udp4";
  const socket: Datagrams = createSocket({ type, ipv6Only: type === "udp6" });
  socket.bind({ address, port, exclusive: true });
  try {
    await once(socket, "listening");
  } catch (thrown) {
    socket.close(); // it is tried again every few seconds
    throw thrown;
  }
  socket.on("error", (why) => log.warn("dns.socket-failed", { address, why }));
  socket.on("message", (packet, { address: asker, port: askersPort }) => {
    if (askersPort === 0 || !rate.allows(asker)) return;
    const reply = answer(packet);
    // An answer that cannot be sent (the asker's network went away) is the asker's to ask for again.
    if (reply) socket.send(reply, askersPort, asker, () => undefined);
  });
  return { stop: () => new Promise((resolve) => socket.close(() => resolve())) };
}

/** Conversations at once: resolvers use TCP where an answer over UDP was lost, and ours are never too long for it. */
const MOST_CONVERSATIONS = 32;

async function openStream(
  address: string,
  { port, answer, log }: DnsSpec,
  rate: Rate,
): Promise<Running> {
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    serveStream(socket, (packet) =>
      rate.allows(socket.remoteAddress ?? "") ? answer(packet) : undefined,
    );
  });
  server.maxConnections = MOST_CONVERSATIONS;
  server.listen({ host: address, port, exclusive: true, ipv6Only: isIPv6(address) });
  await once(server, "listening");
  server.on("error", (why) => log.warn("dns.socket-failed", { address, why }));
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
