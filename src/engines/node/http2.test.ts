import { once } from "node:events";
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";
import { connect as connectTls } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { openDoor, testAuthority } from "../../../test/support/door.ts";
import { answering, type Play, rawApp } from "../../../test/support/raw-app.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly body: string;
}

async function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  let trailers: IncomingHttpHeaders = {};
  stream.on("trailers", (fields) => (trailers = fields));
  const [headers] = (await once(stream, "response")) as [IncomingHttpHeaders];
  let body = "";
  for await (const chunk of stream) body += chunk;
  return { status: Number(headers[":status"]), headers, trailers, body };
}

function get(session: ClientHttp2Session, headers: OutgoingHttpHeaders = {}): ClientHttp2Stream {
  return session.request({ ":authority": "wiki.local", ":path": "/", ...headers });
}

async function scene(play: Play) {
  const app = await rawApp(play);
  const door = await openDoor({ wiki: app.to });
  return { app, door, session: await door.http2("wiki.local") };
}

test("the host of :authority, joined cookies and the door's own fields reach the app", async () => {
  const { app, session } = await scene(answering(OK));
  const stream = get(session, {
    ":authority": "wiki.local:8443",
    "x-forwarded-for": "6.6.6.6",
    x_forwarded_for: "6.6.6.6",
    "cdn-loop": "other",
    cookie: ["a=1", "b=2"],
    te: "trailers",
    "x-mine": ["1", "2"],
  });
  await answerOf(stream);
  expect(app.received[0]?.split("\r\n")).toEqual([
    "GET / HTTP/1.1",
    "host: wiki.local:8443",
    "cdn-loop: other",
    "cookie: a=1; b=2",
    "x-mine: 1",
    "x-mine: 2",
    "X-Forwarded-For: 127.0.0.1",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Host: wiki.local:8443",
    "X-Forwarded-Port: 8443",
    "CDN-Loop: genkan-test",
    "",
    "",
  ]);
});

test.each([
  ["a path with a control byte", { ":path": "/a\u0001" }],
  ["a path with a fragment", { ":path": "/a#b" }],
  ["a path without a slash", { ":path": "a" }],
  ["an authority with a user", { ":authority": "a@wiki.local" }],
  ["an authority that is no name", { ":authority": "-" }],
  ["a method that is no token", { ":method": "GE T" }],
])("%s is refused without a word to the app", async (_title, headers) => {
  const { app, session } = await scene(answering(OK));
  const stream = get(session, headers);
  const outcome = await Promise.race([
    answerOf(stream).then(({ status }) => status),
    once(stream, "error").then(() => 400), // nghttp2 refuses some by itself, with a reset
    once(stream, "close").then(() => 400),
  ]);
  expect(outcome).toBe(400);
  expect(app.received).toEqual([]);
});

test.each(["TRACE", "CONNECT"])("%s is refused", async (method) => {
  const { session } = await scene(answering(OK));
  const headers = method === "CONNECT" ? { ":path": undefined, ":scheme": undefined } : {};
  const stream = session.request({ ":method": method, ":authority": "wiki.local", ...headers });
  expect(await answerOf(stream)).toMatchObject({ status: 405 });
});

test("a field an app sends twice where HTTP/2 in Node allows one does not break the answer", async () => {
  const { session } = await scene(
    answering(
      "HTTP/1.1 200 OK\r\nX-Content-Type-Options: nosniff\r\nX-Content-Type-Options: nosniff\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nok",
    ),
  );
  const { headers, body } = await answerOf(get(session));
  expect(body).toBe("ok");
  expect(headers["set-cookie"]).toEqual(["a=1", "b=2"]);
  expect(headers["x-content-type-options"]).toBe("nosniff, nosniff");
});

test("trailers of a visitor reach the app", async () => {
  const { app, session } = await scene((socket) => {
    socket.on("data", (chunk) => {
      if (chunk.includes("\r\n0\r\n") || chunk.toString().startsWith("0\r\n")) socket.write(OK);
    });
  });
  const stream = session.request(
    { ":method": "POST", ":authority": "wiki.local" },
    { waitForTrailers: true },
  );
  stream.on("wantTrailers", () => stream.sendTrailers({ "x-sum": "9" }));
  stream.end("abc");
  await answerOf(stream);
  expect(app.received[0]).toMatch(
    /transfer-encoding: chunked.*\r\n3\r\nabc\r\n0\r\nx-sum: 9\r\n\r\n$/is,
  );
});

