/*
 * The deadline for visitors who announce content and do not send it while the app waits. One look at
 * all of them every few seconds costs less than a timer per request.
 */
import type { Exchange } from "./exchange.ts";
import type { Limits } from "./limits.ts";

export interface BodyWatch {
  watch(exchange: Exchange): void;
  stop(): void;
}

interface Watched {
  readonly exchange: Exchange;
  bytesRead: number;
  since: number;
}

/** @param onStalled called once for an exchange that was silent for `bodyIdle`. */
export function createBodyWatch(
  limits: Pick<Limits, "bodyIdle" | "sweep">,
  onStalled: (exchange: Exchange) => void,
): BodyWatch {
  const watched = new Set<Watched>();

  function look(): void {
    const now = performance.now();
    for (const entry of watched) {
      if (isWaiting(entry)) {
        if (now - entry.since < limits.bodyIdle) continue;
        watched.delete(entry);
        onStalled(entry.exchange);
      } else {
        entry.bytesRead = entry.exchange.connection.socket.bytesRead;
        entry.since = now;
      }
    }
  }
  const timer = setInterval(look, limits.sweep);
  timer.unref();
  return {
    watch(exchange) {
      const { bytesRead } = exchange.connection.socket;
      const entry = { exchange, bytesRead, since: performance.now() };
      watched.add(entry);
      exchange.content.stream.once("end", () => watched.delete(entry));
      exchange.visitor.onOver(() => watched.delete(entry));
    },
    stop: () => clearInterval(timer),
  };
}

/** The app wants more, there is none, and nothing arrives. Once it has begun to answer, the pace is the app's. */
function isWaiting({ exchange, bytesRead }: Watched): boolean {
  const { stream } = exchange.content;
  const isWanted = stream.readableFlowing === true && stream.readableLength === 0;
  const isSilent = exchange.connection.socket.bytesRead === bytesRead;
  return isWanted && isSilent && exchange.visitor.status === undefined;
}
