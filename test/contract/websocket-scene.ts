/*
 * WebSockets as the proofs speak them: handshakes in bytes, over both protocols, and real clients and
 * servers of the `ws` package.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { type ClientOptions, type ServerOptions, WebSocket, WebSocketServer } from "ws";
import { type Talk, testAuthority } from "../support/door.ts";
import type { Play } from "../support/raw-app.ts";
import type { EngineUnderTest } from "./contract.ts";

export const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
export const HANDSHAKE = `GET /socket HTTP/1.1\r\nHost: wiki.local\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n`;

/** RFC 6455 section 4.2.2. */
function acceptFor(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

/** An app's yes to a handshake. @param more further fields, each with its end of line. */
export function yes(head: string, more = ""): string {
  const key = /sec-websocket-key: (.*)\r\n/i.exec(head)?.[1] ?? "";
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptFor(key)}\r\n${more}\r\n`;
}

/** Agrees to every WebSocket and sends back what comes. */
export const echo: Play = (socket) => {
  socket.once("data", (head) => {
    socket.write(yes(head.toString("latin1")));
    socket.pipe(socket);
  });
};

/** An open WebSocket as bytes, over HTTP/1.1. */
export async function shaken(door: EngineUnderTest, name = "wiki.local"): Promise<Talk> {
  const talk = await door.raw(name);
  talk.say(`${HANDSHAKE.replace("wiki.local", name)}\r\n`);
  await talk.until(/^HTTP\/1.1 101 .*\r\n\r\n/s);
  return talk;
}

/** A handshake over HTTP/2 (RFC 8441). */
export function connectOver(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders = {},
): ClientHttp2Stream {
  return session.request({
    ":method": "CONNECT",
    ":protocol": "websocket",
    ":authority": "wiki.local",
    ":path": "/socket",
    "sec-websocket-version": "13",
    ...headers,
  });
}

/** An open WebSocket as bytes, over HTTP/2. */
export async function shakenOver(door: EngineUnderTest): Promise<ClientHttp2Stream> {
  const stream = connectOver(await door.http2("wiki.local"));
  const [answer] = await once(stream, "response");
  if (answer[":status"] !== 200) throw new Error(`the app said ${answer[":status"]}`);
  return stream;
}

/** A real WebSocket server that sends every message back; gone when the test ends. */
export async function realApp(options: ServerOptions = {}): Promise<number> {
  const server = createServer();
  const sockets = new WebSocketServer({ maxPayload: 0, ...options, server });
  sockets.on("connection", (socket) => {
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A real client with an open WebSocket to an app; gone when the test ends. */
export async function realClient(
  door: EngineUnderTest,
  { name = "wiki.local", protocols = [] as string[], options = {} as ClientOptions } = {},
): Promise<WebSocket> {
  const { caPem: ca } = await testAuthority();
  const own = { ca, servername: name, headers: { host: name }, maxPayload: 0, ...options };
  const client = new WebSocket(`wss://127.0.0.1:${door.httpsPort}/socket`, protocols, own);
  onTestFinished(() => client.terminate());
  await once(client, "open");
  return client;
}
