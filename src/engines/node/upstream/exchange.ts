/*
 * One request and its answer on one connection. The client makes one, `begin`s it and is told how it
 * went. It alone decides whether the connection may serve again: only when the request is sent
 * whole, the answer is read whole, and not a byte came behind it.
 */
import type { Upstream } from "../../../model/target.ts";
import type { Connection, ConnectionUser } from "./connection.ts";
import { garbage } from "./fields.ts";
import type { Framing } from "./framing.ts";
import { type BodySource, ResponseBody } from "./response-body.ts";
import { type ParserEvents, ResponseParser } from "./response-parser.ts";
import { BodySender, type SenderEvents } from "./send-body.ts";
import {
  type RawHeaders,
  type RequestOptions,
  type Switched,
  UpstreamFailureError,
  type UpstreamHead,
  type UpstreamRequest,
} from "./upstream.ts";
import { placeOf, seconds } from "./why.ts";

export interface Task {
  readonly to: Upstream;
  readonly request: UpstreamRequest;
  /** The request's head as it is sent. */
  readonly head: string;
  readonly options: RequestOptions;
  readonly upgrade: boolean;
  readonly maxHeadBytes: number;
  /** Milliseconds without a byte in either direction before the answer's head; 0 for no limit. */
  readonly silenceMs: number;
  /** Milliseconds an app that has answered may leave the rest of the request's body untaken. */
  readonly leftoverMs: number;
}

/** RFC 9110 section 10.1.1: a visitor need not wait for ever for a 100 that never comes. */
const EXPECT_PATIENCE = 1000;
/** The connection may serve again. `keepsMs`: the app's own patience in milliseconds, where it told. */
export type OnReusable = (connection: Connection, keepsMs: number | undefined) => void;

export class Exchange implements ConnectionUser, ParserEvents, BodySource, SenderEvents {
  readonly #connection: Connection;
  readonly #task: Task;
  readonly #onReusable: OnReusable;
  readonly #parser: ResponseParser;
  readonly #sender: BodySender | undefined;
  #resolve: (answer: Switched) => void = () => undefined;
  #reject: (failure: Error) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #expectTimer: NodeJS.Timeout | undefined;
  #body: ResponseBody | undefined;
  #trailers: RawHeaders = [];
  #switched: UpstreamHead | undefined;
  #framing: Framing | undefined;
  #isSent: boolean;
  #isRead = false;
  #isOver = false;
  #hasHeard = false;
  #hasStrayBytes = false;

  constructor(connection: Connection, task: Task, onReusable: OnReusable) {
    this.#connection = connection;
    this.#task = task;
    this.#onReusable = onReusable;
    const { request, upgrade, maxHeadBytes } = task;
    this.#parser = new ResponseParser({ method: request.method, upgrade, maxHeadBytes }, this);
    this.#isSent = request.body === undefined;
    if (request.body) this.#sender = new BodySender(connection.socket, request.body, this);
  }

  /** The app has seen nothing of the body and has said nothing: the request may be sent again elsewhere. */
  get isUntouched(): boolean {
    return !this.#hasHeard && !this.#sender?.hasBegun;
  }

