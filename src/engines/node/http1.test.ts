import { createHash } from "node:crypto";
import { once } from "node:events";
import { Readable } from "node:stream";
import { type ClientRequest, createServer, type IncomingMessage } from "node:http";
import { request as secureRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { openDoor, testAuthority, type TestDoor } from "../../../test/support/door.ts";
import { answering, rawApp } from "../../../test/support/raw-app.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const GET = "GET / HTTP/1.1\r\nHost: wiki.local\r\n";

/** What the app received, as lines. */
async function forwarded(request: string): Promise<string[]> {
  const app = await rawApp(answering(OK));
  const door = await openDoor({ wiki: app.to });
  const talk = await door.raw("wiki.local");
  talk.say(request);
  await talk.until("ok");
  return (app.received[0] ?? "").split("\r\n");
}

/** What the visitor heard of an app's answer. */
async function answered(
  answer: string,
  request = `${GET}\r\n`,
  last: string | RegExp = "\r\n\r\n",
) {
  const app = await rawApp(answering(answer));
  const door = await openDoor({ wiki: app.to });
  const talk = await door.raw("wiki.local");
  talk.say(request);
  return talk.until(last);
}

test("order, case and duplicates of a visitor's fields are kept", async () => {
  const lines = await forwarded(`${GET}X-b: 1\r\nx-A: 2\r\nX-b: 3\r\nCookie: a=b\r\n\r\n`);
  expect(lines.slice(0, 6)).toEqual([
    "GET / HTTP/1.1",
    "Host: wiki.local",
    "X-b: 1",
    "x-A: 2",
    "X-b: 3",
    "Cookie: a=b",
  ]);
});

test("fields about the connection, and those it names, stay at the door", async () => {
  const lines = await forwarded(
    `${GET}Connection: keep-alive, X-Mine, host, content-length\r\nX-Mine: 1\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\nProxy-Connection: keep-alive\r\nProxy-Authorization: x\r\nTrailer: X-T\r\n\r\n`,
  );
  expect(lines.join("\n")).not.toMatch(/connection|x-mine|keep-alive|^te:|proxy|trailer/im);
  expect(lines).toContain("Host: wiki.local");
});

test("what apps are told about the visitor is said by the door alone", async () => {
  const lines = await forwarded(
    `GET / HTTP/1.1\r\nHost: wiki.local:8443\r\nX-Forwarded-For: 6.6.6.6\r\nx-forwarded-host: evil\r\nX-Forwarded-User: root\r\nX_Forwarded_For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nx_real_ip: 6.6.6.6\r\nX-Genkan-Device: ada\r\nX_Genkan_Device: ada\r\nRemote-User: root\r\nremote_user: root\r\nX-WebAuth-User: root\r\nX-Auth-Request-Email: a@b\r\nX-Forwarded: 1\r\nX-Original-URL: /admin\r\nTrue-Client-IP: 6.6.6.6\r\nProxy: http://evil\r\n\r\n`,
  );
  expect(lines.slice(1)).toEqual([
    "Host: wiki.local:8443",
    "X-Forwarded-For: 127.0.0.1",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Host: wiki.local:8443",
    "X-Forwarded-Port: 8443",
    "CDN-Loop: genkan-test",
    "",
    "",
  ]);
});

test("a request without content has no framing fields at the app, one of length 0 keeps it", async () => {
  const bare = await forwarded(`POST / HTTP/1.1\r\nHost: wiki.local\r\n\r\n`);
  expect(bare.join("\n")).not.toMatch(/content-length|transfer-encoding/i);
  const zero = await forwarded(`POST / HTTP/1.1\r\nHost: wiki.local\r\nContent-Length: 0\r\n\r\n`);
  expect(zero).toContain("Content-Length: 0");
});

test("content of a known length keeps it, content in chunks goes on in chunks with its trailers", async () => {
  const known = await forwarded(
    `POST / HTTP/1.1\r\nHost: wiki.local\r\nContent-Length: 3\r\n\r\nabc`,
  );
  expect(known.join("\n")).toMatch(/content-length: 3\n\nabc$/i);
  const chunked = await forwarded(
    `POST / HTTP/1.1\r\nHost: wiki.local\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 9\r\nX-Forwarded-For: 6.6.6.6\r\nAuthorization: x\r\n\r\n`,
  );
  expect(chunked.join("\n")).toMatch(/transfer-encoding: chunked\n\n3\nabc\n0\nX-Sum: 9\n\n$/i);
});

test("an absolute target with the same host reaches the app as a path", async () => {
  const lines = await forwarded("GET https://WIKI.local/a?b HTTP/1.1\r\nHost: wiki.local\r\n\r\n");
  expect(lines.slice(0, 2)).toEqual(["GET /a?b HTTP/1.1", "Host: WIKI.local"]);
  expect(await forwarded("GET http://wiki.local?b HTTP/1.1\r\nHost: wiki.local\r\n\r\n")).toContain(
    "GET /?b HTTP/1.1",
  );
});

test("an upgrade to anything but a WebSocket is not passed on", async () => {
  const h2c = await forwarded(
    `${GET}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`,
  );
  expect(h2c.join("\n")).not.toMatch(/upgrade|http2/i);
  const post = await forwarded(
    "POST / HTTP/1.1\r\nHost: wiki.local\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  );
  expect(post.join("\n")).not.toMatch(/upgrade/i);
});

test("content behind an upgrade is refused, not guessed at", async () => {
  const app = await rawApp(answering(OK));
  const door = await openDoor({ wiki: app.to });
  const talk = await door.raw("wiki.local");
  talk.say(
    "POST / HTTP/1.1\r\nHost: wiki.local\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 3\r\n\r\nabc",
  );
  expect(await talk.end()).toMatch(/^HTTP\/1.1 400 /);
  expect(app.received).toEqual([]);
});

test("order, case and duplicates of an app's fields are kept, and nothing is added to them", async () => {
  const heard = await answered(
    "HTTP/1.1 299 Fine Enough\r\nserver: mine\r\nSet-Cookie: a=1\r\nX-One: 1\r\nset-cookie: b=2\r\nContent-Length: 2\r\nContent-Encoding: br\r\n\r\nok",
    `${GET}Connection: close\r\n\r\n`,
    "ok",
  );
  expect(heard.split("\r\n")).toEqual([
    "HTTP/1.1 299 Fine Enough",
    "server: mine",
    "Set-Cookie: a=1",
    "X-One: 1",
    "set-cookie: b=2",
    "Content-Length: 2",
    "Content-Encoding: br",
    "Connection: close",
    "",
    "ok",
  ]);
});

test("fields about the app's connection, and those it names, stay at the door", async () => {
  const heard = await answered(
    "HTTP/1.1 200 OK\r\nConnection: X-Mine, keep-alive\r\nX-Mine: 1\r\nKeep-Alive: timeout=1\r\nProxy-Authenticate: x\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n",
  );
  expect(heard).not.toMatch(/x-mine|proxy-authenticate|upgrade|timeout=1\r/i);
});

test("an answer in chunks stays in chunks, with its trailers", async () => {
  const heard = await answered(
    "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 9\r\nX-Sum: 10\r\n\r\n",
    `${GET}\r\n`,
    "X-Sum: 10\r\n\r\n",
  );
  expect(heard).toMatch(
    /\r\nTrailer: X-Sum\r\n.*\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 9\r\nX-Sum: 10\r\n\r\n$/s,
  );
});

test("a visitor of HTTP/1.0 gets no chunks and no trailers, but the end of the connection", async () => {
  const app = await rawApp(
    answering(
      "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 9\r\n\r\n",
    ),
  );
  const door = await openDoor({ wiki: app.to });
  const talk = await door.raw("wiki.local");
  talk.say("GET / HTTP/1.0\r\nHost: wiki.local\r\n\r\n");
  const heard = await talk.end();
  expect(heard).toMatch(/\r\n\r\nabc$/);
  expect(heard).not.toMatch(/chunked|trailer/i);
});

test.each([
  ["HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", /Content-Length: 1000\r\n/],
  [
    "HEAD",
    "HTTP/1.1 200 OK\r\nTrailer: X\r\nTransfer-Encoding: chunked\r\n\r\n",
    /^HTTP\/1.1 200 OK\r\n/,
  ],
  [
    "GET",
    "HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\nETag: x\r\n\r\n",
    /Content-Length: 1000\r\n/,
  ],
  [
    "GET",
    "HTTP/1.1 204 No Content\r\n\r\n",
    /^HTTP\/1.1 204 No Content\r\n(?!.*(length|chunked))/is,
  ],
])(
  "%s answered by %j ends with its head, and the connection serves on",
  async (method, answer, expected) => {
    const app = await rawApp(answering(answer));
    const door = await openDoor({ wiki: app.to });
    const talk = await door.raw("wiki.local");
    const request = `${method} / HTTP/1.1\r\nHost: wiki.local\r\n\r\n`;
    talk.say(request + request);
    const heard = await talk.until(/\r\n\r\nHTTP\/1.1 .*\r\n\r\n/s);
    expect(heard).toMatch(expected);
    expect(heard.split("\r\n\r\n")).toHaveLength(3);
  },
);

test("early hints are passed on before the answer", async () => {
  const heard = await answered(
    `HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload; as=style\r\nX-Hint: 1\r\n\r\n${OK}`,
    `${GET}\r\n`,
    "ok",
  );
  expect(heard).toMatch(
    /^HTTP\/1.1 103 Early Hints\r\nLink: <\/a.css>; rel=preload; as=style\r\nx-hint: 1\r\n\r\nHTTP\/1.1 200 OK/i,
  );
});

test("hints Node cannot send are left out, and the answer comes", async () => {
  const heard = await answered(
    `HTTP/1.1 103 Early Hints\r\nLink: nonsense\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${OK}`,
    `${GET}\r\n`,
    "ok",
  );
  expect(heard).toMatch(/^HTTP\/1.1 200 OK/);
});

test("a visitor who waits for 100 gets it when the app says so, and not before", async () => {
  const app = await rawApp((socket) => {
    socket.on("data", (chunk) => {
      if (chunk.includes("secret")) socket.write(OK);
    });
  });
  const door = await openDoor({ wiki: app.to });
  const talk = await door.raw("wiki.local");
  talk.say(
    "POST / HTTP/1.1\r\nHost: wiki.local\r\nContent-Length: 6\r\nExpect: 100-continue\r\n\r\n",
  );
  await expect.poll(() => app.received[0]).toMatch(/expect: 100-continue\r\n/i);
  expect(talk.heard()).toBe("");
  app.connections[0]?.write("HTTP/1.1 100 Continue\r\n\r\n");
  expect(await talk.until("\r\n\r\n")).toBe("HTTP/1.1 100 Continue\r\n\r\n");
  talk.say("secret");
  expect(await talk.until("ok")).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK/);
});

test("a visitor who waits for 100 from an app that never says it gets it from the door", async () => {
  const app = await rawApp((socket) => {
    socket.on("data", (chunk) => {
      if (chunk.includes("secret")) socket.write(OK);
    });
  });
  const door = await openDoor({ wiki: app.to });
  const talk = await door.raw("wiki.local");
  talk.say(
    "POST / HTTP/1.1\r\nHost: wiki.local\r\nContent-Length: 6\r\nExpect: 100-continue\r\n\r\n",
  );
  await talk.until("HTTP/1.1 100 Continue\r\n\r\n");
  talk.say("secret");
  expect(await talk.until("ok")).toMatch(/100 Continue\r\n\r\nHTTP\/1.1 200 /);
});

test("a visitor who waits for 100 is refused before it sends anything", async () => {
  const heard = await answered(
    "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno",
    "POST / HTTP/1.1\r\nHost: wiki.local\r\nContent-Length: 6\r\nExpect: 100-continue\r\n\r\n",
    "no",
  );
  expect(heard).toMatch(/^HTTP\/1.1 413 Too Large/);
});

test("events of a stream arrive one by one, each at once", async () => {
  const app = await rawApp((socket) => {
    socket.once("data", () => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
    });
  });
  const door = await openDoor({ wiki: app.to });
  const talk = await door.raw("wiki.local");
  talk.say(`${GET}\r\n`);
  await talk.until("\r\n\r\n");
  for (const event of ["data: 1\n\n", "data: 2\n\n"]) {
    app.connections[0]?.write(event);
    expect(await talk.until(event)).toMatch(/text\/event-stream/);
  }
});

