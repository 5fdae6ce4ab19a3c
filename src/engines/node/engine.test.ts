import { once } from "node:events";
import { expect, test } from "vitest";
import { openDoor } from "../../../test/support/door.ts";
import { answering, rawApp } from "../../../test/support/raw-app.ts";

const HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

test("a request over HTTP/1.1 reaches its app and the answer comes back", async () => {
  const app = await rawApp(answering(HELLO));
  const door = await openDoor({ wiki: app.to });
  const talk = await door.raw("wiki.local");
  talk.say("GET /a?b=c HTTP/1.1\r\nHost: wiki.local\r\n\r\n");
  expect(await talk.until("hello")).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect(app.received[0]).toMatch(/^GET \/a\?b=c HTTP\/1.1\r\nHost: wiki.local\r\n/);
});

test("a request over HTTP/2 reaches its app and the answer comes back", async () => {
  const app = await rawApp(answering(HELLO));
  const door = await openDoor({ wiki: app.to });
  const session = await door.http2("wiki.local");
  const stream = session.request({ ":path": "/a?b=c", ":authority": "wiki.local" });
  const [headers] = await once(stream, "response");
  let body = "";
  for await (const chunk of stream) body += chunk;
  expect([headers[":status"], body]).toEqual([200, "hello"]);
  expect(app.received[0]).toMatch(/^GET \/a\?b=c HTTP\/1.1\r\nhost: wiki.local\r\n/);
});
