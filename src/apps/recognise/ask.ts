/*
 * One GET at an app, bounded in every way: bytes, time (by the caller's signal), redirects (to the same place only),
 * and nothing of ours goes along. What listens there may be anything, and hostile.
 */
import { type ClientRequest, type IncomingMessage, request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import type { Upstream } from "../../model/target.ts";
import type { Answer } from "./answer.ts";

/** Bytes of a body that are read; what follows is nobody's business. */
export const ASK_LIMIT = 256 * 1024;
const MOST_REDIRECTS = 3;

export interface Question {
  readonly upstream: Upstream;
  readonly path: string;
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Asked =
  | { readonly is: "answer"; readonly answer: Answer }
  /** No HTTP came back; `isThere` tells whether something took the connection. */
  | { readonly is: "silent"; readonly isThere: boolean };

/** Never rejects: whatever goes wrong is silence. */
export async function ask(question: Question): Promise<Asked> {
  let { path } = question;
  for (let redirects = 0; ; redirects++) {
    const asked = await askOnce({ ...question, path });
    if (asked.is === "silent" || redirects === MOST_REDIRECTS) return asked;
    const next = redirectIn(asked.answer, path, question.upstream);
    if (next === undefined) return asked;
    path = next;
  }
}

function askOnce(question: Question): Promise<Asked> {
  return new Promise((resolve) => {
    let isThere = false;
    const silent = (): void => resolve({ is: "silent", isThere });
    if (question.signal.aborted) return silent();
    const outgoing = startRequest(question);
    outgoing.on("socket", (socket) => socket.once("connect", () => (isThere = true)));
    outgoing.on("error", silent);
    outgoing.on("response", (incoming) => readAnswer(incoming, resolve, silent));
    // A page that asks for an upgrade nobody wanted, or tunnels: not HTTP as we asked for it.
    outgoing.on("upgrade", (_incoming, socket) => void socket.destroy());
    outgoing.on("close", silent);
    outgoing.end();
  });
}

function startRequest({ upstream, path, signal, headers }: Question): ClientRequest {
  const { host, port, scheme, insecure } = upstream;
  const options = {
    // RFC 6761 section 6.3; not every resolver knows it.
    host: host.endsWith(".localhost") ? "localhost" : host,
    port,
    path,
    signal,
    agent: false,
    headers: {
      host: `${host.includes(":") ? `[${host}]` : host}:${port}`,
      accept: "application/json, text/html;q=0.9",
      "accept-encoding": "identity",
      "user-agent": "genkan",
      ...headers,
    },
  } as const;
  if (scheme === "http") return plainRequest(options);
  return secureRequest({ ...options, rejectUnauthorized: !insecure });
}

function readAnswer(
  incoming: IncomingMessage,
  resolve: (asked: Asked) => void,
  silent: () => void,
): void {
  const { statusCode: status = 0, headers } = incoming;
  const parts: Buffer[] = [];
  let size = 0;
  incoming.on("error", silent);
  const done = (): void => {
    const text = Buffer.concat(parts).subarray(0, ASK_LIMIT).toString("utf8");
    resolve({ is: "answer", answer: { status, headers, text } });
    incoming.destroy();
  };
  // Packed all the same: unpacking could make anything of it.
  if ((headers["content-encoding"] ?? "identity") !== "identity") return done();
  incoming.on("data", (part: Buffer) => {
    parts.push(part);
    size += part.length;
    if (size >= ASK_LIMIT) done();
  });
  incoming.once("end", done);
}

/** Where it sends us on, where that is at this very place. */
function redirectIn(
  { status, headers }: Answer,
  path: string,
  { scheme, host, port }: Upstream,
): string | undefined {
  const { location } = headers;
  if (status < 300 || status > 399 || typeof location !== "string") return undefined;
  const here = `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const base = new URL(path, here);
  if (!URL.canParse(location, base.href)) return undefined;
  const to = new URL(location, base);
  return to.origin === base.origin ? to.pathname + to.search : undefined;
}
