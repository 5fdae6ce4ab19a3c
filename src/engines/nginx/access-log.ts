/*
 * Reads nginx's access log for the counts of status: a file that nginx appends to and this empties. nginx
 * opened it for appending, so that what comes after is written from the start again.
 */
import { open, type FileHandle } from "node:fs/promises";
import type { Clock } from "../../kernel/clock.ts";
import { codeOf, messageOf } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";

export interface AccessLog {
  /** Answers of an app, WebSockets not among them, as far as nginx has written them; it writes within a second. */
  requests(app: string): number;
  /** Reads what is new, now. */
  read(): Promise<void>;
  stop(): Promise<void>;
}

export interface AccessLogWiring {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The file is gone: nginx shall open it anew. */
  readonly onLost: () => void;
}

/** Milliseconds between looks. */
const LOOK = 1000;
/** The file is emptied when it is larger, and read to its end. */
const LARGEST = 4 * 1024 * 1024;
const CHUNK = 256 * 1024;

export function followAccessLog(wiring: AccessLogWiring): AccessLog {
  return new Follower(wiring);
}

class Follower implements AccessLog {
  readonly #wiring: AccessLogWiring;
  readonly #counts = new Map<string, number>();
  readonly #stopLooking: () => void;
  #place = 0;
  #rest = "";
  #reading = Promise.resolve();

  constructor(wiring: AccessLogWiring) {
    this.#wiring = wiring;
    this.#stopLooking = wiring.clock.every(LOOK, () => void this.read());
  }

  requests(app: string): number {
    return this.#counts.get(app) ?? 0;
  }

  read(): Promise<void> {
    this.#reading = this.#reading
      .then(() => this.#readNew())
      .catch((thrown: unknown) =>
        this.#wiring.log.warn("access-log.unread", { why: messageOf(thrown) }),
      );
    return this.#reading;
  }

  async stop(): Promise<void> {
    this.#stopLooking();
    await this.#reading;
  }

  async #readNew(): Promise<void> {
    const file = await openIfThere(this.#wiring.path);
    if (!file) {
      this.#place = 0;
      this.#wiring.onLost();
      return;
    }
    try {
      const { size } = await file.stat();
      if (size < this.#place) this.#place = 0; // another file, or emptied by somebody else
      await this.#readTo(file, size);
      if (this.#place < LARGEST) return;
      await file.truncate(0);
      this.#place = 0;
    } finally {
      await file.close();
    }
  }

  async #readTo(file: FileHandle, size: number): Promise<void> {
    const buffer = Buffer.alloc(CHUNK);
    while (this.#place < size) {
      const length = Math.min(CHUNK, size - this.#place);
      const { bytesRead } = await file.read(buffer, 0, length, this.#place);
      if (bytesRead === 0) return;
      this.#place += bytesRead;
      const lines = (this.#rest + buffer.toString("latin1", 0, bytesRead)).split("\n");
      this.#rest = lines.pop() ?? "";
      for (const line of lines) this.#count(line);
    }
  }

  #count(line: string): void {
    const app = /^\{"app":"([^"]+)".*"ws":""/.exec(line)?.[1];
    if (app !== undefined) this.#counts.set(app, this.requests(app) + 1);
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r+");
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}