  /** Sends the request. Troubles after the answer's head go to the answer's body. @throws UpstreamFailureError */
  begin(): Promise<Switched> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#send();
    });
  }

  #send(): void {
    const { options, silenceMs } = this.#task;
    if (options.signal.aborted) return this.handleEvent();
    options.signal.addEventListener("abort", this, { once: true });
    this.#connection.use(this);
    const { socket } = this.#connection;
    // It may have broken between its opening and now; then it has said so already, to nobody.
    if (socket.destroyed) return this.onGone(socket.errored ?? undefined);
    if (silenceMs > 0) this.#timer = setTimeout(() => this.#fail(silent(this.#task)), silenceMs);
    if (this.#sender) this.#writeWithBody(this.#sender);
    else socket.write(this.#task.head, "latin1");
  }

  #writeWithBody(sender: BodySender): void {
    const { socket } = this.#connection;
    this.#connection.readAfterFailedWrite();
    socket.cork();
    socket.write(this.#task.head, "latin1");
    if (this.#task.request.body?.expectContinue) {
      this.#expectTimer = setTimeout(() => sender.start(), EXPECT_PATIENCE);
    } else {
      sender.start();
    }
    // What the stream already holds is read in the next tick, before this: it leaves in the head's packet.
    process.nextTick(() => socket.uncork());
  }

  /** The signal's abort event. */
  handleEvent(): void {
    this.#fail(
      new UpstreamFailureError("aborted", "the visitor left before the answer was complete"),
    );
  }

  // The connection speaks.

  onData(chunk: Buffer): void {
    this.#hasHeard = true;
    this.#timer?.refresh();
    try {
      const rest = this.#parser.push(chunk);
      if (this.#switched) this.#handOver(this.#switched, rest);
      else if (this.#isRead) this.#answered(rest !== undefined);
    } catch (thrown) {
      this.#fail(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }

  onFin(): void {
    if (this.#isRead) return this.#close();
    try {
      this.#parser.end();
      this.#close();
    } catch (thrown) {
      this.#fail(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }

  onDrain(): void {
    this.#timer?.refresh();
    this.#sender?.onDrain();
  }

  onGone(cause: Error | undefined): void {
    if (this.#isRead) this.#close();
    else this.#fail(this.#parser.brokenOff(cause));
  }

  // The parser speaks.

  onInformation(head: UpstreamHead): void {
    this.#task.options.onInformation(head);
    if (head.status === 100) this.#sender?.start();
  }

  onHead(head: UpstreamHead, framing: Framing): void {
    this.#stopTimers();
    this.#framing = framing;
    const body = new ResponseBody(this);
    this.#body = body;
    // RFC 9112 section 9.5: an app that refuses does not read the rest, and may end the connection over it.
    if (head.status >= 400) this.#sender?.stop();
    else this.#sender?.start();
    const trailers = (): RawHeaders => this.#trailers;
    const { status, statusText, headers } = head;
    this.#resolve({
      kind: "refused",
      response: { status, statusText, headers, body, length: framing.length, trailers },
    });
  }

  /** A part of the content. */
  onPart(bytes: Buffer): void {
    if (!this.#body?.push(this.#connection.handOn(bytes))) this.#connection.pause();
  }

  onEnd(trailers: RawHeaders): void {
    this.#trailers = trailers;
    this.#isRead = true;
    this.#body?.complete();
    this.#connection.resume();
  }

  onSwitched(head: UpstreamHead): void {
    this.#switched = head;
  }

  // The reader of the answer speaks.

  onRoom(): void {
    if (!this.#isRead && !this.#isOver) this.#connection.resume();
  }

  onPassedOn(part: Buffer): void {
    this.#connection.passedOn(part);
  }

  onUnread(): void {
    if (!this.#isRead) this.handleEvent();
  }

  // The request's body speaks.

  onSent(): void {
    this.#isSent = true;
    if (this.#isRead) this.#close();
  }

  onUnsendable(failure: Error): void {
    if (this.#isRead) this.#close();
    else this.#fail(failure);
  }

  /** The answer is read whole. What of the request is not sent yet may follow, if the app still takes it. */
  #answered(hasStrayBytes: boolean): void {
    this.#hasStrayBytes ||= hasStrayBytes;
    if (this.#isSent || this.#hasStrayBytes || this.#sender?.isOver) return this.#close();
    this.#timer = setTimeout(() => this.#close(), this.#task.leftoverMs);
  }

  /** Ends an exchange whose answer was read whole. */
  #close(): void {
    if (!this.#end()) return;
    const isClean = this.#isSent && this.#isRead && !this.#hasStrayBytes && !this.#task.upgrade;
    if (!isClean || !this.#framing?.persistent) return this.#connection.drop();
    this.#onReusable(this.#connection, this.#framing.keepsMs);
  }

  #fail(failure: Error): void {
    if (!this.#end()) return;
    this.#connection.drop();
    if (this.#body) this.#body.destroy(failure);
    else this.#reject(failure);
  }

  #handOver(head: UpstreamHead, ahead: Buffer | undefined): void {
    if (!this.#isSent) return this.#fail(garbage("it switched protocols within the request"));
    if (!this.#end()) return;
    const { signal } = this.#task.options;
    const socket = this.#connection.handOver(ahead);
    const leave = (): void => void socket.destroy();
    signal.addEventListener("abort", leave, { once: true });
    socket.once("close", () => signal.removeEventListener("abort", leave));
    this.#resolve({ kind: "switched", head, socket });
  }

  /** Lets go of all that could still call this exchange; false where that was done. */
  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#stopTimers();
    this.#sender?.stop();
    this.#task.options.signal.removeEventListener("abort", this);
    return true;
  }

  #stopTimers(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#expectTimer);
    this.#timer = undefined;
  }
}

function silent({ to, silenceMs }: Task): UpstreamFailureError {
  const why = `no answer from ${placeOf(to.host, to.port)} within ${seconds(silenceMs)}`;
  return new UpstreamFailureError("silent", why);
}
