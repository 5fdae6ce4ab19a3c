import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { openDoor, testAuthority } from "../../../test/support/door.ts";
import { answering, rawApp } from "../../../test/support/raw-app.ts";
import type { Limits } from "./limits.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const GET = "GET / HTTP/1.1\r\nHost: wiki.local\r\n\r\n";

async function scene(limits: Partial<Limits>, play = answering(OK)) {
  const app = await rawApp(play);
  return { app, door: await openDoor({ wiki: app.to }, { limits }) };
}

/** Sends a byte every few milliseconds until the other side has had enough. */
function drip(socket: { write(text: string): unknown; destroyed: boolean }, text: string): void {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || at >= text.length) clearInterval(timer);
    else socket.write(text.charAt(at++));
  }, 20);
  onTestFinished(() => clearInterval(timer));
}

test("a visitor who drips its head is told 408 and cut off, on both ports", async () => {
  const { door } = await scene({ headerDeadline: 200 });
  for (const talk of [await door.raw("wiki.local"), await door.plain()]) {
    drip(talk.socket, `GET / HTTP/1.1\r\nHost: wiki.local\r\nX-A: ${"a".repeat(1000)}`);
    expect(await talk.end()).toMatch(/^HTTP\/1.1 408 .*DOOR_REQUEST_TIMEOUT/s);
  }
});

test("a visitor who drips the head of a later request is cut off too", async () => {
  const { door } = await scene({ headerDeadline: 200 });
  const talk = await door.raw("wiki.local");
  talk.say(GET);
  await talk.until("ok");
  drip(talk.socket, `GET / HTTP/1.1\r\nHost: wiki.local\r\nX-A: ${"a".repeat(1000)}`);
  expect(await talk.end()).toMatch(/ok.*408/s);
});

test("a visitor who says nothing is cut off: in the handshake, before a request, between requests", async () => {
  const { door } = await scene({ headerDeadline: 200, handshakeDeadline: 200, keepAliveIdle: 200 });
  const shy = connectTcp(door.httpsPort, "127.0.0.1");
  onTestFinished(() => void shy.destroy());
  shy.on("error", () => undefined).resume();
  await once(shy, "close");
  await (await door.raw("wiki.local")).end();
  const talk = await door.raw("wiki.local");
  talk.say(GET);
  await talk.until("ok");
  expect(await talk.end()).toMatch(/ok$/);
});

test("an HTTP/2 connection without streams ends, one that never finishes a head, too", async () => {
  const { door } = await scene({ keepAliveIdle: 300 });
  const session = await door.http2("wiki.local");
  await once(session, "close");
  expect(session.destroyed).toBe(true);
  const { caPem: ca } = await testAuthority();
  const socket = connectTls({
    port: door.httpsPort,
    host: "127.0.0.1",
    servername: "wiki.local",
    ca,
    ALPNProtocols: ["h2"],
  });
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined).resume();
  // HEADERS of 16 KiB on stream 1, never ended, byte by byte.
  drip(
    socket,
    `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\0\x40\0\x01\0\0\0\0\x01${"a".repeat(1000)}`,
  );
  await once(socket, "close");
});

test("an HTTP/2 connection with an open stream stays, however silent", async () => {
  const { app, door } = await scene({ keepAliveIdle: 200 }, () => undefined);
  const session = await door.http2("wiki.local");
  const stream = session.request({ ":authority": "wiki.local" });
  await expect.poll(() => app.received[0]).toContain("GET /");
  await new Promise((resolve) => setTimeout(resolve, 1000));
  app.connections[0]?.write(OK);
  const [head] = await once(stream, "response");
  expect(head[":status"]).toBe(200);
});

test("a visitor who stops within its content while the app waits is told 408, on both protocols", async () => {
  const { app, door } = await scene({ bodyIdle: 300 }, () => undefined);
  const talk = await door.raw("wiki.local");
  talk.say("POST / HTTP/1.1\r\nHost: wiki.local\r\nContent-Length: 10\r\n\r\nabc");
  expect(await talk.end()).toMatch(/^HTTP\/1.1 408 .*DOOR_REQUEST_TIMEOUT/s);
  const session = await door.http2("wiki.local");
  const stream = session.request({ ":method": "POST", ":authority": "wiki.local" });
  stream.write("abc");
  const [head] = await once(stream, "response");
  expect(head[":status"]).toBe(408);
  await expect.poll(() => app.connections.map((socket) => socket.destroyed)).toEqual([true, true]);
  await expect.poll(() => door.engine.traffic()[0]?.active).toBe(0);
});

test("a visitor who sends slowly but steadily is not cut off, nor one whose app thinks for long", async () => {
  const { door } = await scene({ bodyIdle: 400 }, (socket) => {
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      if (received.endsWith("0123456789".repeat(6))) setTimeout(() => socket.write(OK), 1000);
    });
  });
  const talk = await door.raw("wiki.local");
  talk.say("POST / HTTP/1.1\r\nHost: wiki.local\r\nContent-Length: 60\r\n\r\n");
  drip(talk.socket, "0123456789".repeat(6));
  expect(await talk.until("ok")).toMatch(/^HTTP\/1.1 200 /);
});

