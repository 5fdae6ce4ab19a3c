/*
 * Two ports beside the door's own that show certificates and nothing else. One shows the witness, an ordinary
 * certificate: a browser that takes it trusts the door. The other shows the canary (pki/canary.ts), which a
 * device must refuse. The daemon opens them; the page that checks a device asks both.
 */
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import { type AddressInfo, Socket } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import type { Clock } from "../../kernel/clock.ts";
import { codeOf, messageOf } from "../../kernel/errors.ts";
import type { Running } from "../../kernel/lifecycle.ts";
import type { Log } from "../../kernel/log.ts";
import type { LimitsCertificates, PortLeaf } from "./needs.ts";
import { probeAnswer } from "./probe.ts";

export interface LimitsPortsWiring extends LimitsCertificates {
  /** Those of the door; `::` for all. */
  readonly addresses: readonly string[];
  /** Whether a name is one of the door's own pages. */
  readonly isOwn: (name: string) => boolean;
  /** Where the door's pages are shown over plain http: they may read the probes. */
  readonly plainOrigins: () => readonly string[];
  readonly clock: Clock;
  readonly log: Log;
}

export interface LimitsPorts extends Running {
  readonly witness: number;
  readonly canary: number | undefined;
  /** Whether a connection came from this address in the last five minutes. */
  readonly reached: (from: string) => { readonly witness: boolean; readonly canary: boolean };
}

/** Opens them, chosen by the system. @throws the system's own error; none is open then. */
export async function openLimitsPorts(wiring: LimitsPortsWiring): Promise<LimitsPorts> {
  const witness = await openPort(wiring, { make: wiring.witness, renewed: WITNESS_RENEWED });
  const { canary: makeCanary } = wiring;
  const canary =
    makeCanary &&
    (await openPort(wiring, { make: makeCanary, renewed: CANARY_RENEWED }).catch(
      async (thrown: unknown) => {
        await witness.stop();
        throw thrown;
      },
    ));
  return {
    witness: witness.port,
    canary: canary?.port,
    reached: (from) => ({
      witness: witness.reached(from),
      canary: canary?.reached(from) ?? false,
    }),
    async stop() {
      await Promise.all([witness.stop(), canary?.stop()]);
    },
  };
}

interface Port extends Running {
  readonly port: number;
  reached(from: string): boolean;
}

interface Shows {
  readonly make: (name: string) => Promise<PortLeaf>;
  readonly renewed: number;
}

/** How often another number is tried where one is free on one address and taken on the next. */
const TRIES = 8;

async function openPort(wiring: LimitsPortsWiring, shows: Shows): Promise<Port> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await openPortOnce(wiring, shows);
    } catch (thrown) {
      const mayHelp = codeOf(thrown) === "EADDRINUSE" && wiring.addresses.length > 1;
      if (!mayHelp || tries === TRIES) throw thrown;
    }
  }
}

async function openPortOnce(wiring: LimitsPortsWiring, shows: Shows): Promise<Port> {
  const { addresses, clock } = wiring;
  const seen = createSeen(clock);
  const contextFor = createContexts(wiring, shows);
  const servers: Server[] = [];
  let port = 0;
  try {
    for (const host of addresses) {
      const server = createPortServer(wiring, contextFor);
      server.on("connection", (socket) => {
        if (socket instanceof Socket) seen.note(bareAddress(socket.remoteAddress ?? ""));
      });
      servers.push(server);
      server.listen({ host, port, ipv6Only: addresses.includes("0.0.0.0") });
      await once(server, "listening");
      port = (server.address() as AddressInfo).port; // a listening TCP server has one
    }
  } catch (thrown) {
    for (const server of servers) server.close();
    throw thrown;
  }
  return {
    port,
    reached: (from) => seen.lately(from),
    async stop() {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

/** Milliseconds a visitor may take for a handshake or a request. */
const PATIENCE = 5_000;
const MOST_CONNECTIONS = 64;

type ContextFor = (name: string) => Promise<SecureContext>;

function createPortServer(
  { log, plainOrigins }: LimitsPortsWiring,
  contextFor: ContextFor,
): Server {
  const server = createServer({
    handshakeTimeout: PATIENCE,
    headersTimeout: PATIENCE,
    requestTimeout: PATIENCE,
    connectionsCheckingInterval: PATIENCE,
    maxHeaderSize: 16 * 1024,
    ALPNProtocols: ["http/1.1"],
    SNICallback: (name, done) => void pick({ contextFor, log }, name, done),
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.on("request", ({ url = "", headers }, response) => {
    const probe = probeAnswer(url.replace(/\?.*$/, ""), headers.origin, plainOrigins());
    if (probe) response.writeHead(200, { ...probe.headers, connection: "close" }).end(probe.body);
    else response.writeHead(204, ANSWER).end();
  });
  // A device that refuses the certificate says so here: that is what the port is for.
  server.on("tlsClientError", (_why, socket) => socket.destroy());
  server.on("listening", () => {
    server.on("error", (why) => log.warn("limits-port.failed", { why })); // an accept: the next may succeed
  });
  return server;
}

type PickDone = (error: Error | null, context?: SecureContext) => void;

async function pick(
  { contextFor, log }: { contextFor: ContextFor; log: Log },
  name: string,
  done: PickDone,
): Promise<void> {
  let context;
  try {
    context = await contextFor(name);
  } catch (thrown) {
    log.debug("limits-port.refused", { name, why: messageOf(thrown) });
    done(thrown instanceof Error ? thrown : new Error(messageOf(thrown)));
    return;
  }
  done(null, context);
}

/** Whoever asks learns that the certificate was taken, and no other site may ask (Fetch, section 3.7). */
const ANSWER = {
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-site",
  connection: "close",
} as const;

/**
 * Milliseconds after which a certificate is made anew. The witness must be one the browser has not judged yet:
 * Chromium keeps a refusal for half an hour, also where its person has made it trust the door meanwhile.
 */
const WITNESS_RENEWED = 1_000;
/** The canary's life is twice as long. */
const CANARY_RENEWED = 24 * 60 * 60 * 1000;

/** A context for each of the door's own names; the keys are in memory alone. */
function createContexts({ isOwn, clock }: LimitsPortsWiring, { make, renewed }: Shows): ContextFor {
  const made = new Map<string, { readonly at: number; readonly context: Promise<SecureContext> }>();
  return async (name) => {
    if (!isOwn(name)) throw new Error("it is none of the door's own names");
    const now = clock.now();
    const known = made.get(name);
    if (known && Math.abs(now - known.at) < renewed) return known.context;
    const context = make(name).then(({ certPem, keyPem }) =>
      createSecureContext({ cert: certPem, key: keyPem, minVersion: "TLSv1.2" }),
    );
    made.set(name, { at: now, context });
    context.catch(() => made.delete(name)); // whoever waits for it hears why
    return context;
  };
}

const LATELY = 5 * 60_000;
const MOST_SEEN = 256;

function createSeen({ now }: Clock) {
  const seen = new Map<string, number>();
  return {
    note(from: string) {
      seen.delete(from);
      seen.set(from, now());
      const [oldest] = seen.keys();
      if (seen.size > MOST_SEEN && oldest !== undefined) seen.delete(oldest);
    },
    lately: (from: string) => now() - (seen.get(from) ?? -Infinity) < LATELY,
  };
}

/** As the engine writes it: no `::ffff:` before IPv4, no zone behind IPv6. */
function bareAddress(address: string): string {
  return address.replace(/^::ffff:(?=[\d.]+$)/, "").replace(/%.*$/, "");
}
