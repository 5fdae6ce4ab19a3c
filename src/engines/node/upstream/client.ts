/*
 * The door's client towards apps: takes a kept connection or opens one, runs the exchange on it, and
 * sends again what may be sent again. The engine makes one and hands every visitor's request to it.
 */
import { setMaxListeners } from "node:events";
import { connect, type Socket } from "node:net";
import { type Clock, systemClock } from "../../../kernel/clock.ts";
import { type Log, silentLog } from "../../../kernel/log.ts";
import { formatTarget, type Upstream } from "../../../model/target.ts";
import { createDialler, type Dialler, resolveBySystem } from "./connect.ts";
import { Connection } from "./connection.ts";
import { Exchange, type OnReusable, type Task } from "./exchange.ts";
import { Pool } from "./pool.ts";
import type { Connect } from "./race.ts";
import { connectReading } from "./reader.ts";
import {
  type RequestOptions,
  type Switched,
  type UpstreamClient,
  UpstreamFailureError,
  type UpstreamRequest,
  type UpstreamResponse,
} from "./upstream.ts";
import { requestHead } from "./write-request.ts";

export interface ClientOptions {
  /** Milliseconds until an app must have taken a connection, TLS included. */
  readonly connectMs?: number;
  /** Milliseconds without a byte either way before an answer's head; 0, the default, for no limit: apps think for minutes. */
  readonly silenceMs?: number;
  /** Milliseconds an app that has answered may leave the rest of the request's body untaken. */
  readonly leftoverMs?: number;
  /** Bytes allowed in the head of an answer, and in its trailer fields. */
  readonly maxHeadBytes?: number;
  /** Unused connections kept per app. */
  readonly maxIdle?: number;
  /** Milliseconds an unused connection is kept. */
  readonly idleMs?: number;
  /** Certificates (PEM) https apps may be signed by, besides Node's own roots. */
  readonly trustedRoots?: readonly string[];
  /** All addresses of a name, best first; the system's resolver unless told. */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
  readonly clock?: Clock;
  readonly log?: Log;
}

const DEFAULTS = {
  connectMs: 10_000,
  silenceMs: 0,
  leftoverMs: 5000,
  maxHeadBytes: 64 * 1024,
  maxIdle: 64,
  idleMs: 30_000,
  trustedRoots: [],
  resolve: resolveBySystem,
  clock: systemClock,
  log: silentLog,
} satisfies ClientOptions;

/** RFC 9110 section 9.2.2. */
const IDEMPOTENT = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);
/**
 * What cannot be sent again takes only a connection used within this many milliseconds: apps give up
 * unused ones after seconds, and a request sent at that moment would be lost (RFC 9112 section 9.3.1).
 */
const FRESH = 1000;

/** Makes the client; it opens connections when asked to and keeps them until `stop`. */
export function createUpstreamClient(options: ClientOptions = {}): UpstreamClient {
  return new Client({ ...DEFAULTS, ...options });
}

interface Job {
  readonly to: Upstream;
  readonly key: string;
  readonly task: Task;
}

class Client implements UpstreamClient {
  readonly #options: Required<ClientOptions>;
  readonly #pool: Pool;
  readonly #dialler: Dialler;
  readonly #sockets = new Set<Socket>();
  readonly #stopping = new AbortController();

  constructor(options: Required<ClientOptions>) {
    this.#options = options;
    this.#pool = new Pool(options, options.clock);
    this.#dialler = createDialler(options);
    setMaxListeners(0, this.#stopping.signal); // every connection being opened listens to it
  }

  async request(
    to: Upstream,
    request: UpstreamRequest,
    options: RequestOptions,
  ): Promise<UpstreamResponse> {
    const answer = await this.#run(this.#jobOf(to, { request, options, upgrade: false }));
    if (answer.kind === "refused") return answer.response;
    throw new Error("the parser lets nobody switch protocols unasked");
  }

  async upgrade(
    to: Upstream,
    request: UpstreamRequest,
    options: RequestOptions,
  ): Promise<Switched> {
    const job = this.#jobOf(to, { request, options, upgrade: true });
    return this.#attempt(await this.#open(job, connect), job).answer;
  }

  keepOnly(upstreams: readonly Upstream[]): void {
    this.#pool.keepOnly(new Set(upstreams.map(keyOf)));
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new UpstreamFailureError("aborted", "the door is closing"));
    this.#pool.stop();
    const closed = [...this.#sockets].map(
      (socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())),
    );
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  readonly #keep: OnReusable = (connection, keepsMs) => this.#pool.put(connection, keepsMs);

  #jobOf(to: Upstream, asked: Pick<Task, "request" | "options" | "upgrade">): Job {
    const { maxHeadBytes, silenceMs, leftoverMs } = this.#options;
    const { request, options, upgrade } = asked;
    const head = requestHead(request, upgrade);
    const task = { request, options, upgrade, head, to, maxHeadBytes, silenceMs, leftoverMs };
    return { to, key: keyOf(to), task };
  }

  async #run(job: Job): Promise<Switched> {
    const { method, body } = job.task.request;
    const isIdempotent = IDEMPOTENT.has(method);
    const kept = this.#pool.take(job.key, isIdempotent && !body ? Infinity : FRESH);
    if (kept) {
      const attempt = this.#attempt(kept, job);
      try {
        return await attempt.answer;
      } catch (thrown) {
        if (!isIdempotent || !attempt.exchange.isUntouched || !isClosed(thrown)) throw thrown;
        this.#options.log.debug("upstream.retried", { app: job.key, method });
      }
    }
    return this.#attempt(await this.#open(job, connectReading), job).answer;
  }

  /** What will be handed over as a stream has to be read as one from the beginning. */
  async #open({ to, key, task }: Job, connectTcp: Connect): Promise<Connection> {
    const signals = [task.options.signal, this.#stopping.signal];
    const socket = await this.#dialler.dial(to, signals, { connect: connectTcp });
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    return new Connection(socket, key, (connection) => this.#pool.forget(connection));
  }

  #attempt(connection: Connection, { task }: Job): Attempt {
    const exchange = new Exchange(connection, task, this.#keep);
    return { exchange, answer: exchange.begin() };
  }
}

interface Attempt {
  readonly exchange: Exchange;
  readonly answer: Promise<Switched>;
}

/** Which connections may serve each other's requests. */
function keyOf(to: Upstream): string {
  return to.insecure ? `${formatTarget(to)} insecure` : formatTarget(to);
}

function isClosed(thrown: unknown): boolean {
  return thrown instanceof UpstreamFailureError && thrown.kind === "closed";
}
