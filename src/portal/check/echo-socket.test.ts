import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, createServer as createTcp } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { createEcho } from "./echo-socket.ts";

/** The echo behind a handshake, as an engine agrees to it. */
async function echoServer(): Promise<string> {
  const echo = createEcho();
  const server = createServer();
  server.on("upgrade", (request, socket) => {
    const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash("sha1").update(key).digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    echo(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  return socket;
}

test("says back what it hears, also in pieces and several at once", async () => {
  const socket = await open(await echoServer());
  const heard: string[] = [];
  socket.on("message", (data: Buffer) => heard.push(data.toString()));
  for (const text of ["hello", "", "玄関", "x".repeat(125)]) socket.send(text);
  await expect.poll(() => heard).toEqual(["hello", "", "玄関", "x".repeat(125)]);
});

test("answers pings, and a farewell with a farewell", async () => {
  const socket = await open(await echoServer());
  socket.ping("are you there");
  const [pong] = (await once(socket, "pong")) as [Buffer];
  expect(pong.toString()).toBe("are you there");
  socket.close(1000);
  const [code] = (await once(socket, "close")) as [number];
  expect(code).toBe(1000);
});

test.each([
  ["a long message", (socket: WebSocket) => socket.send("x".repeat(126))],
  ["bytes", (socket: WebSocket) => socket.send(Buffer.from("x"))],
  ["a message in fragments", (socket: WebSocket) => socket.send("x", { fin: false })],
  ["an unmasked message", (socket: WebSocket) => socket.send("x", { mask: false })],
  [
    "talk without end",
    (socket: WebSocket) => {
      for (let i = 0; i < 40; i += 1) socket.send("x");
    },
  ],
])("ends %s", async (_, offend) => {
  const socket = await open(await echoServer());
  const closed = once(socket, "close");
  offend(socket);
  expect((await closed)[0]).toBe(1008);
});

test("takes only so many at once, and more when some have gone", async () => {
  const url = await echoServer();
  const sockets = await Promise.all(Array.from({ length: 64 }, () => open(url)));
  const surplus = new WebSocket(url);
  onTestFinished(() => surplus.terminate());
  expect((await once(surplus, "close"))[0]).toBe(1013);
  sockets[0]!.terminate();
  await expect
    .poll(async () => {
      const next = await open(url);
      const answer = Promise.race([
        once(next, "message").then(() => "echo"),
        once(next, "close").then(() => "closed"),
      ]);
      next.send("hello");
      return answer;
    })
    .toBe("echo");
});

test("a connection that is cut in the middle of a message leaves nothing behind", async () => {
  const echo = createEcho();
  const server = createTcp({ allowHalfOpen: true }, echo);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.end(Buffer.from([0x81, 0x85, 1, 2]));
  socket.resume();
  expect(await once(socket, "close")).toEqual([false]); // no error was told
});
