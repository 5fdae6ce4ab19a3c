/*
 * Docker's HTTP interface over its unix socket (a named pipe on Windows), as far as starting and looking at
 * containers goes. Callers give paths and bodies; this file knows sockets, JSON and how Docker refuses.
 */
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { posix } from "node:path";
import { createInterface } from "node:readline";
import { codeOf, messageOf } from "../kernel/errors.ts";
import type { Host } from "./host.ts";

/** What Docker answered instead of doing it, or why it could not be asked. */
export class DockerError extends Error {
  override readonly name = "DockerError";
  /** Docker's status; 0 where it did not answer at all. */
  readonly status: number;
  /** The system's code where the socket did not work: ENOENT, EACCES, ECONNREFUSED, ECONNRESET. */
  readonly code: string | undefined;

  constructor(message: string, at: { status: number; code?: string | undefined }, cause?: unknown) {
    super(message, { cause });
    this.status = at.status;
    this.code = at.code;
  }
}

interface Asked {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

export interface DockerSocket {
  readonly path: string;
  /** The JSON it answers; undefined where there is no body. @throws DockerError */
  readonly ask: (path: string, asked?: Asked) => Promise<unknown>;
  /** The bytes it answers, 1 MB at most. @throws DockerError */
  readonly bytes: (path: string) => Promise<Buffer>;
  /** Each line of JSON as it comes, until the end. @throws DockerError */
  readonly lines: (path: string, asked: Asked, onLine: (line: unknown) => void) => Promise<void>;
}

/** Where Docker listens for this user. @returns undefined where DOCKER_HOST names another machine. */
export function dockerSocketPath({ os, env, home }: Host): string | undefined {
  const named = env["DOCKER_HOST"];
  if (named) return /^(?:unix|npipe):\/\/(.+)$/.exec(named)?.[1];
  if (os === "windows") return "\\\\.\\pipe\\docker_engine";
  const runtime = env["XDG_RUNTIME_DIR"];
  const places = [
    "/var/run/docker.sock",
    ...(runtime ? [posix.join(runtime, "docker.sock")] : []), // rootless
    posix.join(home, ".docker/run/docker.sock"), // Docker Desktop for macOS
    posix.join(home, ".docker/desktop/docker.sock"), // Docker Desktop for Linux
  ];
  return places.find((place) => existsSync(place)) ?? places[0];
}

/** The group that may use a socket, for advice; undefined where it cannot be told. */
export async function groupOf(socket: string): Promise<string | undefined> {
  try {
    const { gid } = await stat(socket);
    const groups = (await readFile("/etc/group", "utf8")).split("\n").map((row) => row.split(":"));
    return groups.find((row) => row[2] === String(gid))?.[0];
  } catch (thrown) {
    if (thrown instanceof Error) return undefined; // only advice is lost
    throw thrown;
  }
}

const LARGEST = 16 * 1024 * 1024;
const LARGEST_TEXT = 1024 * 1024;

export function openDocker(path: string): DockerSocket {
  const answer = async (at: string, asked: Asked): Promise<IncomingMessage> => {
    const response = await send(path, at, asked);
    const status = response.statusCode ?? 0;
    if (status < 400) return response;
    throw new DockerError(refusalOf(await read(response, LARGEST_TEXT)), { status });
  };
  return {
    path,
    ask: async (at, asked = {}) => {
      const text = (await read(await answer(at, asked), LARGEST)).toString("utf8").trim();
      return text === "" ? undefined : parse(text);
    },
    bytes: async (at) => read(await answer(at, {}), LARGEST_TEXT),
    lines: async (at, asked, onLine) => {
      const response = await answer(at, asked);
      const ended = whole(response);
      ended.catch(() => undefined); // told below, once its lines are read
      for await (const line of createInterface({ input: response })) {
        if (line.trim() !== "") onLine(parse(line));
      }
      await ended;
    },
  };
}

function send(socketPath: string, path: string, asked: Asked): Promise<IncomingMessage> {
  const { method = "GET", body, signal } = asked;
  return new Promise((resolve, reject) => {
    const headers = { host: "docker", ...(body ? { "content-type": "application/json" } : {}) };
    const sent = request({ socketPath, path, method, headers, ...(signal ? { signal } : {}) });
    sent.once("response", resolve);
    sent.once("error", (error) => reject(lost(error)));
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Rejects where the answer broke off. */
function whole(response: IncomingMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    response.once("close", () => {
      if (response.complete) resolve();
      else reject(new DockerError("its answer broke off", { status: 0, code: "ECONNRESET" }));
    });
    response.once("error", (error) => reject(lost(error)));
  });
}

async function read(response: IncomingMessage, largest: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > largest) throw new DockerError("its answer is too long", { status: 0 });
      parts.push(part);
    }
  } catch (thrown) {
    throw thrown instanceof DockerError ? thrown : lost(thrown);
  }
  return Buffer.concat(parts);
}

function lost(thrown: unknown): DockerError {
  return new DockerError(messageOf(thrown), { status: 0, code: codeOf(thrown) }, thrown);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new DockerError("its answer is no JSON", { status: 0 }, thrown);
  }
}

/** Docker says why as `{"message":"…"}`. */
function refusalOf(body: Buffer): string {
  const text = body.toString("utf8");
  const message = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  return message === undefined ? text.slice(0, 200) : String(JSON.parse(message));
}
