import { createServer, type Server, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { Upstream } from "../../src/model/target.ts";
import type { Until } from "./temp.ts";

/** For `expect.poll`: at most for as long as a busy machine may need, in milliseconds. */
export const SOON = { timeout: 10_000, interval: 10 };

export interface RawApp {
  readonly to: Upstream;
  /** Every connection it was ever given, in order. */
  readonly connections: Socket[];
  /** What it was sent, connection by connection, latin1; no more than the first 64 KiB or so. */
  readonly received: string[];
}

const MOST_REMEMBERED = 64 * 1024;

/** What a raw app does with a connection; `nth` counts from 1. */
export type Play = (socket: Socket, nth: number) => void;

/**
 * An app made of bytes, on a port of the system's choice: it says what `play` makes it say, well-behaved
 * or not. It is gone when the test ends, unless told otherwise.
 */
export async function rawApp(
  play: Play,
  host = "127.0.0.1",
  until: Until = onTestFinished,
): Promise<RawApp> {
  const connections: Socket[] = [];
  const received: string[] = [];
  const server = createServer((socket) => {
    const nth = connections.push(socket);
    received.push("");
    socket.on("error", () => undefined); // the other side breaking off is what many tests are about
    socket.on("data", (chunk) => {
      if ((received[nth - 1]?.length ?? 0) < MOST_REMEMBERED)
        received[nth - 1] += chunk.toString("latin1");
    });
    play(socket, nth);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  until(() => endOf(server, connections));
  const { port } = server.address() as { port: number };
  return { to: { scheme: "http", host, port, insecure: false }, connections, received };
}

/** Plays an app that answers each request without a body; by default always the same. */
export function answering(answer: string | ((head: string, nth: number) => string)): Play {
  return (socket) => {
    let pending = "";
    let nth = 0;
    socket.on("data", (chunk) => {
      pending += chunk.toString("latin1");
      for (let end = pending.indexOf("\r\n\r\n"); end !== -1; end = pending.indexOf("\r\n\r\n")) {
        const head = pending.slice(0, end + 4);
        pending = pending.slice(end + 4);
        nth += 1;
        socket.write(typeof answer === "string" ? answer : answer(head, nth), "latin1");
      }
    });
  };
}

function endOf(server: Server, connections: readonly Socket[]): Promise<void> {
  for (const socket of connections) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}
