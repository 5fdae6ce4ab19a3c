import { once } from "node:events";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { echo, HANDSHAKE } from "../../../test/contract/websocket-scene.ts";
import { pagesNoting, planOf, talkOver, type Terms } from "../../../test/support/door.ts";
import { CLOSED_GATE } from "../../../test/support/household.ts";
import { answering, type Play, rawApp, SOON } from "../../../test/support/raw-app.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import { silentLog } from "../../kernel/log.ts";
import type { Pages, Problem } from "../needs.ts";
import { createWebSocketRelay } from "./relay.ts";
import { createUpstreamClient } from "./upstream/client.ts";

const OURS = "X-Genkan-Secret: sesame\r\nX-Genkan-Address: 192.168.1.7\r\n";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

async function scene(play: Play = echo, terms: Terms = {}) {
  const app = await rawApp(play);
  const problems: Problem[] = [];
  const upstream = createUpstreamClient();
  const pages: Writable<Pages> = pagesNoting(problems, undefined);
  const relay = createWebSocketRelay({
    pages,
    gate: CLOSED_GATE,
    upstream,
    log: silentLog,
    instance: "test",
    rewriter: { limit: 1000, rewrite: async () => Buffer.from('"anew"') },
  });
  const path = join(tempFolder(), "relay.sock");
  const server = createServer((socket) => relay.serve(socket, "sesame")).listen(path);
  onTestFinished(async () => {
    relay.stop();
    await upstream.stop();
    server.close();
  });
  await once(server, "listening");
  relay.follow(planOf({ wiki: app.to }, terms));
  return { app, pages, problems, relay, talk: () => talkOver(connect(path), "connect") };
}

test("a handshake is carried, with what the other engine says of its visitor", async () => {
  const { app, relay, talk } = await scene();
  const visitor = await talk();
  visitor.say(`${HANDSHAKE}${OURS}\r\n`);
  await visitor.until("101 Switching");
  visitor.say("hello");
  await visitor.until("hello");
  expect(app.received[0]).toContain("X-Forwarded-For: 192.168.1.7\r\n");
  expect(app.received[0]).not.toMatch(/sesame|x-genkan/i);
  expect(relay.of("wiki")).toEqual({ requests: 1, webSockets: 1 });
});

test.each([
  ["without the secret", `${HANDSHAKE}\r\n`],
  ["with another secret", `${HANDSHAKE}${OURS.replace("sesame", "guess!")}\r\n`],
  ["for no WebSocket", `GET / HTTP/1.1\r\nHost: wiki.local\r\n${OURS}\r\n`],
])("nothing is carried %s", async (_, request) => {
  const { app, problems, talk } = await scene();
  const visitor = await talk();
  visitor.say(request);
  expect(await visitor.until("\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  expect(problems).toMatchObject([{ code: "DOOR_BAD_REQUEST" }]);
  expect(app.connections).toEqual([]);
});

const SANDBOXES: Terms = { sandboxes: { named: ["/named"], origins: "ports", cookies: [] } };
const ASKING = `GET /named HTTP/1.1\r\nHost: wiki.local\r\nConnection: close\r\n${OURS}\r\n`;
const JSON_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n";

test("of an app with sandboxes answers are carried too, rewritten where they may name one", async () => {
  const { app, relay, talk } = await scene(answering(`${JSON_HEAD}{}`), SANDBOXES);
  for (const [path, content] of [
    ["/named", '"anew"'],
    ["/%6eamed", "{}"], // as the built-in engine: what is named is what the visitor wrote
  ] as const) {
    const visitor = await talk();
    visitor.say(ASKING.replace("/named", path));
    expect((await visitor.end()).split("\r\n\r\n")[1]).toBe(content);
  }
  expect(app.received.join("")).toContain("X-Forwarded-For: 192.168.1.7\r\n");
  expect(app.received.join("")).not.toMatch(/sesame|x-genkan/i);
  expect(relay.of("wiki")).toEqual({ requests: 2, webSockets: 0 });
});

test("an answer that is under way when it stops comes to its end", async () => {
  const { app, relay, talk } = await scene(() => undefined, SANDBOXES);
  const visitor = await talk();
  visitor.say(ASKING);
  await expect.poll(() => app.received[0], SOON).toContain("GET /named");
  relay.stop();
  app.connections[0]?.write(`${JSON_HEAD}{}`);
  expect(await visitor.end()).toMatch(/^HTTP\/1.1 200 .*"anew"$/s);
});

test("WebSockets outlive plans until they are pruned, and none begins by an old one", async () => {
  const { app, relay, talk } = await scene();
  const visitor = await talk();
  visitor.say(`${HANDSHAKE}${OURS}\r\n`);
  await visitor.until("101 Switching");
  relay.follow(planOf({}));
  visitor.say("still here");
  await visitor.until("still here");
  const late = await talk();
  late.say(`${HANDSHAKE}${OURS}\r\n`);
  expect(await late.until("\r\n\r\n")).toMatch(/^HTTP\/1\.1 421 /);
  const ended = once(visitor.socket, "end");
  relay.prune();
  await ended;
  await expect.poll(() => app.connections[0]?.destroyed, SOON).toBe(true);
  expect(relay.of("wiki").webSockets).toBe(0);
});

test("WebSockets of the door's own pages are carried, and end when it stops", async () => {
  const { pages, relay, talk } = await scene();
  pages.webSocket = () => (socket) => void socket.write("welcome");
  const visitor = await talk();
  visitor.say(`${HANDSHAKE.replace("wiki", "genkan")}${OURS}\r\n`);
  expect(await visitor.until("welcome")).toMatch(/^HTTP\/1\.1 101 /);
  relay.stop();
  await visitor.end();
});

test("once stopped it ends what is open and takes nobody new", async () => {
  const { relay, talk } = await scene();
  const visitor = await talk();
  visitor.say(`${HANDSHAKE}${OURS}\r\n`);
  await visitor.until("101 Switching");
  relay.stop();
  await visitor.end();
  const late = await talk();
  late.say(`${HANDSHAKE}${OURS}\r\n`);
  expect(await late.end()).toBe("");
});
