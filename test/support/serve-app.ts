/*
 * An app for the length of a test: whoever asks is told what the function says.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Upstream } from "../../src/model/target.ts";
import type { KnownApp } from "./known-apps.ts";

export interface ServedApp {
  readonly upstream: Upstream;
  readonly port: number;
  /** Path and query of every request. */
  readonly asked: readonly string[];
}

export async function serveKnownApp(app: KnownApp): Promise<ServedApp> {
  return serveRaw((request, response) => {
    const { status = 200, headers = {}, body } = app(request.url ?? "", request.headers);
    response.writeHead(status, headers).end(body);
  });
}

/** For apps that misbehave. */
export async function serveRaw(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<ServedApp> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.on("error", () => undefined);
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on TCP
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return { upstream: { scheme: "http", host: "127.0.0.1", port, insecure: false }, port, asked };
}
