/*
 * Things break while somebody waits for them to: what the door keeps of its devices is damaged, a device is put
 * out in the middle of a download, the door is closed and opened. Whatever happens, nobody gets in who would not
 * otherwise.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import type { Browser } from "./browser.ts";
import { type Household, setHousehold } from "./household.ts";
import { onEveryEngine } from "./stage.ts";

/** Milliseconds: nginx remembers a yes for five seconds. */
const REMEMBERED = 6_000;
const SLOW = { timeout: 180_000 };
/** How soon a device that was put out must be out. */
const AT_ONCE = { timeout: 5_000, interval: 20 };

onEveryEngine((engine) => {
  describe("a device that is put out", () => {
    const home = setHousehold(engine);

    // nginx ends no single exchange but a WebSocket (docs/engines.md).
    const lost = engine === "node" ? ["download", "socket"] : ["socket"];

    test(`loses its ${lost.join(" and ")} in the middle, and nobody else does`, async () => {
      const [ada, mallory] = [await home.paired("Ada's phone"), await home.paired("Mallory's")];
      home.hostile((_request, response) => void response.write("the first part"));
      const [stays, ends] = [await holds(home, ada), await holds(home, mallory)];
      await home.genkan("revoke", "Mallory's");
      await vi.waitFor(() => expect(ends.over).toEqual(lost), AT_ONCE);
      expect(stays.over).toEqual([]);
      expect(await stays.echo("still here")).toBe("still here");
    });

    test("is a stranger at every name, with every cookie it had", async () => {
      const bob = await home.paired("Bob's");
      for (const app of ["wiki", "evil"]) await bob.walk(home.at(app));
      const { location: code } = await bob.open((await onTheWay(home, bob, "wiki")).href);
      await home.genkan("revoke", "Bob's");
      home.reached.length = 0;
      for (const app of ["wiki", "evil"]) expect((await bob.ask(home.at(app))).status).toBe(401);
      expect((await bob.open(home.at("genkan", "/devices"))).location).toBe("/pair?lang=en");
      expect((await bob.open(code)).status).toBe(403); // issued before, shown after
      expect((await bob.walk(home.at("wiki"))).body).toContain('name="digits"');
      expect(home.reached).toEqual([]);
    });

    test("signs in nobody by an invitation it left open, nor does one that is an owner's no more", async () => {
      const mallory = await home.paired("Mallory's second", "--owner");
      const invite = async (): Promise<string> => {
        const wish = { who: "owner", name: "" };
        const page = await mallory.submit(home.at("genkan", "/devices/pair"), wish);
        const [, head = "", tail = ""] =
          /<span>(\d{3})<\/span><span>(\d{3})</.exec(page.body) ?? [];
        expect(head + tail).toMatch(/^\d{6}$/);
        return head + tail;
      };
      const type = (digits: string) =>
        home.stranger().submit(home.at("genkan", "/pair"), { digits, name: "Mallory again" });
      expect((await type(await invite())).status).toBe(303); // while it is an owner's
      const left = await invite();
      await home.genkan("revoke", "Mallory's second");
      const answer = await type(left);
      expect([answer.status, answer.headers["set-cookie"]]).toEqual([403, undefined]);
      await home.genkan("revoke", "Mallory again");
    });
  });

  // The built-in engine is the daemon itself: where that hangs, nothing answers.
  describe.runIf(engine === "nginx")("a daemon that hangs", () => {
    const home = setHousehold(engine);

    test("lets nobody in, and no longer than seconds those who were in", SLOW, async () => {
      const ada = await home.paired("Ada's phone");
      await ada.walk(home.at("wiki"));
      const { pid } = home.door;
      process.kill(pid, "SIGSTOP");
      onTestFinished(() => void process.kill(pid, "SIGCONT"));
      home.reached.length = 0;
      const heard = await Promise.all([
        home.stranger().ask(home.at("wiki")),
        sleep(REMEMBERED).then(() => ada.ask(home.at("wiki"))),
      ]);
      for (const { status } of heard) expect([500, 502, 503, 504]).toContain(status);
      expect(home.reached).toEqual([]);
      process.kill(pid, "SIGCONT");
      const status = async (): Promise<number> => (await ada.ask(home.at("wiki"))).status;
      await expect.poll(status, { timeout: 60_000 }).toBe(200);
    });
  });

  describe("what the door keeps of its devices", () => {
    const home = setHousehold(engine);
    const fileOf = (name: string): string => join(home.door.home, "state/access", name);

    test("survives a door that is closed and opened; an invitation does not", async () => {
      const ada = await home.paired("Ada's phone");
      await ada.walk(home.at("wiki"));
      const digits = await home.digits();
      await home.reopen(() => undefined);
      expect((await ada.ask(home.at("wiki"))).status).toBe(200);
      const fields = { digits, name: "late" };
      expect((await home.stranger().submit(home.at("genkan", "/pair"), fields)).status).toBe(403);
    });

    test.each(["devices.json", "sessions.json"])(
      "damaged in %s lets nobody in, and nobody be the first; what is open stays open",
      async (name) => {
        const ada = await home.paired(`Ada's, before ${name}`);
        await ada.walk(home.at("wiki"));
        const whole = readFileSync(fileOf(name));
        for (const damage of [
          whole.subarray(0, whole.length / 2),
          Buffer.from("{}"),
          Buffer.from("["),
        ]) {
          await home.reopen(() => writeFileSync(fileOf(name), damage));
          home.reached.length = 0;
          expect((await ada.ask(home.at("wiki"))).status).toBe(503);
          expect((await ada.walk(home.at("wiki"))).status).toBe(503);
          expect((await home.stranger().open(home.at("ledger"))).status).toBe(503);
          expect(home.reached).toEqual([]);
          expect((await home.stranger().ask(home.at("board"))).status).toBe(200);
          await expect(home.digits()).rejects.toThrow("ACCESS_STATE");
          expect(readFileSync(fileOf(name))).toEqual(damage); // left for its person to mend
        }
        await home.reopen(() => writeFileSync(fileOf(name), whole));
        expect((await ada.ask(home.at("wiki"))).status).toBe(200);
      },
    );
  });
});