test("an answer that breaks off at the app breaks off at the visitor", async () => {
  const app = await rawApp((socket) => {
    socket.once("data", () => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    });
  });
  const door = await openDoor({ wiki: app.to });
  const talk = await door.raw("wiki.local");
  talk.say(`${GET}\r\n`);
  await talk.until("abc");
  app.connections[0]?.destroy();
  expect(await talk.end()).toMatch(/3\r\nabc\r\n$/);
  const entry = door.log.find(({ event }) => event === "exchange.failed");
  expect(entry).toMatchObject({
    level: "warn",
    app: "wiki",
    host: "wiki.local",
    code: "APP_BROKE_OFF",
  });
});

test("a visitor of HTTP/1.0 can tell an answer that broke off from one that ended", async () => {
  const app = await rawApp((socket) => {
    socket.once("data", () => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    });
  });
  const door = await openDoor({ wiki: app.to });
  const talk = await door.raw("wiki.local");
  const reset = once(talk.socket, "error");
  talk.say("GET / HTTP/1.0\r\nHost: wiki.local\r\n\r\n");
  await talk.until("abc");
  app.connections[0]?.destroy();
  expect(await reset).toMatchObject([{ code: "ECONNRESET" }]);
});

test("a visitor who leaves takes the app's work with it", async () => {
  const app = await rawApp(() => undefined);
  const door = await openDoor({ wiki: app.to });
  const talk = await door.raw("wiki.local");
  talk.say(`${GET}\r\n`);
  await expect.poll(() => app.received[0]).toContain("GET /");
  talk.socket.destroy();
  await expect.poll(() => app.connections[0]?.destroyed).toBe(true);
  expect(door.problems).toEqual([]);
});

