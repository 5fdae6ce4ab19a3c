import { once } from "node:events";
import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import { expect, test } from "vitest";
import { type DoorOptions, openDoor, planOf, type TestDoor } from "../../../test/support/door.ts";
import { answering, type Play, rawApp } from "../../../test/support/raw-app.ts";
import { acceptFor } from "./connect-protocol.ts";

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const HANDSHAKE = `GET /socket HTTP/1.1\r\nHost: wiki.local\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n`;

function keyIn(head: string): string {
  return /sec-websocket-key: (.*)\r\n/i.exec(head)?.[1] ?? "";
}
function yes(head: string, more = ""): string {
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptFor(keyIn(head))}\r\n${more}\r\n`;
}
/** Agrees to every WebSocket and sends back what comes. */
const echo: Play = (socket) => {
  socket.once("data", (head) => {
    socket.write(yes(head.toString("latin1")));
    socket.pipe(socket);
  });
};

async function scene(play: Play, options?: DoorOptions) {
  const app = await rawApp(play);
  return { app, door: await openDoor({ wiki: app.to }, options) };
}

function connectOver(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders = {},
): ClientHttp2Stream {
  return session.request({
    ":method": "CONNECT",
    ":protocol": "websocket",
    ":authority": "wiki.local",
    ":path": "/socket",
    "sec-websocket-version": "13",
    ...headers,
  });
}

async function openOver(door: TestDoor, headers?: OutgoingHttpHeaders): Promise<ClientHttp2Stream> {
  const stream = connectOver(await door.http2("wiki.local"), headers);
  const [answer] = await once(stream, "response");
  expect(answer[":status"]).toBe(200);
  return stream;
}

test("bytes pass both ways over HTTP/2, and the app's end is the stream's end", async () => {
  const { app, door } = await scene(echo);
  const stream = await openOver(door);
  stream.write("hello");
  const [back] = await once(stream, "data");
  expect(String(back)).toBe("hello");
  app.connections[0]?.end();
  await once(stream, "end");
  stream.end();
  await expect.poll(() => stream.closed).toBe(true);
  await expect.poll(() => app.connections[0]?.destroyed).toBe(true);
});

test("an app that breaks off breaks the visitor's WebSocket off, on both protocols", async () => {
  const { app, door } = await scene(echo);
  const talk = await door.raw("wiki.local");
  talk.say(`${HANDSHAKE}\r\n`);
  await talk.until("\r\n\r\n");
  const stream = await openOver(door);
  stream.on("error", () => undefined);
  for (const socket of app.connections) socket.resetAndDestroy();
  await talk.end();
  await expect.poll(() => stream.destroyed).toBe(true);
});

test("a visitor who breaks off ends the app's side, on both protocols", async () => {
  const { app, door } = await scene(echo);
  const talk = await door.raw("wiki.local");
  talk.say(`${HANDSHAKE}\r\n`);
  await talk.until("\r\n\r\n");
  const stream = await openOver(door);
  expect(door.engine.traffic()).toEqual([{ app: "wiki", requests: 2, active: 0, webSockets: 2 }]);
  talk.socket.destroy();
  stream.close(8);
  await expect.poll(() => app.connections.map((socket) => socket.destroyed)).toEqual([true, true]);
  await expect.poll(() => door.engine.traffic()[0]?.webSockets).toBe(0);
});

test("an app's no is passed on whole, on both protocols", async () => {
  const body = "no ".repeat(100_000);
  const { app, door } = await scene(
    answering(
      `HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    ),
  );
  const talk = await door.raw("wiki.local");
  talk.say(`${HANDSHAKE}\r\n`);
  const heard = await talk.end();
  expect(heard).toMatch(/^HTTP\/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\n/);
  expect(heard.endsWith(`\r\n\r\n${body}`)).toBe(true);
  const stream = connectOver(await door.http2("wiki.local"));
  const [answer] = await once(stream, "response");
  let text = "";
  for await (const chunk of stream) text += chunk;
  expect([answer[":status"], answer["www-authenticate"], text.length]).toEqual([
    401,
    "Basic",
    body.length,
  ]);
  expect(app.connections).toHaveLength(2);
});

test.each([
  ["a wrong accept", (head: string) => yes(head).replace(/Accept: ./, "Accept: !")],
  ["no accept", (head: string) => yes(head).replace(/Sec-WebSocket-Accept.*\r\n/, "")],
  ["another protocol", (head: string) => yes(head).replace("Upgrade: websocket", "Upgrade: h2c")],
])("an app that says yes with %s is not believed", async (_title, answer) => {
  const { app, door } = await scene((socket) => {
    socket.once("data", (head) => socket.write(answer(String(head))));
  });
  const talk = await door.raw("wiki.local");
  talk.say(`${HANDSHAKE}\r\n`);
  expect(await talk.end()).toMatch(/^HTTP\/1.1 502 /);
  const stream = connectOver(await door.http2("wiki.local"));
  const [head] = await once(stream, "response");
  expect(head[":status"]).toBe(502);
  await expect.poll(() => app.connections.map((socket) => socket.destroyed)).toEqual([true, true]);
  expect(door.problems.map(({ code }) => code)).toEqual(["APP_GARBAGE", "APP_GARBAGE"]);
});

test("a handshake without a key, or with content, is refused", async () => {
  const { app, door } = await scene(echo);
  for (const bytes of [
    `${HANDSHAKE.replace(/Sec-WebSocket-Key.*\r\n/, "")}\r\n`,
    `${HANDSHAKE}Content-Length: 3\r\n\r\nabc`,
    `${HANDSHAKE}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ]) {
    const talk = await door.raw("wiki.local");
    talk.say(bytes);
    expect(await talk.end()).toMatch(/^HTTP\/1.1 400 /);
  }
  expect(app.received).toEqual([]);
});

test("the portal has no WebSocket", async () => {
  const { door } = await scene(echo);
  const talk = await door.raw("genkan.local");
  talk.say(`${HANDSHAKE.replace("wiki.local", "genkan.local")}\r\n`);
  expect(await talk.end()).toMatch(/^HTTP\/1.1 404 .*DOOR_NO_WEBSOCKET/s);
});

test("silence ends no WebSocket, whatever the deadlines", async () => {
  const limits = {
    headerDeadline: 100,
    keepAliveIdle: 100,
    bodyIdle: 100,
    linger: 100,
    handshakeDeadline: 100,
  };
  const { door } = await scene(echo, { limits });
  const talk = await door.raw("wiki.local");
  talk.say(`${HANDSHAKE}\r\n`);
  await talk.until("\r\n\r\n");
  const stream = await openOver(door);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  talk.say("still here");
  await talk.until("still here");
  stream.write("still here");
  expect(String((await once(stream, "data"))[0])).toBe("still here");
});

test("a plan that moves other apps, or this one, leaves open WebSockets alone; one without it ends them", async () => {
  const { app, door } = await scene(echo);
  const other = await rawApp(echo);
  const talk = await door.raw("wiki.local");
  talk.say(`${HANDSHAKE}\r\n`);
  await talk.until("\r\n\r\n");
  const stream = await openOver(door);
  await door.engine.apply(planOf({ wiki: other.to, chat: other.to }));
  talk.say("one");
  await talk.until("one");
  stream.write("two");
  expect(String((await once(stream, "data"))[0])).toBe("two");
  const proper = once(talk.socket, "end");
  await door.engine.apply(planOf({ chat: other.to }));
  await proper;
  await expect.poll(() => stream.closed).toBe(true);
  await expect.poll(() => app.connections.map((socket) => socket.destroyed)).toEqual([true, true]);
});
