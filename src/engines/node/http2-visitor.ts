/*
 * A visitor who speaks HTTP/2: one stream. http2.ts makes one for every request, also for those that
 * ask for a WebSocket by extended CONNECT (RFC 8441).
 */
import { constants, type ServerHttp2Stream } from "node:http2";
import type { Duplex, Writable } from "node:stream";
import type { Connection } from "./connection.ts";
import { answerFields, http2Fields, trailerFields, without } from "./headers.ts";
import { hasNoContent } from "./http1-visitor.ts";
import { Leaving } from "./leaving.ts";
import type { RawHeaders, UpstreamHead } from "./upstream/upstream.ts";
import type { AnswerHead, Reply, Visitor } from "./visitor.ts";

export interface Http2Settings {
  readonly method: string;
  readonly connection: Connection;
  /** The visitor took a request back. */
  readonly onReset: () => void;
}

/** RFC 8441 section 5: with HTTP/2 there is nothing to accept, the stream itself is the agreement. */
const HANDSHAKE: ReadonlySet<string> = new Set(["sec-websocket-accept"]);
const LENGTH: ReadonlySet<string> = new Set(["content-length"]);

export class Http2Visitor implements Visitor {
  readonly #stream: ServerHttp2Stream;
  readonly #settings: Http2Settings;
  readonly #leaving = new Leaving();
  readonly #tasks: (() => void)[] = [];
  #isOver = false;
  #isEndedByUs = false;
  #isSwitched = false;
  #hasContinued = false;
  #status: number | undefined;
  #trailers: RawHeaders = [];

  constructor(stream: ServerHttp2Stream, settings: Http2Settings) {
    this.#stream = stream;
    this.#settings = settings;
    // A reset is an error event too; what follows from it follows from close.
    stream.on("error", () => undefined);
    stream.on("close", () => this.connectionGone());
    stream.on("finish", this.#onFinish);
    settings.connection.visitors.add(this);
  }

  get signal(): Leaving {
    return this.#leaving;
  }

  get status(): number | undefined {
    // The pages write to the stream themselves.
    const sent = this.#stream.sentHeaders?.[":status"];
    return this.#status ?? (sent === undefined ? undefined : Number(sent));
  }

  inform(head: UpstreamHead): void {
    if (this.status !== undefined || this.#stream.destroyed || this.#stream.closed) return;
    if (head.status === 100) {
      if (this.#hasContinued) return;
      this.#hasContinued = true;
    }
    const fields = joined(http2Fields(answerFields(head.headers, false)));
    this.#stream.additionalHeaders({ ":status": head.status, ...fields });
  }

  begin(head: AnswerHead, length: number | undefined): Writable | undefined {
    const stream = this.#stream;
    const isEmpty = hasNoContent(this.#settings.method, head.status) || length === 0;
    // Node ends a stream behind a 205 by itself: RFC 9110 section 15.3.6 gives it no content.
    const endStream = isEmpty || head.status === 205;
    const fields = answerFields(head.headers, length === undefined);
    if (head.ours) fields.push(...head.ours);
    // Neither has content, so neither may announce any: RFC 9110 sections 15.3.5 and 15.3.6.
    const isBare = head.status === 204 || (head.status === 205 && length !== 0);
    this.#respond(head.status, isBare ? without(fields, LENGTH) : fields, {
      endStream,
      waitForTrailers: !endStream && length === undefined,
    });
    if (endStream) return undefined;
    stream.on("wantTrailers", this.#onWantTrailers);
    return stream;
  }

  /** node:http2 never holds it back. */
  flushHead(): void {}

  end(trailers: RawHeaders): void {
    this.#trailers = trailers;
    this.#stream.end();
  }

  reply({ status, headers, body }: Reply): void {
    this.#leaving.abort();
    if (this.#stream.destroyed || this.#stream.closed) return;
    const length = String(Buffer.byteLength(body));
    const fields = Object.entries({ ...headers, "content-length": length }).flat();
    const endStream = this.#settings.method === "HEAD";
    this.#respond(status, fields, { endStream, waitForTrailers: false });
    if (!endStream) this.#stream.end(body);
  }

  switchTo(head: UpstreamHead): Duplex {
    const fields = without(answerFields(head.headers, false), HANDSHAKE);
    this.#respond(200, without(fields, LENGTH), { endStream: false, waitForTrailers: false });
    this.#isSwitched = true;
    return this.#stream;
  }

  breakOff(): void {
    this.#isEndedByUs = true;
    this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  /** The stream is closed, whole or not, or the connection under it. */
  connectionGone(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { connection, onReset } = this.#settings;
    connection.visitors.delete(this);
    // Node ends the writable side of a stream the visitor reset, so that alone proves no whole answer.
    if (this.#stream.aborted || !this.#stream.writableFinished) this.#leaving.abort();
    const code = this.#stream.rstCode ?? constants.NGHTTP2_NO_ERROR;
    if (!this.#isEndedByUs && code !== constants.NGHTTP2_NO_ERROR) onReset();
    for (const task of this.#tasks) task();
  }

  onOver(task: () => void): void {
    if (this.#isOver) task();
    else this.#tasks.push(task);
  }

  #respond(
    status: number,
    fields: RawHeaders,
    how: { endStream: boolean; waitForTrailers: boolean },
  ): void {
    const options = { ...how, sendDate: false }; // the app's own Date is passed on
    const object = http2Fields(fields);
    try {
      this.#stream.respond({ ":status": status, ...object }, options);
    } catch (thrown) {
      if (!isAboutDuplicates(thrown)) throw thrown;
      this.#stream.respond({ ":status": status, ...joined(object) }, options);
    }
    this.#status = status;
  }

  readonly #onWantTrailers = (): void => {
    this.#stream.sendTrailers(http2Fields(trailerFields(this.#trailers)));
  };

  /** RFC 9113 section 8.1: an answer that needs no more of the request says so without blame. */
  readonly #onFinish = (): void => {
    const stream = this.#stream;
    if (this.#isSwitched || stream.endAfterHeaders || stream.readableEnded) return;
    stream.close(constants.NGHTTP2_NO_ERROR);
  };
}

function isAboutDuplicates(thrown: unknown): boolean {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  return code === "ERR_HTTP2_HEADER_SINGLE_VALUE";
}

/** Apps do send Content-Type or X-Content-Type-Options twice; as one list they mean the same (RFC 9110 section 5.3). */
function joined(object: Record<string, string | string[]>): Record<string, string | string[]> {
  const entries = Object.entries(object).map(([name, value]) => {
    const isList = Array.isArray(value) && name !== "set-cookie";
    return [name, isList ? value.join(", ") : value] as const;
  });
  return Object.fromEntries(entries);
}
