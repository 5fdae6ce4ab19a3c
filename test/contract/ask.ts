/*
 * How the proofs ask an engine, over either protocol, and what they were told.
 */
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  IncomingHttpHeaders,
  OutgoingHttpHeaders,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { answering } from "../support/raw-app.ts";
import { type EngineUnderTest, OK, type OpenEngine, type PROTOCOLS, scene } from "./contract.ts";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  /** latin1 */
  readonly body: string;
}

/** What comes back on a stream, whole. */
export async function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  let trailers: IncomingHttpHeaders = {};
  stream.on("trailers", (fields) => (trailers = fields));
  const [headers] = (await once(stream, "response")) as [IncomingHttpHeaders];
  let body = "";
  for await (const chunk of stream) body += (chunk as Buffer).toString("latin1");
  return { status: Number(headers[":status"]), headers, trailers, body };
}

/** A request for `wiki.local` on a session. */
export function get(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders = {},
): ClientHttp2Stream {
  return session.request({ ":authority": "wiki.local", ":path": "/", ...headers });
}

/** What the app received of a request over HTTP/1.1, as lines. */
export async function forwarded(open: OpenEngine, request: string): Promise<string[]> {
  const { app, door } = await scene(open, answering(OK));
  const talk = await door.raw("wiki.local");
  talk.say(request);
  await talk.until("ok");
  return (app.received[0] ?? "").split("\r\n");
}

/** What a visitor over HTTP/1.1 heard of an app's answer, once it holds `last`. */
export async function answered(
  open: OpenEngine,
  answer: string,
  { request = "GET / HTTP/1.1\r\nHost: wiki.local\r\n\r\n", last = /\r\n\r\n/ } = {},
): Promise<string> {
  const { door } = await scene(open, answering(answer));
  const talk = await door.raw("wiki.local");
  talk.say(request);
  return talk.until(last);
}

/** One request for `wiki.local` on a new connection; fields in order. */
export async function ask(
  door: EngineUnderTest,
  protocol: (typeof PROTOCOLS)[number],
  { method = "GET", path = "/", fields = {} as Record<string, string> } = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  if (protocol === "h2") {
    const session = await door.http2("wiki.local");
    const stream = get(session, { ":method": method, ":path": path, ...fields });
    stream.end();
    return answerOf(stream);
  }
  const talk = await door.raw("wiki.local");
  const lines = Object.entries({ host: "wiki.local", ...fields, connection: "close" });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  talk.say(`${method} ${path} HTTP/1.1\r\n${head}\r\n`);
  const heard = await talk.end();
  const [, status = ""] = /^HTTP\/1.1 (\d{3}) /.exec(heard) ?? [];
  const end = heard.indexOf("\r\n\r\n");
  return {
    status: Number(status),
    headers: readFields(heard.slice(0, end)),
    body: heard.slice(end + 4),
  };
}

/** The fields of a head, as Node has them. */
function readFields(head: string): IncomingHttpHeaders {
  const fields: IncomingHttpHeaders = {};
  for (const line of head.split("\r\n").slice(1)) {
    const [name = "", ...value] = line.split(": ");
    if (name.toLowerCase() !== "set-cookie") fields[name.toLowerCase()] = value.join(": ");
    else fields["set-cookie"] = [...(fields["set-cookie"] ?? []), value.join(": ")];
  }
  return fields;
}

/** Throws unless a new visitor is served by `wiki.local`, over both protocols. */
export async function expectServing(door: EngineUnderTest): Promise<void> {
  for (const protocol of ["http/1.1", "h2"] as const) {
    const { status } = await ask(door, protocol);
    if (status !== 200) throw new Error(`the next visitor over ${protocol} was told ${status}`);
  }
}

/** An app made with Node's own server, on a port of the system's choice; gone when the test ends. */
export async function nodeApp(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A port of this machine where nobody listens: the kernel gives none of these out by itself. */
export const DEAD_PORT = 1;
