/*
 * Opens connections to apps: names to addresses, addresses to TCP, TCP to TLS, all within one time
 * limit. Called by the client when no kept connection is at hand.
 */
import { lookup } from "node:dns/promises";
import { connect, isIP, type Socket } from "node:net";
import type { Upstream } from "../../../model/target.ts";
import { type Connect, race } from "./race.ts";
import { secure, trustOf } from "./secure.ts";
import { type LeaveSignal, UpstreamFailureError } from "./upstream.ts";
import { placeOf, seconds, unknownName } from "./why.ts";

export interface DialOptions {
  /** Milliseconds for everything: name, TCP and TLS. */
  readonly connectMs: number;
  /** Certificates (PEM) apps may be signed by, besides Node's own roots. */
  readonly trustedRoots: readonly string[];
  /** All addresses of a name, best first. */
  readonly resolve: (name: string) => Promise<readonly string[]>;
}

export interface Dialler {
  /**
   * A connection ready for the first request: nobody listens to the socket yet. Any of the signals
   * ends the attempt. `connect` opens TCP, where it is not node:net's own and no TLS comes on top.
   * @throws UpstreamFailureError (unreachable, tls, aborted)
   */
  dial(
    to: Upstream,
    signals: readonly LeaveSignal[],
    options?: { readonly connect: Connect },
  ): Promise<Socket>;
}

/** Both loopback addresses: apps listen on either, and `localhost` is what a person writes. */
const LOOPBACK = ["127.0.0.1", "::1"] as const;

export function createDialler(options: DialOptions): Dialler {
  const trust = trustOf(options.trustedRoots);
  /** By place: the loopback address that answered last. */
  const lastGood = new Map<string, string>();

  async function open(to: Upstream, signal: AbortSignal, connectTcp: Connect): Promise<Socket> {
    const place = placeOf(to.host, to.port);
    const addresses = await unlessAborted(addressesOf(to.host, lastGood.get(place)), signal);
    const { socket, address } = await race(
      addresses,
      { port: to.port, connect: to.scheme === "http" ? connectTcp : connect },
      signal,
    );
    if (isLoopbackName(to.host)) lastGood.set(place, address);
    if (to.scheme === "http") return socket;
    try {
      return await secure(socket, to, { trust, signal });
    } catch (thrown) {
      socket.destroy();
      throw thrown;
    }
  }

  async function addressesOf(host: string, first: string | undefined): Promise<readonly string[]> {
    if (isIP(host)) return [host];
    if (isLoopbackName(host)) return first === "::1" ? LOOPBACK.toReversed() : LOOPBACK;
    try {
      const addresses = await options.resolve(host);
      if (addresses.length > 0) return addresses;
    } catch (thrown) {
      throw unknownName(host, thrown);
    }
    throw unknownName(host, undefined);
  }

  return {
    async dial(to, signals, how = { connect }) {
      const limit = new AbortController();
      const leave = (): void => limit.abort(leftFirst(signals));
      const timer = setTimeout(
        () => limit.abort(tooSlow(to, options.connectMs)),
        options.connectMs,
      );
      for (const signal of signals) signal.addEventListener("abort", leave, { once: true });
      if (signals.some(({ aborted }) => aborted)) leave();
      try {
        return await open(to, limit.signal, how.connect);
      } finally {
        clearTimeout(timer);
        for (const signal of signals) signal.removeEventListener("abort", leave);
      }
    },
  };
}

/** The system's resolver: hosts file, mDNS and DNS as the machine is set up. */
export async function resolveBySystem(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true, verbatim: true });
  return found.map(({ address }) => address);
}

/** RFC 6761 section 6.3: names under localhost are this machine, whatever a name server says. */
function isLoopbackName(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost");
}

function leftFirst(signals: readonly LeaveSignal[]): UpstreamFailureError {
  const first = signals.find(({ aborted }) => aborted);
  const reason: unknown = first && "reason" in first ? first.reason : undefined;
  if (reason instanceof UpstreamFailureError) return reason;
  return new UpstreamFailureError("aborted", "the visitor left before the app was reached");
}

function tooSlow({ host, port }: Upstream, ms: number): UpstreamFailureError {
  const why = `no answer from ${placeOf(host, port)} within ${seconds(ms)}`;
  return new UpstreamFailureError("unreachable", why);
}

/** What `work` gives, or the signal's reason, whichever is first. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error); // dial aborts with nothing else
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