test("a visitor whose app does not read is not blamed", async () => {
  const { app, door } = await scene({ bodyIdle: 300 }, (socket) => {
    socket.once("data", () => socket.pause());
  });
  const talk = await door.raw("wiki.local");
  const size = 64 * 1024 * 1024;
  talk.say(`POST / HTTP/1.1\r\nHost: wiki.local\r\nContent-Length: ${size}\r\n\r\n`);
  talk.socket.write(Buffer.alloc(size));
  await new Promise((resolve) => setTimeout(resolve, 1200));
  expect(talk.heard()).toBe("");
  app.connections[0]?.on("data", () => undefined).resume();
  app.connections[0]?.write(OK);
  await talk.until("ok");
});

test("more connections than one address may have are refused, and room comes back", async () => {
  const { door } = await scene({ connectionsPerAddress: 3 });
  const first = await Promise.all([door.raw("wiki.local"), door.raw("wiki.local"), door.plain()]);
  await expect(door.raw("wiki.local")).rejects.toThrow(/ECONNRESET|socket disconnected/);
  await (await door.plain()).end(); // TCP accepts, the door hangs up
  first[0].socket.destroy();
  await expect
    .poll(() =>
      door.raw("wiki.local").then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
});

test("more connections than the door may have are refused", async () => {
  const { door } = await scene({ connections: 1 });
  await door.raw("wiki.local");
  await expect(door.raw("wiki.local")).rejects.toThrow(/ECONNRESET|socket disconnected/);
});

test("more streams than allowed at once wait or are refused, none reaches the app", async () => {
  const { app, door } = await scene({ streams: 2 }, () => undefined);
  const session = await door.http2("wiki.local");
  expect(session.remoteSettings.maxConcurrentStreams).toBe(2);
  for (let i = 0; i < 5; i += 1) {
    session.request({ ":authority": "wiki.local" }).on("error", () => undefined);
  }
  await expect.poll(() => app.connections.length).toBe(2);
});

/** A stream that is opened (HEADERS of a GET) and taken back (RST_STREAM, CANCEL), as bytes; RFC 9113 section 4.1. */
function takenBack(id: number): Buffer {
  const frame = (type: number, flags: number, payload: Buffer): Buffer => {
    const head = Buffer.alloc(9);
    head.writeUIntBE(payload.length, 0, 3);
    head.writeUInt8(type, 3);
    head.writeUInt8(flags, 4);
    head.writeUInt32BE(id, 5);
    return Buffer.concat([head, payload]);
  };
  // HPACK: GET, https, / from the static table, and :authority as a literal.
  const fields = Buffer.from("\x82\x87\x84\x41\x0awiki.local", "latin1");
  return Buffer.concat([frame(1, 0x05, fields), frame(3, 0, Buffer.from([0, 0, 0, 8]))]);
}

test("a visitor who opens streams and takes them back without end is sent away, another is served", async () => {
  const { app, door } = await scene({ resets: 50 }, () => undefined);
  const other = await door.http2("wiki.local");
  const { caPem: ca } = await testAuthority();
  const socket = connectTls({
    port: door.httpsPort,
    host: "127.0.0.1",
    servername: "wiki.local",
    ca,
    ALPNProtocols: ["h2"],
  });
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined).resume();
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", "latin1");
  const streams = Array.from({ length: 60 }, (_, i) => takenBack(2 * i + 1));
  socket.write(Buffer.concat(streams));
  await once(socket, "close");
  expect(door.log.some(({ event }) => event === "session.refused")).toBe(true);
  expect(other.destroyed).toBe(false);
  await expect.poll(() => door.engine.traffic()[0]?.active).toBe(0);
  await expect.poll(() => app.connections.every((one) => one.destroyed)).toBe(true);
});

test("a head with as many fields as allowed passes with every one of them", async () => {
  const { app, door } = await scene({});
  const fields = Array.from({ length: 998 }, (_, i) => `${i.toString(36)}:\r\n`).join("");
  const talk = await door.raw("wiki.local");
  talk.say(`GET / HTTP/1.1\r\nHost: wiki.local\r\n${fields}Last: 1\r\n\r\n`);
  await talk.until("ok");
  expect(app.received[0]).toContain("\r\nLast: 1\r\n");
  expect(app.received[0]?.split("\r\n").length).toBeGreaterThan(1000);
});

test("a visitor who leaves with many streams open, after having taken back many, is nobody's trouble", async () => {
  const { app, door } = await scene({ resets: 20, streams: 100 }, () => undefined);
  const session = await door.http2("wiki.local");
  for (let i = 0; i < 60; i += 1) {
    session.request({ ":authority": "wiki.local" }).on("error", () => undefined);
  }
  await expect.poll(() => app.connections.length).toBe(60);
  session.destroy();
  await expect.poll(() => app.connections.every((socket) => socket.destroyed)).toBe(true);
  await expect.poll(() => door.engine.traffic()[0]?.active).toBe(0);
});
