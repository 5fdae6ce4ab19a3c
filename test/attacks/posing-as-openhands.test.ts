/*
 * Whatever listens can answer as OpenHands does, is taken for it, and then names ports: of other programs of this
 * machine, with a key of its own making. Told where no Docker can be asked; what Docker's word adds is told with a real
 * engine in test/e2e/docker-sandboxes.test.ts.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import type { DoorStatus } from "../../src/daemon/control/protocol.ts";
import { freePortIn } from "../openhands/ports.ts";
import { openDoor, type OpenDoor } from "../support/genkan.ts";
import { serveKnownApp } from "../support/serve-app.ts";
import { tempFolder } from "../support/temp.ts";
import { createBrowser } from "./browser.ts";
import { onEveryEngine } from "./stage.ts";

const KEY = "the-key-that-the-poser-made-up-and-told-a-friend";
const LEDGER = "the private ledger";
/** The door looked what the wiki is when it was given it. */
const OURS = '"user-agent":"genkan"';
const COUNT = "/api/v1/app-conversations/count";
const SANDBOXES = "/api/v1/sandboxes";

/** A program of this machine that asks nobody who they are, since only this machine reaches it. */
async function localService(from: number, to: number): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(JSON.stringify(request.headers));
    response.end(LEDGER);
  });
  const port = await freePortIn({ from, to }, "127.0.0.1");
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return { port, asked };
}

async function poser(...named: readonly { port: number }[]): Promise<number> {
  const sandboxes = named.map(({ port }, at) => {
    const exposed_urls = [{ name: "AGENT_SERVER", url: `http://localhost:${port}` }];
    return { id: `s${at}`, status: "RUNNING", session_api_key: KEY, exposed_urls };
  });
  const { port } = await serveKnownApp((path) => {
    if (path === "/") return { body: "<!doctype html><title>OpenHands</title>" };
    const told = new Map<string, unknown>([
      [COUNT, 1],
      [SANDBOXES, sandboxes],
    ]).get(path);
    const headers = { "content-type": "application/json" };
    return { status: told === undefined ? 404 : 200, headers, body: JSON.stringify(told ?? {}) };
  });
  return port;
}

onEveryEngine((engine) => {
  test("it gets what listens in the ranges of its generation, for those let in and for who has its key", async () => {
    const inRange = await localService(33_000, 60_000);
    const below = await localService(20_000, 30_000);
    const wiki = await localService(33_000, 60_000);
    const port = await poser(inRange, below, wiki);
    const apps = [`openhands=127.0.0.1:${port}`, `wiki=127.0.0.1:${wiki.port}`];
    const args = [...apps, "--access", "household", "--engine", engine];
    const door = await openDoor(tempFolder(), args, { DOCKER_HOST: "unix:///nowhere/docker.sock" });
    onTestFinished(async () => void (await door.end())); // an nginx that was not told would live on
    const stranger = createBrowser(door);
    const at = `https://openhands.local:${door.httpsPort}${SANDBOXES}`;

    // Nobody who was not let in can have it open anything.
    expect((await stranger.ask(at)).status).toBe(401);
    expect(await sandboxesOf(door)).toEqual([]);

    const token = (await door.genkan("token", "probe", "--app", "openhands")).stdout.trim();
    const mine = { authorization: `Bearer ${token}` };
    const { body } = await stranger.ask(at, { headers: mine });
    expect(body).toContain(`http://localhost:${below.port}`);
    expect(body).toContain(`http://localhost:${wiki.port}`);
    const [opened = "", ...more] = body.match(/https:\/\/openhands\.local:\d+/g) ?? [];
    expect(more).toEqual([]);
    expect(await sandboxesOf(door)).toEqual([`http://127.0.0.1:${inRange.port}`]);

    expect((await stranger.ask(opened)).status).toBe(401);
    const guess = { "x-session-api-key": KEY.replace("friend", "fiend") };
    expect((await stranger.ask(opened, { headers: guess })).status).toBe(401);
    expect(inRange.asked).toEqual([]);

    expect((await stranger.ask(opened, { headers: mine })).body).toBe(LEDGER);
    // What this does not stop: the poser's friend anywhere on the network has its key.
    const friend = await stranger.ask(opened, { headers: { "x-session-api-key": KEY } });
    expect(friend.body).toBe(LEDGER);
    expect(inRange.asked.join()).not.toContain(token);
    expect([...below.asked, ...wiki.asked.filter((each) => !each.includes(OURS))]).toEqual([]);
  });
});

/** Where the ports that are open for it lead. */
async function sandboxesOf(door: OpenDoor): Promise<readonly string[]> {
  const status = JSON.parse((await door.genkan("status", "--json")).stdout) as DoorStatus;
  const app = status.apps.find(({ name }) => name === "openhands");
  expect(app?.preset).toBe("openhands@1");
  return app?.sandboxes.map(({ upstream }) => upstream) ?? [];
}
