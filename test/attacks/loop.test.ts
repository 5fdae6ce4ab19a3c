/*
 * An app whose target is the door itself: a slip of the pen, or somebody who wants the door to talk
 * to itself until it falls over. One request goes round once, and says what is wrong.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freePort, type OpenDoor, openDoorAt } from "../support/genkan.ts";
import { tempFolder } from "../support/temp.ts";
import { ask, PROTOCOLS } from "./ask.ts";
import { type EngineName, onEveryEngine } from "./stage.ts";
import { talkSecurely } from "./talk.ts";

interface Ports {
  readonly httpsPort: number;
  readonly httpPort: number;
}

const freePorts = async (): Promise<Ports> => ({
  httpsPort: await freePort(),
  httpPort: await freePort(),
});

/** A door whose app `loop` (also `loop.localhost`) has this target. */
async function doorTo(engine: EngineName, target: string, ports: Ports): Promise<OpenDoor> {
  const home = tempFolder();
  const app = { target, insecure: target.startsWith("https"), access: "open" };
  writeFileSync(join(home, "genkan.yaml"), JSON.stringify({ apps: { loop: app } }));
  return openDoorAt({ home, ...ports }, ["--engine", engine]);
}

/** nginx tells of its requests within a second or so. */
const COUNTED = { timeout: 20_000, interval: 200 };

/** Requests the door counted for the app since it opened. */
async function requestsOf(door: OpenDoor): Promise<number> {
  const { stdout } = await door.genkan("status", "--json");
  const { apps } = JSON.parse(stdout) as { apps: { requests: number }[] };
  return apps[0]?.requests ?? Number.NaN;
}

type Target = readonly [title: string, target: (ports: Ports) => string];

const TARGETS: readonly Target[] = [
  ["its https port by address", ({ httpsPort }) => `https://127.0.0.1:${httpsPort}`],
  ["its https port by a name of the machine", ({ httpsPort }) => `https://localhost:${httpsPort}`],
  [
    "its https port by the app's own name",
    ({ httpsPort }) => `https://loop.localhost:${httpsPort}`,
  ],
  [
    "its https port by the portal's name",
    ({ httpsPort }) => `https://genkan.localhost:${httpsPort}`,
  ],
  ["its plain port by address", ({ httpPort }) => `http://127.0.0.1:${httpPort}`],
  ["its plain port by a name of the machine", ({ httpPort }) => `http://localhost:${httpPort}`],
];

onEveryEngine((engine) => {
  // What a loop is is told by the same field on every way round: for nginx one of each port will do.
  const targets =
    engine === "node" ? TARGETS : TARGETS.filter(([title]) => title.includes("by address"));

  /** Requests of one round as they are counted: nginx also counts the one it refuses. */
  const round = engine === "node" ? 1 : 2;

  test.each(targets)(
    "an app that is the door, %s, is told 508 and how to mend it",
    async (_title, target) => {
      const ports = await freePorts();
      const door = await doorTo(engine, target(ports), ports);
      for (const protocol of PROTOCOLS) {
        const heard = await ask(protocol, door, { app: "loop", path: "/a" });
        expect(heard.status).toBe(508);
        expect(heard.body).toContain("DOOR_LOOP");
        expect(heard.body).toContain("genkan add loop PORT");
      }
      await expect.poll(() => requestsOf(door), COUNTED).toBe(2 * round);
    },
  );

  test("a WebSocket to an app that is the door goes round once, too", async () => {
    const ports = await freePorts();
    const door = await doorTo(engine, `https://127.0.0.1:${ports.httpsPort}`, ports);
    const talk = await talkSecurely(door, "loop.local");
    talk.say(
      "GET /a HTTP/1.1\r\nHost: loop.local\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
    );
    expect(await talk.until("DOOR_LOOP")).toMatch(/^HTTP\/1.1 508 /);
  });

  test("two doors that point at each other find it out after one round", async () => {
    const [here, there] = [await freePorts(), await freePorts()];
    const one = await doorTo(engine, `https://127.0.0.1:${there.httpsPort}`, here);
    const other = await doorTo(engine, `https://127.0.0.1:${here.httpsPort}`, there);
    expect(await ask("HTTP/2", one, { app: "loop", path: "/a" })).toMatchObject({ status: 508 });
    await expect.poll(() => requestsOf(one), COUNTED).toBe(round);
    await expect.poll(() => requestsOf(other), COUNTED).toBe(1);
  });

  test("a visitor cannot make the door believe in a loop", async () => {
    const ports = await freePorts();
    const door = await doorTo(engine, "http://127.0.0.1:1", ports);
    const talk = await talkSecurely(door, "loop.local");
    talk.say(
      "GET /a HTTP/1.1\r\nHost: loop.local\r\nConnection: close\r\nCDN-Loop: genkan, genkan-0000000000000000\r\nVia: 1.1 genkan\r\n\r\n",
    );
    expect(await talk.end()).toMatch(/^HTTP\/1.1 502 [^]*APP_UNREACHABLE/);
  });
});
