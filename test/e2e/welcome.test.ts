/*
 * How a device that knows nothing of the door comes to trust it: over plain http, by the page's own lines.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readdirSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { Browser } from "playwright-core";
import { describe, expect, test } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { openDoor, type OpenDoor } from "../support/genkan.ts";
import { tempFolder } from "../support/temp.ts";
import { describeWithTools } from "../support/tools.ts";

interface Heard {
  readonly status: number | undefined;
  readonly location: string | undefined;
  readonly body: Buffer;
}

async function ask(door: OpenDoor, address: string, method = "GET"): Promise<Heard> {
  const { host, pathname, search } = new URL(`http://${address}`);
  const path = pathname + search;
  const asked = request({
    host: "127.0.0.1",
    port: door.httpPort,
    path,
    method,
    headers: { host },
  });
  asked.end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  const { statusCode: status, headers } = response;
  return { status, location: headers.location, body: await buffer(response) };
}

async function fingerprintOf(door: OpenDoor): Promise<string> {
  return (await door.genkan("root", "fingerprint")).stdout.trim();
}

describe.each([
  ["node", []],
  ["nginx", ["nginx"]],
] as const)("a door moved by %s, over plain http", (engine, tools) => {
  describeWithTools("shows what leads to trust, and nothing else", tools, () => {
    test("the page and the root, at its name and at an address", async () => {
      const door = await openDoor(tempFolder(), ["--engine", engine]);
      const print = await fingerprintOf(door);
      for (const host of ["genkan.local", "127.0.0.1"]) {
        const page = await ask(door, `${host}/?device=linux`);
        expect(page.status).toBe(200);
        expect(page.body.toString().replace(/<[^>]*>/g, "")).toContain(print);
        const { body } = await ask(door, `${host}/root.crt`);
        expect(new X509Certificate(body).fingerprint256).toBe(print);
      }
      expect((await ask(door, "genkan.local/", "HEAD")).status).toBe(200);
      expect((await ask(door, "genkan.local/", "POST")).status).toBe(405);
      const check = await ask(door, "genkan.local/check");
      expect(check.location).toBe(`https://genkan.local:${door.httpsPort}/check`);
      const app = await ask(door, "hello.local/root.crt");
      expect(app.location).toBe(`https://hello.local:${door.httpsPort}/root.crt`);
    });

    test("no page to a foreign Host, and no word of whose door it is", async () => {
      const door = await openDoor(tempFolder(), ["--engine", engine]);
      const print = await fingerprintOf(door);
      for (const host of ["evil.example", "genkan.local.evil.example", "xgenkan.local"]) {
        for (const path of ["/", "/root.crt", "/genkan.mobileconfig", "/trust.sh"]) {
          const { status, location, body } = await ask(door, host + path);
          expect({ status, location }).toEqual({ status: 421, location: undefined });
          expect(body.toString()).not.toMatch(new RegExp(`${print}|${host}|BEGIN CERT`));
        }
      }
    });
  });
});

/** Chromium on a machine whose files are below a folder, where every name leads to this one. */
function chromiumOn(machine: string): Promise<Browser> {
  return launchChromium(["--host-resolver-rules=MAP * 127.0.0.1", "--no-proxy-server"], {
    HOME: join(machine, "home"),
    XDG_CONFIG_HOME: undefined,
    XDG_DATA_HOME: undefined,
  });
}

describeWithTools("a fresh Linux machine", ["chromium", "certutil", "curl", "dash"], () => {
  test("goes from a warning to green by following the page", async () => {
    const door = await openDoor(tempFolder());
    const machine = tempFolder();
    mkdirSync(join(machine, "home"));
    const safe = `https://genkan.local:${door.httpsPort}`;
    const before = await chromiumOn(machine);
    // Each in a page of its own: an error page that still comes would interrupt what follows in it.
    const isWarned = async (): Promise<void> =>
      expect((await before.newPage()).goto(safe)).rejects.toThrow("ERR_CERT_AUTHORITY_INVALID");
    await isWarned();

    const page = await before.newPage();
    await page.goto(`http://genkan.local:${door.httpPort}/?device=linux`);
    const [get = "", look = "", run = ""] = await page.locator("pre").allTextContents();
    expect({ look, run }).toEqual({ look: "less trust.sh", run: "sh trust.sh FINGERPRINT" });
    // This door listens on its own machine only, so that its page has no address to name but the safe one.
    const [curl = "", ...words] = get.replace(safe, `http://127.0.0.1:${door.httpPort}`).split(" ");
    execFileSync(curl, ["-sS", ...words], { cwd: machine });

    const env = { PATH: process.env["PATH"], HOME: "/home", DESTDIR: machine };
    const follow = (print: string) => {
      const args = run.replace("FINGERPRINT", print).split(" ").slice(1);
      return spawnSync("dash", args, { cwd: machine, env, encoding: "utf8" });
    };
    const wrong = follow("AB:".repeat(32));
    expect({ exit: wrong.status, heard: wrong.stderr }).toMatchObject({ exit: 1 });
    expect(wrong.stderr).toContain("THIS IS NOT THE ROOT YOU MEAN");
    expect(readdirSync(machine).sort()).toEqual(["home", "trust.sh"]);
    await isWarned();

    const right = follow(await fingerprintOf(door));
    expect({ exit: right.status, heard: right.stderr }).toMatchObject({ exit: 0 });
    const after = await (await chromiumOn(machine)).newPage();
    expect((await after.goto(safe))?.status()).toBe(200);
    expect(await after.evaluate("isSecureContext")).toBe(true);
  });
});
