/*
 * The app of socket-io-server.ts for one test, in its own process.
 */
import { onTestFinished } from "vitest";
import { listenSocketIo, type SocketIoServer } from "./socket-io-server.ts";

export type SocketIoApp = Omit<SocketIoServer, "close">;

/** Listens on 127.0.0.1, on port 3000 where that is free; gone when the test ends. */
export async function startSocketIoApp(): Promise<SocketIoApp> {
  const server = await listenSocketIo();
  onTestFinished(() => server.close());
  return server;
}
