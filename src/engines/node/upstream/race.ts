/*
 * One TCP connection to whichever of several addresses takes it first (RFC 8305 section 5): the next
 * is tried when one failed or has been silent for a while. Called by the dialler.
 */
import type { Socket, TcpNetConnectOpts } from "node:net";
import { type FailedAttempt, placeOf, unreachable } from "./why.ts";

/** net.connect, or what does its work. */
export type Connect = (options: TcpNetConnectOpts) => Socket;

export interface Winner {
  readonly socket: Socket;
  readonly address: string;
}

/** RFC 8305 section 8: milliseconds an address may be silent before the next is tried beside it. */
const NEXT_AFTER = 250;
/** Milliseconds of silence before TCP asks whether the other side is still there. */
const KEEP_ALIVE_AFTER = 60_000;
const SETTINGS = { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_AFTER };

/**
 * @param signal its reason is what the promise rejects with; every attempt ends.
 * @throws UpstreamFailureError (unreachable) naming every address.
 */
export function race(
  addresses: readonly string[],
  { port, connect }: { readonly port: number; readonly connect: Connect },
  signal: AbortSignal,
): Promise<Winner> {
  return new Promise((resolve, reject) => {
    const attempts = new Set<Socket>();
    const failed: FailedAttempt[] = [];
    let next = 0;
    let stagger: NodeJS.Timeout | undefined;

    function tryNext(): void {
      clearTimeout(stagger);
      const address = addresses[next];
      if (address === undefined) return;
      next += 1;
      stagger = setTimeout(tryNext, NEXT_AFTER);
      const socket = connect({ ...SETTINGS, host: address, port });
      attempts.add(socket);
      socket.once("connect", () => win({ socket, address }));
      socket.on("error", (error) => lose(socket, { place: placeOf(address, port), error }));
    }
    function win(winner: Winner): void {
      // `lose` leaves it alone from here on; whoever takes it listens for its errors.
      attempts.delete(winner.socket);
      end();
      resolve(winner);
    }
    function lose(socket: Socket, attempt: FailedAttempt): void {
      if (!attempts.delete(socket)) return;
      failed.push(attempt);
      if (next < addresses.length) return tryNext();
      if (attempts.size > 0) return;
      end();
      reject(unreachable(failed));
    }
    function abort(): void {
      end();
      reject(signal.reason as Error); // the dialler aborts with nothing else
    }
    function end(): void {
      clearTimeout(stagger);
      signal.removeEventListener("abort", abort);
      for (const socket of attempts) socket.destroy();
    }

    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    tryNext();
  });
}
