/*
 * The app behind the fuzzed door: records every byte it is sent, connection by connection, and answers each
 * request it can read with what it read - or with what a case makes it answer.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { type Message, readRequests } from "./read-http.ts";

export interface FuzzApp {
  readonly port: number;
  /** What each connection was sent since the last call; ended connections are told of once. */
  take(): string[];
  /** What the app does instead of echoing, by the path it is asked for. */
  readonly plays: Map<string, (socket: Socket) => void>;
  stop(): void;
}

/** What an answer says of the request it answers. */
export function echoOf(method: string, target: string, body: string): string {
  const sum = createHash("sha1").update(body, "latin1").digest("hex").slice(0, 12);
  return `${method} ${target} ${body.length} ${sum}`;
}

export async function startFuzzApp(): Promise<FuzzApp> {
  const records: { taken: string; socket: Socket }[] = [];
  const plays: FuzzApp["plays"] = new Map();
  const server = createServer((socket) => {
    const record = { taken: "", socket };
    records.push(record);
    let pending = "";
    socket.on("error", () => undefined); // the door breaking off is what many cases end with
    socket.on("data", (chunk: Buffer) => {
      const text = chunk.toString("latin1");
      record.taken += text;
      pending = serve(pending + text, socket, plays);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    plays,
    take() {
      const taken = records.map((record) => record.taken).filter((text) => text !== "");
      for (const record of records) record.taken = "";
      const open = records.filter(({ socket }) => !socket.destroyed);
      records.splice(0, records.length, ...open);
      return taken;
    },
    stop() {
      server.close();
      for (const { socket } of records) socket.destroy();
    },
  };
}

/** Answers what is whole; gives what is not. */
function serve(text: string, socket: Socket, plays: FuzzApp["plays"]): string {
  const { messages } = readRequests(text);
  const whole = messages.filter(({ ending }) => ending === "whole");
  if (whole.length === 0) return text;
  for (const message of whole) answer(message, socket, plays);
  return "";
}

function answer(
  { start: [method, target], body }: Message,
  socket: Socket,
  plays: FuzzApp["plays"],
): void {
  const play = plays.get(target);
  if (play) {
    play(socket);
    return;
  }
  const echo = echoOf(method, target, body);
  const content = method === "HEAD" ? "" : "ok";
  socket.write(
    `HTTP/1.1 200 OK\r\nX-Echo: ${echo}\r\nContent-Length: 2\r\n\r\n${content}`,
    "latin1",
  );
}
