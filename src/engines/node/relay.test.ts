import { once } from "node:events";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { echo, HANDSHAKE } from "../../../test/contract/websocket-scene.ts";
import { pagesNoting, planOf, talkOver } from "../../../test/support/door.ts";
import { CLOSED_GATE } from "../../../test/support/household.ts";
import { rawApp, SOON } from "../../../test/support/raw-app.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import { silentLog } from "../../kernel/log.ts";
import type { Pages, Problem } from "../needs.ts";
import { createWebSocketRelay } from "./relay.ts";
import { createUpstreamClient } from "./upstream/client.ts";

const OURS = "X-Genkan-Secret: sesame\r\nX-Genkan-Address: 192.168.1.7\r\n";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

async function scene() {
  const app = await rawApp(echo);
  const problems: Problem[] = [];
  const upstream = createUpstreamClient();
  const pages: Writable<Pages> = pagesNoting(problems, undefined);
  const relay = createWebSocketRelay({
    pages,
    gate: CLOSED_GATE,
    upstream,
    log: silentLog,
    instance: "test",
  });
  const path = join(tempFolder(), "relay.sock");
  const server = createServer((socket) => relay.serve(socket, "sesame")).listen(path);
  onTestFinished(async () => {
    relay.stop();
    await upstream.stop();
    server.close();
  });
  await once(server, "listening");
  relay.follow(planOf({ wiki: app.to }));
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