test.each([
  ["HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", 200, "1000"],
  ["GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n", 304, "1000"],
  ["GET", "HTTP/1.1 204 No Content\r\n\r\n", 204, undefined],
  ["GET", "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n", 205, "0"],
])("%s answered by %j ends with its head", async (...row) => {
  const [method, answer, status, length] = row;
  const { session } = await scene(answering(answer));
  const answered = await answerOf(get(session, { ":method": method }));
  expect(answered).toMatchObject({ status, body: "" });
  expect(answered.headers["content-length"]).toBe(length);
});

test("an answer that breaks off at the app resets the stream, and the session serves on", async () => {
  const { app, session, door } = await scene((socket, nth) => {
    socket.once("data", () => socket.write(nth === 1 ? CHUNKED : OK));
  });
  const stream = get(session);
  const failed = once(stream, "error");
  await once(stream, "response");
  await once(stream, "data");
  app.connections[0]?.destroy();
  await failed;
  expect(stream.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
  expect(door.log.find(({ event }) => event === "exchange.failed")).toMatchObject({
    code: "APP_BROKE_OFF",
  });
  expect(await answerOf(get(session))).toMatchObject({ status: 200, body: "ok" });
});

test("a visitor who takes a request back takes the app's work with it", async () => {
  const { app, session, door } = await scene(() => undefined);
  const stream = get(session);
  await expect.poll(() => app.received[0]).toContain("GET /");
  stream.close(constants.NGHTTP2_CANCEL);
  await expect.poll(() => app.connections[0]?.destroyed).toBe(true);
  expect(door.problems).toEqual([]);
});

test("an answer that comes before the upload is through ends it without blame", async () => {
  const { session } = await scene((socket) => {
    socket.once("data", () =>
      socket.write("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"),
    );
  });
  const stream = get(session, { ":method": "POST" });
  stream.write(Buffer.alloc(100_000));
  expect(await answerOf(stream)).toMatchObject({ status: 413, body: "no" });
  await expect.poll(() => stream.closed).toBe(true);
  expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
});

test("a head beyond the limit is refused, and the next visitor is served", async () => {
  const { app, session, door } = await scene(answering(OK));
  const stream = session.request({ ":authority": "wiki.local", "x-a": "a".repeat(60_000) });
  await expect(once(stream, "response")).rejects.toThrow("ENHANCE_YOUR_CALM");
  expect(app.received).toEqual([]);
  expect(await answerOf(get(await door.http2("wiki.local")))).toMatchObject({ body: "ok" });
});

test("bytes that are no HTTP/2 end the connection, and the next visitor is served", async () => {
  const app = await rawApp(answering(OK));
  // Node 20 answers some of them with GOAWAY and leaves the rest to the idle deadline.
  const door = await openDoor({ wiki: app.to }, { limits: { keepAliveIdle: 300 } });
  const { caPem: ca } = await testAuthority();
  const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  const settings = "\0\0\0\x04\0\0\0\0\0";
  for (const bytes of [
    "GET / HTTP/1.1\r\nHost: wiki.local\r\n\r\n",
    `${preface}${settings}\xff\xff\xff\0\0\0\0\0\x01`, // a frame of 16 MiB
    `${preface}${settings}\0\0\x01\x01\x04\0\0\0\x01\xff`, // fields no decoder can read
    `${preface}${settings}\0\0\x01\0\0\0\0\0\x01x`, // content of a stream that does not exist
  ]) {
    const socket = connectTls({
      port: door.httpsPort,
      host: "127.0.0.1",
      servername: "wiki.local",
      ca,
      ALPNProtocols: ["h2"],
    });
    socket.on("error", () => undefined).resume();
    onTestFinished(() => void socket.destroy());
    socket.write(bytes, "latin1");
    await once(socket, "close");
  }
  expect(await answerOf(get(await door.http2("wiki.local")))).toMatchObject({ body: "ok" });
});

test("a connection whose frames broke the rules ends although an app still thinks about a request of it", async () => {
  const app = await rawApp(() => undefined);
  const limits = { keepAliveIdle: 200, headerDeadline: 200 };
  const door = await openDoor({ wiki: app.to }, { limits });
  const talk = await door.raw("wiki.local", { ALPNProtocols: ["h2"] });
  const literal = (text: string): string => String.fromCharCode(text.length) + text;
  const fields = [":method", "GET", ":scheme", "https", ":authority", "wiki.local", ":path", "/"];
  const head = fields.map((text, i) => `${i % 2 === 0 ? "\0" : ""}${literal(text)}`).join("");
  talk.say("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0");
  talk.say(`\0\0${String.fromCharCode(head.length)}\x01\x05\0\0\0\x01${head}`);
  await expect.poll(() => app.received.length).toBe(1);
  talk.say("\0\0\x05\0\x01\0\0\0\x07hello"); // content for a stream nobody opened
  await talk.end();
  await expect.poll(() => app.connections[0]?.destroyed).toBe(true);
});
