import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { echo, HANDSHAKE, shaken } from "../../../test/contract/websocket-scene.ts";
import { planOf, testAuthority } from "../../../test/support/door.ts";
import { openNginxDoor } from "../../../test/support/nginx-door.ts";
import { answering, rawApp, SOON } from "../../../test/support/raw-app.ts";
import { createThrowawayCa } from "../../../test/support/throwaway-ca.ts";
import { describeWithTools } from "../../../test/support/tools.ts";
import type { Clock } from "../../kernel/clock.ts";

const HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const GET = "GET / HTTP/1.1\r\nHost: wiki.local\r\nConnection: close\r\n\r\n";
const MINUTE = 60_000;

type Door = Awaited<ReturnType<typeof openNginxDoor>>;

async function ask(door: Door, name = "wiki.local"): Promise<string> {
  const talk = await door.raw(name);
  talk.say(GET.replace("wiki.local", name));
  return talk.end();
}

function masterOf(door: Door): number {
  return Number(readFileSync(join(door.dir, "nginx.pid"), "utf8"));
}

function workersOf(door: Door): number[] {
  const listed = String(execFileSync("ps", ["-A", "-o", "pid=,ppid="]));
  const rows = listed.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  return rows.flatMap(([pid = 0, parent]) => (parent === masterOf(door) ? [pid] : []));
}

/** A clock on which time passes when told. */
function handClock() {
  const tasks: { ms: number; task: () => void }[] = [];
  const clock: Clock = {
    now: Date.now,
    every(ms, task) {
      const row = { ms, task };
      tasks.push(row);
      return () => void tasks.splice(tasks.indexOf(row), 1);
    },
  };
  const pass = (ms: number): void => {
    for (const row of tasks) if (row.ms <= ms) row.task();
  };
  return { clock, pass };
}

describeWithTools("an nginx that has a bad day", ["nginx", "ps"], () => {
  test("a worker that was killed is replaced, and the door serves on", async () => {
    const app = await rawApp(answering(HELLO));
    const door = await openNginxDoor({ wiki: app.to });
    const master = masterOf(door);
    for (const worker of workersOf(door)) process.kill(worker, "SIGKILL");
    await expect.poll(() => ask(door).catch(String), SOON).toMatch(/hello$/);
    expect(masterOf(door)).toBe(master);
    expect(door.engine.troubles?.()).toEqual([]);
  });

  test("one that hangs is told of until it answers again", async () => {
    const { clock, pass } = handClock();
    const app = await rawApp(answering(HELLO));
    const door = await openNginxDoor({ wiki: app.to }, { clock });
    const group = -masterOf(door);
    process.kill(group, "SIGSTOP");
    onTestFinished(() => void process.kill(group, "SIGCONT"));
    pass(10_000);
    await expect
      .poll(() => door.engine.troubles?.(), { timeout: 20_000 })
      .toMatchObject([{ app: "", error: { code: "NGINX_SILENT" } }]);
    process.kill(group, "SIGCONT");
    await expect
      .poll(() => {
        pass(10_000);
        return door.engine.troubles?.();
      }, SOON)
      .toEqual([]);
    expect(await ask(door)).toMatch(/hello$/);
  });

  test("while the daemon takes no WebSockets, none reaches its app, and pages pass", async () => {
    const app = await rawApp(answering(HELLO));
    const door = await openNginxDoor({ wiki: app.to });
    const config = readFileSync(join(door.dir, "nginx.conf"), "utf8");
    rmSync(/unix:(\S+relay\.sock)/.exec(config)?.[1] ?? "");
    const talk = await door.raw("wiki.local");
    talk.say(`${HANDSHAKE}\r\n`);
    expect(await talk.until("\r\n\r\n")).toMatch(/^HTTP\/1\.1 502 /);
    expect(app.connections).toEqual([]);
    expect(await ask(door)).toMatch(/hello$/);
  });

  test("of a thousand apps one renders invalid: it is left out, the others are served", async () => {
    const app = await rawApp(answering(HELLO));
    const ca = await testAuthority();
    const one = await ca.leaves.leafFor("many.local");
    const bad = { ...one, id: "bad", certPem: "no certificate\n" };
    const leafFor = async (name: string) => (name === "app700.local" ? bad : one);
    const names = Array.from({ length: 1000 }, (_, i) => `app${i}`);
    const many = Object.fromEntries(names.map((name) => [name, app.to]));
    const door = await openNginxDoor(many, { leaves: { ...ca.leaves, leafFor } });
    expect(door.engine.troubles?.()).toMatchObject([
      { app: "app700", error: { code: "NGINX_REFUSED_APP" } },
    ]);
    const talk = await door.raw("app999.local", { checkServerIdentity: () => undefined });
    talk.say(GET.replace("wiki", "app999"));
    expect(await talk.end()).toMatch(/hello$/);
  }, 120_000);
});

describeWithTools("certificates beside the nginx engine", ["nginx"], () => {
  test("a renewed one is shown a minute later, and no WebSocket notices", async () => {
    const { clock, pass } = handClock();
    const app = await rawApp(echo);
    const ca = await testAuthority();
    let shown = await ca.issue(["wiki.local"]);
    const leaves = { ...ca.leaves, leafFor: async () => shown };
    const door = await openNginxDoor({ wiki: app.to }, { clock, leaves });
    const talk = await shaken(door);
    const serial = async (): Promise<string> => {
      const visitor = await door.raw("wiki.local");
      const { socket } = visitor;
      if (!(socket instanceof TLSSocket)) throw new Error("not over TLS");
      const { serialNumber } = socket.getPeerCertificate();
      socket.destroy();
      return serialNumber.toLowerCase();
    };
    expect(await serial()).toBe(shown.id);
    shown = await ca.issue(["wiki.local"]);
    expect(await serial()).not.toBe(shown.id);
    pass(MINUTE);
    await expect.poll(serial, SOON).toBe(shown.id);
    talk.say("still here");
    await talk.until("still here");
    await door.engine.apply(planOf({ wiki: app.to, more: app.to }));
    talk.say("and still");
    await talk.until("and still");
  });

  test("an https app is asked where its certificate can be trusted, and not where it cannot", async () => {
    const own = await createThrowawayCa();
    const stranger = await createThrowawayCa();
    const ports: number[] = [];
    for (const ca of [own, stranger]) {
      const { certPem, keyPem } = await ca.issue(["localhost"]);
      const server = createServer({ cert: certPem, key: keyPem }, (_request, response) => {
        response.end("hello");
      });
      onTestFinished(() => void server.close());
      await once(server.listen(0, "127.0.0.1"), "listening");
      ports.push((server.address() as AddressInfo).port);
    }
    const to = (port = 0) =>
      ({ scheme: "https", host: "localhost", port, insecure: false }) as const;
    const apps = { wiki: to(ports[0]), fake: to(ports[1]) };
    const door = await openNginxDoor(apps, { trustedRoots: [own.caPem] });
    expect(await ask(door)).toMatch(/hello\r\n0\r\n\r\n$|hello$/);
    expect(await ask(door, "fake.local")).toMatch(/^HTTP\/1\.1 502 .*APP_TLS/s);
  });
});
