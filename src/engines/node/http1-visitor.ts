/*
 * A visitor who speaks HTTP/1.1 (or 1.0). Node writes the framing; everything else is passed on as the
 * app sent it. http1.ts makes one for every request, also for those that ask for a WebSocket.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex, Writable } from "node:stream";
import type { Connection } from "./connection.ts";
import { answerFields, trailerFields, without } from "./headers.ts";
import { Leaving } from "./leaving.ts";
import type { RawHeaders, UpstreamHead } from "./upstream/upstream.ts";
import type { AnswerHead, Reply, Visitor } from "./visitor.ts";

export interface Http1Settings {
  readonly connection: Connection;
  /** See Limits. */
  readonly linger: number;
  /** Whether the door still takes requests; once it does not, answers close their connection. */
  readonly isOpen: () => boolean;
  /** This request was refused in a way that ends its connection: what follows on it is no request. */
  readonly onLast: () => void;
}

const LENGTH: ReadonlySet<string> = new Set(["content-length"]);

export class Http1Visitor implements Visitor {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #settings: Http1Settings;
  readonly #leaving = new Leaving();
  readonly #tasks: (() => void)[] = [];
  #isOver = false;
  #isSwitched = false;
  #hasContinued = false;
  #status: number | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, settings: Http1Settings) {
    this.#request = request;
    this.#response = response;
    this.#settings = settings;
    // Writes after the visitor left end here; that it left is told by close.
    response.on("error", () => undefined);
    response.on("close", () => this.connectionGone());
    response.on("finish", this.#onFinish);
    settings.connection.visitors.add(this);
  }

  get signal(): Leaving {
    return this.#leaving;
  }

  get status(): number | undefined {
    // The pages write to the response themselves.
    return this.#status ?? (this.#response.headersSent ? this.#response.statusCode : undefined);
  }

  inform(head: UpstreamHead): void {
    if (this.status !== undefined || this.#request.httpVersion !== "1.1") return;
    if (head.status === 100) {
      if (this.#hasContinued || this.#request.headers.expect === undefined) return;
      this.#hasContinued = true;
      this.#response.writeContinue();
    } else if (head.status === 103) {
      writeHints(this.#response, head);
    }
  }

  begin(head: AnswerHead, length: number | undefined): Writable | undefined {
    const response = this.#response;
    response.sendDate = false; // the app's own Date is passed on; a second one would be ours
    if (!this.#settings.isOpen()) response.shouldKeepAlive = false;
    const hasNone = hasNoContent(this.#request.method, head.status);
    const isChunked = length === undefined && !hasNone && this.#request.httpVersion === "1.1";
    const fields = answerFields(head.headers, isChunked);
    if (head.ours) fields.push(...head.ours);
    // RFC 9110 section 8.6: a 204 has no length. Where the length is not known, Node frames by chunks.
    const isUnframed = head.status === 204 || (length === undefined && !hasNone);
    response.writeHead(head.status, head.statusText, isUnframed ? without(fields, LENGTH) : fields);
    this.#status = head.status;
    if (!hasNone) return response;
    response.end();
    return undefined;
  }

  flushHead(): void {
    // Not flushHeaders(): that writes the head in UTF-8, and what an app sent above ASCII comes out as other bytes.
    this.#response.write("", "latin1");
  }

  end(trailers: RawHeaders): void {
    if (this.#response.chunkedEncoding && trailers.length > 0) {
      this.#response.addTrailers(pairs(trailerFields(trailers)));
    }
    this.#response.end();
  }

  reply({ status, headers, body, close }: Reply): void {
    this.#leaving.abort();
    const response = this.#response;
    if (close || !this.#settings.isOpen()) response.shouldKeepAlive = false;
    if (close) this.#settings.onLast();
    response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
    this.#status = status;
    response.end(body);
  }

  switchTo(head: UpstreamHead): Duplex {
    const { socket } = this.#request;
    this.#response.detachSocket(socket);
    this.#isSwitched = true;
    this.#status = head.status;
    socket.write(switchingHead(head), "latin1");
    return socket;
  }

  breakOff(): void {
    // To HTTP/1.0 the end of a connection is the end of the content, so it has to be a reset.
    this.#settings.connection.reset();
    this.connectionGone();
  }

  /** The response is closed, whole or not, or the connection under it. */
  connectionGone(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#settings.connection.visitors.delete(this);
    if (!this.#response.writableFinished && !this.#isSwitched) this.#leaving.abort();
    for (const task of this.#tasks) task();
  }

  onOver(task: () => void): void {
    if (this.#isOver) task();
    else this.#tasks.push(task);
  }

  /** The answer is out, and perhaps nobody read the request to its end: do that, but not for ever. */
  readonly #onFinish = (): void => {
    const request = this.#request;
    if (request.complete) return;
    const { socket } = request;
    request.resume();
    const timer = setTimeout(() => {
      if (!request.complete) socket.destroy();
    }, this.#settings.linger);
    timer.unref();
  };
}

/** RFC 9110 section 6.4.1. */
export function hasNoContent(method: string | undefined, status: number): boolean {
  return method === "HEAD" || status === 204 || status === 304;
}

/** Node takes hints as an object and is strict about Link: what it does not take is a hint less. */
function writeHints(response: ServerResponse, head: UpstreamHead): void {
  const hints: Record<string, string | string[]> = {};
  const links: string[] = [];
  const fields = answerFields(head.headers, false);
  for (let i = 0; i < fields.length; i += 2) {
    const name = (fields[i] ?? "").toLowerCase();
    const value = fields[i + 1] ?? "";
    if (name === "link") links.push(value);
    else hints[name] = value;
  }
  try {
    response.writeEarlyHints({ ...hints, link: links });
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown; // Node's ERR_INVALID_ARG_VALUE
  }
}

function switchingHead({ status, statusText, headers }: UpstreamHead): string {
  const fields = answerFields(headers, false);
  let text = `HTTP/1.1 ${status} ${statusText}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`;
  for (let i = 0; i < fields.length; i += 2) text += `${fields[i]}: ${fields[i + 1]}\r\n`;
  return `${text}\r\n`;
}

function pairs(fields: RawHeaders): [string, string][] {
  const list: [string, string][] = [];
  for (let i = 0; i < fields.length; i += 2) list.push([fields[i] ?? "", fields[i + 1] ?? ""]);
  return list;
}

/** Gives a socket whose request Node took for an upgrade a response, so that it can be answered as any other. */
export function attachResponse(response: ServerResponse, socket: Socket): void {
  response.shouldKeepAlive = false; // Node has let go of the parser: this is the connection's last answer
  response.assignSocket(socket);
  socket.on("drain", () => response.emit("drain"));
  response.on("finish", () => socket.destroySoon());
}
