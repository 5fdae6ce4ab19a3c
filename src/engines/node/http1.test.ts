import { once } from "node:events";
import { expect, test } from "vitest";
import { openDoor } from "../../../test/support/door.ts";
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