test("a visitor who leaves takes the work for its pipelined requests with it", async () => {
  const app = await rawApp(() => undefined);
  const door = await openDoor({ wiki: app.to });
  const talk = await door.raw("wiki.local");
  talk.say(`${GET}\r\n${GET}\r\n`);
  await expect.poll(() => app.connections.length).toBe(2);
  talk.socket.destroy();
  await expect.poll(() => app.connections.map((socket) => socket.destroyed)).toEqual([true, true]);
  await expect.poll(() => door.engine.traffic()[0]?.active).toBe(0);
});

test("a visitor who leaves in the middle of its upload takes the app's connection with it", async () => {
  const app = await rawApp(() => undefined);
  const door = await openDoor({ wiki: app.to });
  const talk = await door.raw("wiki.local");
  talk.say("POST / HTTP/1.1\r\nHost: wiki.local\r\nContent-Length: 100\r\n\r\nabc");
  await expect.poll(() => app.received[0]).toContain("abc");
  talk.socket.destroy();
  await expect.poll(() => app.connections[0]?.destroyed).toBe(true);
});

test("a refusal arrives although the visitor is still sending, and the connection ends after it", async () => {
  const app = await rawApp((socket) => {
    socket.once("data", () =>
      socket.write("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"),
    );
  });
  const door = await openDoor({ wiki: app.to });
  const talk = await door.raw("wiki.local");
  talk.say(
    `POST / HTTP/1.1\r\nHost: wiki.local\r\nContent-Length: 10000000\r\n\r\n${"a".repeat(100_000)}`,
  );
  await talk.until("no");
  expect(await talk.end()).toMatch(/^HTTP\/1.1 413 /);
});

