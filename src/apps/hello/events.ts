/*
 * A clock over server-sent events: one event a second to everyone who listens, from one timer that
 * runs only while somebody does.
 */
import type { ServerResponse } from "node:http";

const MOST_LISTENERS = 256;

export interface Ticker {
  /** Turns a response into a stream of ticks, the first at once. */
  add(response: ServerResponse): void;
  stop(): void;
}

export function createTicker(): Ticker {
  const listeners = new Set<ServerResponse>();
  let timer: NodeJS.Timeout | undefined;

  function tick(): void {
    for (const response of listeners) {
      // Who does not read fast enough misses ticks instead of filling our memory.
      if (!response.writableNeedDrain) response.write(eventNow());
    }
  }
  function remove(response: ServerResponse): void {
    listeners.delete(response);
    if (listeners.size === 0) clearInterval(timer);
  }
  return {
    add(response) {
      if (listeners.size >= MOST_LISTENERS) {
        response.writeHead(503, { "retry-after": "10" }).end();
        return;
      }
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.on("close", () => remove(response));
      response.write(`retry: 2000\n\n${eventNow()}`);
      if (listeners.size === 0) timer = setInterval(tick, 1000).unref();
      listeners.add(response);
    },
    stop() {
      for (const response of listeners) response.end();
      clearInterval(timer);
    },
  };
}

function eventNow(): string {
  return `data: ${new Date().toISOString()}\n\n`;
}
