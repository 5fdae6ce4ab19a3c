import { once } from "node:events";
import type { Socket } from "node:net";
import { type Duplex, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { type Play, rawApp, type RawApp, SOON } from "../../../../test/support/raw-app.ts";
import { type ClientOptions, createUpstreamClient } from "./client.ts";
import type { RequestOptions, Switched, UpstreamClient, UpstreamRequest } from "./upstream.ts";

const SWITCH =
  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

function newClient(options: ClientOptions = {}): UpstreamClient {
  const client = createUpstreamClient(options);
  onTestFinished(() => client.stop());
  return client;
}

const WS: UpstreamRequest = {
  method: "GET",
  target: "/ws",
  headers: ["Host", "a", "Upgrade", "websocket"],
  body: undefined,
};
const anybody = (signal = new AbortController().signal): RequestOptions => ({
  signal,
  onInformation: () => undefined,
});
const upgrade = (app: RawApp, signal?: AbortSignal): Promise<Switched> =>
  newClient().upgrade(app.to, WS, anybody(signal));

async function switched(app: RawApp, signal?: AbortSignal): Promise<Duplex> {
  const answer = await upgrade(app, signal);
  if (answer.kind === "refused") throw new Error("the app refused to switch");
  return answer.socket;
}

/** Switches, saying these bytes in one go. */
const saying =
  (bytes: string): Play =>
  (socket) =>
    socket.once("data", () => socket.write(bytes));

test("the request asks for the protocol and the answer is told", async () => {
  const app = await rawApp(saying(SWITCH));
  const answer = await upgrade(app);
  expect(app.received).toEqual([
    "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
  ]);
  expect(answer).toMatchObject({
    kind: "switched",
    head: { status: 101, headers: ["Upgrade", "websocket", "Connection", "Upgrade"] },
  });
});

test("bytes behind the answer come first, whoever reads late and however", async () => {
  const app = await rawApp(saying(`${SWITCH}first `));
  const piped = await switched(app);
  const listenedTo = await switched(app);
  await wait(20);
  for (const socket of app.connections) socket.end("second");
  expect(await text(piped)).toBe("first second");
  let heard = "";
  listenedTo.on("data", (chunk: Buffer) => (heard += chunk.toString()));
  await once(listenedTo, "end");
  expect(heard).toBe("first second");
});

test("bytes pass both ways, and silence is no reason to end it", async () => {
  const app = await rawApp(saying(SWITCH));
  const limits = { silenceMs: 500, idleMs: 500, connectMs: 500 };
  const answer = await newClient(limits).upgrade(app.to, WS, anybody());
  if (answer.kind !== "switched") throw new Error("the app refused to switch");
  await wait(1100);
  answer.socket.write("ping");
  await expect.poll(() => app.received[0]?.endsWith("ping"), SOON).toBe(true);
  app.connections[0]?.write("pong");
  expect(String((await once(answer.socket, "data"))[0])).toBe("pong");
});

test("the end of either side reaches the other", async () => {
  const app = await rawApp(saying(SWITCH));
  const first = await switched(app);
  first.end();
  await once(app.connections[0] as Socket, "end");
  const second = (await switched(app)).resume();
  app.connections[1]?.end();
  await once(second, "close");
  expect([first.writable, second.writable]).toEqual([false, false]);
});

test("a reset by the app does not bring the door down, even if nobody listens for errors", async () => {
  const app = await rawApp(saying(SWITCH));
  const socket = (await switched(app)).resume();
  app.connections[0]?.resetAndDestroy();
  await new Promise((resolve) => socket.once("close", resolve));
  expect(socket.errored).toMatchObject({ code: "ECONNRESET" });
});

test("a visitor who leaves takes it along, before the answer and after", async () => {
  const app = await rawApp((socket, nth) => {
    if (nth === 1) socket.once("data", () => socket.write(SWITCH));
  });
  const abort = new AbortController();
  const socket = await switched(app, abort.signal);
  const waiting = upgrade(app, abort.signal).catch((thrown: unknown) => thrown);
  await expect.poll(() => app.received.length, SOON).toBe(2);
  abort.abort();
  expect(await waiting).toMatchObject({ kind: "aborted" });
  await once(socket, "close");
});

test("an app that refuses gives its answer, and the connection is not kept", async () => {
  const app = await rawApp(saying("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"));
  const answer = await upgrade(app);
  if (answer.kind !== "refused") throw new Error("it switched");
  expect([answer.response.status, await text(answer.response.body)]).toEqual([403, "no"]);
  await once(app.connections[0] as Socket, "close");
});

test("an app that switches in the middle of a request's body is not understood", async () => {
  const app = await rawApp(saying(SWITCH));
  const stream = new Readable({ read: () => undefined });
  const body = { stream, length: 3, trailers: undefined, expectContinue: false };
  await expect(
    newClient().upgrade(app.to, { ...WS, method: "POST", body }, anybody()),
  ).rejects.toMatchObject({ kind: "garbage" });
});

test("stop ends switched connections, too", async () => {
  const app = await rawApp(saying(SWITCH));
  const client = newClient();
  const answer = await client.upgrade(app.to, WS, anybody());
  await client.stop();
  expect(answer.kind === "switched" && answer.socket.destroyed).toBe(true);
});