test("a large body passes through both ways unharmed, and a slow reader slows the app down", async () => {
  const size = 64 * 1024 * 1024;
  const block = Buffer.alloc(64 * 1024, "0123456789abcdef");
  let made = 0;
  const server = createServer((request, response) => {
    const hash = createHash("sha256");
    request.on("data", (chunk: Buffer) => hash.update(chunk));
    request.on("end", () => {
      response.setHeader("x-sum", hash.digest("hex"));
      Readable.from(blocks(), { objectMode: false, highWaterMark: 64 * 1024 }).pipe(response);
    });
  });
  function* blocks(): Generator<Buffer> {
    for (made = 0; made < size; made += block.length) yield block;
  }
  const door = await openDoor({ wiki: await listen(server) });
  const whole = createHash("sha256");
  for (let i = 0; i < size; i += block.length) whole.update(block);
  const sum = whole.digest("hex");

  const request = await upload(door);
  Readable.from(blocks(), { objectMode: false }).pipe(request);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  expect(response.headers["x-sum"]).toBe(sum);
  response.pause();
  await expect.poll(() => made).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(made).toBeLessThan(size / 2);
  const back = createHash("sha256");
  for await (const chunk of response) back.update(chunk as Buffer);
  expect(back.digest("hex")).toBe(sum);
});

async function upload(door: TestDoor): Promise<ClientRequest> {
  const { caPem } = await testAuthority();
  return secureRequest({
    host: "127.0.0.1",
    port: door.httpsPort,
    servername: "wiki.local",
    ca: caPem,
    agent: false,
    method: "POST",
    headers: { host: "wiki.local", "transfer-encoding": "chunked" },
  });
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test("bytes above ASCII in an answer's fields are passed on as they are, also where the content comes later", async () => {
  const field = "Content-Disposition: attachment; filename=\xc3\xbc.pdf\r\n";
  for (const framing of ["Transfer-Encoding: chunked\r\n", "Content-Length: 2\r\n"]) {
    const heard = await answered(`HTTP/1.1 200 OK\r\n${field}${framing}\r\n`);
    expect(heard).toContain(`\r\n${field}`);
  }
});
