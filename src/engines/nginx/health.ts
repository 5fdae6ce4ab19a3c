/*
 * Whether nginx works by a configuration: each generation answers on a socket of its own, and a
 * connection to it is kept to ask again.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface Held {
  /** Whether they answer within `ms` milliseconds. */
  answers(ms: number): Promise<boolean>;
  stop(): void;
}

/** Milliseconds between attempts to reach a generation that is coming up. */
const PAUSE = 20;

/**
 * Connects to a generation as soon as it answers.
 * @returns undefined when it did not within `ms` milliseconds, or `given up` first.
 */
export async function hold(
  path: string,
  ms: number,
  givenUp?: AbortSignal,
): Promise<Held | undefined> {
  const until = performance.now() + ms;
  while (performance.now() < until && givenUp?.aborted !== true) {
    const socket = await open(path);
    if (socket) {
      const held = heldOver(socket);
      if (await held.answers(ms)) return held;
      held.stop();
    }
    await pause(PAUSE);
  }
  return undefined;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function open(path: string): Promise<Socket | undefined> {
  const socket = connect(path);
  try {
    await once(socket, "connect");
  } catch (thrown) {
    if (thrown instanceof Error) return undefined; // not there yet
    throw thrown;
  }
  return socket;
}

function heldOver(socket: Socket): Held {
  socket.on("error", () => undefined); // who holds it asks
  socket.on("end", () => socket.destroy());
  return {
    answers: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => done(false), ms);
        const done = (isThere: boolean): void => {
          clearTimeout(timer);
          socket.off("data", hear);
          socket.off("close", leave);
          resolve(isThere);
        };
        const hear = (): void => done(true);
        const leave = (): void => done(false);
        socket.once("data", hear);
        socket.once("close", leave);
        socket.write("GET / HTTP/1.1\r\nHost: genkan\r\n\r\n");
      }),
    stop: () => void socket.destroy(),
  };
}
