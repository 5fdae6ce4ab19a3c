/*
 * One WebSocket as a probe uses it: frames wait in order until they are asked for. Called by wire.ts.
 */
import { type ClientOptions, WebSocket } from "ws";
import type { Dialled, Line, Word } from "../../apps/openhands/probe/wire.ts";

/** Milliseconds for the handshake. */
const HANDSHAKE = 5_000;

/** Opens it. Never rejects: what kept it from opening is the answer. An aborted signal ends it. */
export function dialLine(
  url: string,
  options: ClientOptions,
  signal: AbortSignal,
): Promise<Dialled> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, { handshakeTimeout: HANDSHAKE, ...options });
    const line = lineOver(socket);
    const refused = (why: string): void => {
      resolve({ is: "refused", why });
      socket.terminate();
    };
    const stop = (): void => refused("it was stopped");
    signal.addEventListener("abort", stop);
    socket.once("close", () => signal.removeEventListener("abort", stop));
    socket.once("open", () => resolve({ is: "open", line }));
    socket.on("error", (thrown) => refused(thrown.message));
    socket.once("unexpected-response", (_request, { statusCode, headers }) => {
      const problem = headers["x-genkan-problem"];
      const by = typeof problem === "string" ? ` (${problem})` : "";
      refused(`the handshake was answered ${statusCode}${by}, not 101`);
    });
    if (signal.aborted) stop();
  });
}

function lineOver(socket: WebSocket): Line {
  const words: Word[] = [];
  let wake: (() => void) | undefined;
  const put = (word: Word): void => {
    words.push(word);
    wake?.();
  };
  socket.on("message", (data: Buffer) => put({ is: "text", text: data.toString("utf8") }));
  socket.once("close", (code) => put({ is: "closed", code }));
  return {
    async hear(patienceMs) {
      if (words.length === 0) await within(patienceMs, (done) => (wake = done));
      wake = undefined;
      const [word] = words;
      if (word?.is !== "closed") words.shift(); // an end stays one
      return word ?? { is: "nothing" };
    },
    say: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => socket.terminate(),
  };
}

function within(patienceMs: number, begin: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(resolve, patienceMs);
    begin(() => {
      clearTimeout(limit);
      resolve();
    });
  });
}