/** The portal's address that gives a code, asked for with the nonce this browser has. */
async function onTheWay(home: Household, browser: Browser, app: string): Promise<URL> {
  browser.jar.get(`${app}.local`)?.delete("__Host-genkan");
  return new URL((await browser.open(home.at(app))).location);
}

interface Held {
  /** What has ended, in alphabetical order. */
  readonly over: readonly string[];
  echo(text: string): Promise<string>;
}

/** A download and a WebSocket of a device, open until the test ends. */
async function holds(home: Household, browser: Browser): Promise<Held> {
  const over: string[] = [];
  const ends = (what: string) => () => {
    over.push(what);
    over.sort();
  };
  for (const app of ["wiki", "evil"]) {
    const { href } = await onTheWay(home, browser, app);
    const { location } = await browser.open(href);
    await browser.open(location);
  }
  const to = (app: string) => ({
    host: "127.0.0.1",
    port: home.door.httpsPort,
    servername: `${app}.local`,
    ca: readFileSync(home.door.ready.root.path),
    headers: {
      host: `${app}.local:${home.door.httpsPort}`,
      cookie: browser.sessionAt(`${app}.local`),
    },
  });
  await new Promise<void>((resolve, reject) => {
    const download = request({ ...to("evil"), agent: false, path: "/large" }, (response) => {
      response.once("data", () => resolve());
      response.on("error", () => undefined); // told by close
      response.once("close", ends("download"));
    });
    download.once("error", reject).end();
    onTestFinished(() => void download.destroy());
  });
  const socket = new WebSocket(`wss://127.0.0.1:${home.door.httpsPort}/echo`, to("wiki"));
  onTestFinished(() => socket.terminate());
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  socket.once("close", ends("socket"));
  return {
    over,
    echo: (text) =>
      new Promise((resolve) => {
        socket.once("message", (data: Buffer) => resolve(data.toString()));
        socket.send(text);
      }),
  };
}
