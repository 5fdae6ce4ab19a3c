import { once } from "node:events";
import type { ClientHttp2Session, ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import {
  type DoorOptions,
  openDoor,
  planOf,
  type TestDoor,
  testAuthority,
} from "../../../test/support/door.ts";
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

/** A real WebSocket server, and a door in front of it. */
async function realScene() {
  const server = createServer();
  const sockets = new WebSocketServer({
    server,
    perMessageDeflate: true,
    handleProtocols: (offered) => [...offered][1] ?? false,
  });
  sockets.on("connection", (socket) => {
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate();
    server.close();
  });
  return openDoor({ wiki: (server.address() as AddressInfo).port });
}

test("a real client and a real server talk through the door, subprotocol and extensions included", async () => {
  const door = await realScene();
  const { caPem: ca } = await testAuthority();
  const options = {
    ca,
    servername: "wiki.local",
    headers: { host: "wiki.local" },
    perMessageDeflate: true,
  };
  const client = new WebSocket(`wss://127.0.0.1:${door.httpsPort}/socket`, ["one", "two"], options);
  onTestFinished(() => client.terminate());
  await once(client, "open");
  expect([client.protocol, client.extensions]).toEqual(["two", "permessage-deflate"]);
  for (const message of ["hello", "a".repeat(1_000_000)]) {
    client.send(message);
    const [back] = await once(client, "message");
    expect(String(back)).toBe(message);
  }
  client.close(4000, "done");
  expect((await once(client, "close")).map(String)).toEqual(["4000", "done"]);
});

test("over HTTP/1.1 the handshake passes with everything in it, and nothing of the old connection", async () => {
  const { app, door } = await scene((socket) => {
    socket.once("data", (head) => {
      socket.write(
        yes(String(head), "Sec-WebSocket-Protocol: two\r\nSet-Cookie: a=1\r\nKeep-Alive: x\r\n"),
      );
    });
  });
  const talk = await door.raw("wiki.local");
  talk.say(
    `${HANDSHAKE}Origin: https://wiki.local\r\nSec-WebSocket-Protocol: one, two\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n`,
  );
  expect((await talk.until("\r\n\r\n")).split("\r\n")).toEqual([
    "HTTP/1.1 101 Switching Protocols",
    "Connection: Upgrade",
    "Upgrade: websocket",
    `Sec-WebSocket-Accept: ${acceptFor(KEY)}`,
    "Sec-WebSocket-Protocol: two",
    "Set-Cookie: a=1",
    "",
    "",
  ]);
  const lines = app.received[0]?.split("\r\n") ?? [];
  expect(lines[0]).toBe("GET /socket HTTP/1.1");
  expect(lines).toEqual(
    expect.arrayContaining([
      "Host: wiki.local",
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Key: ${KEY}`,
      "Sec-WebSocket-Protocol: one, two",
      "Sec-WebSocket-Extensions: permessage-deflate",
      "Origin: https://wiki.local",
      "X-Forwarded-Proto: https",
    ]),
  );
  expect(lines.filter((line) => /^(connection|upgrade):/i.test(line))).toHaveLength(2);
});

test("over HTTP/2 the door makes the key, checks the app's accept, and keeps both to itself", async () => {
  const { app, door } = await scene((socket) => {
    socket.once("data", (head) =>
      socket.write(yes(String(head), "Sec-WebSocket-Protocol: two\r\n")),
    );
  });
  const stream = connectOver(await door.http2("wiki.local"), {
    "sec-websocket-protocol": "one, two",
    "sec-websocket-key": "mine",
    origin: "https://wiki.local",
  });
  const [answer] = await once(stream, "response");
  expect(Object.entries(answer)).toEqual([
    [":status", 200],
    ["sec-websocket-protocol", "two"],
  ]);
  const head = app.received[0] ?? "";
  expect(head).toMatch(/^GET \/socket HTTP\/1.1\r\nhost: wiki.local\r\n/);
  expect(head.match(/sec-websocket-key: [+/\w]{22}==\r\n/gi)).toHaveLength(1);
  expect(head.match(/sec-websocket-version: 13\r\n/gi)).toHaveLength(1);
  expect(head).toContain("\r\nUpgrade: websocket\r\n");
});

test("bytes pass both ways over HTTP/1.1, also those that came too early", async () => {
  const { door } = await scene(echo);
  const talk = await door.raw("wiki.local");
  talk.say(`${HANDSHAKE}\r\nearly`);
  await talk.until("early");
  talk.say("later");
  expect(await talk.until("earlylater")).toMatch(/^HTTP\/1.1 101 /);
});

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

test("bytes the app sends right behind its yes are not lost", async () => {
  const { door } = await scene((socket) => {
    socket.once("data", (head) => socket.write(`${yes(String(head))}first`));
  });
  const talk = await door.raw("wiki.local");
  talk.say(`${HANDSHAKE}\r\n`);
  await talk.until(/\r\n\r\nfirst$/);
  const stream = await openOver(door);
  expect(String((await once(stream, "data"))[0])).toBe("first");
});

test("one direction may end before the other", async () => {
  const { app, door } = await scene((socket) => {
    socket.once("data", (head) => {
      socket.write(yes(String(head)));
      socket.end("goodbye");
    });
    socket.allowHalfOpen = true;
  });
  const talk = await door.raw("wiki.local", { allowHalfOpen: true } as object);
  talk.socket.allowHalfOpen = true;
  talk.say(`${HANDSHAKE}\r\n`);
  await talk.until("goodbye");
  await new Promise((resolve) => setTimeout(resolve, 100));
  talk.say("still here");
  await expect.poll(() => app.received[0]).toContain("still here");
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

test("a visitor who leaves during the handshake takes it back at the app", async () => {
  const { app, door } = await scene(() => undefined);
  const talk = await door.raw("wiki.local");
  talk.say(`${HANDSHAKE}\r\n`);
  const stream = connectOver(await door.http2("wiki.local"));
  await expect.poll(() => app.connections.length).toBe(2);
  talk.socket.end();
  stream.close(8);
  await expect.poll(() => app.connections.map((socket) => socket.destroyed)).toEqual([true, true]);
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

test("an app that is not there is a short 502, on both protocols", async () => {
  const door = await openDoor({ wiki: 1 });
  const talk = await door.raw("wiki.local");
  talk.say(`${HANDSHAKE}\r\n`);
  expect(await talk.end()).toMatch(/^HTTP\/1.1 502 .*APP_UNREACHABLE/s);
  const stream = connectOver(await door.http2("wiki.local"));
  const [head] = await once(stream, "response");
  expect(head[":status"]).toBe(502);
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

test("extended CONNECT to another protocol than WebSocket is refused", async () => {
  const { app, door } = await scene(echo);
  const stream = connectOver(await door.http2("wiki.local"), { ":protocol": "connect-udp" });
  const [answer] = await once(stream, "response");
  expect(answer[":status"]).toBe(501);
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

test("a visitor who does not read slows the app down", async () => {
  let sent = 0;
  const { door } = await scene((socket) => {
    socket.once("data", (head) => {
      socket.write(yes(String(head)));
      const more = (): void => {
        while (sent < 200 && socket.write(Buffer.alloc(1024 * 1024))) sent += 1;
        sent += 1;
      };
      socket.on("drain", more);
      more();
    });
  });
  const talk = await door.raw("wiki.local");
  talk.say(`${HANDSHAKE}\r\n`);
  await talk.until("\r\n\r\n");
  talk.socket.pause();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(sent).toBeLessThan(100);
});
