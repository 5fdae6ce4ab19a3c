/*
 * From the code in the door's terminal to an app's page on another device: what a person does there, counted.
 * Each device is a host of its own, with trust stores of its own and names by multicast DNS alone.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { AVAHI_TOOLS, startAvahi } from "../support/avahi.ts";
import { webSocketAnswers } from "../support/chromium.ts";
import { firefoxIn } from "../support/firefox.ts";
import { type Ended, genkan, PROGRAM } from "../support/genkan.ts";
import { resolve, SLOW } from "../support/names.ts";
import {
  buildNetwork,
  describeWithHosts,
  type Network,
  type NetworkHost,
} from "../support/namespaces.ts";
import { photographOf, readQr } from "../support/qr.ts";
import { tempFolder } from "../support/temp.ts";

const ROOT = join(import.meta.dirname, "../..");
const PATIENCE = { timeout: 180_000 };
const TOOLS = [...AVAHI_TOOLS, "script", "zbarimg", "chromium", "firefox-esr", "certutil", "curl"];
/** Of each device; the folder is its own (support/namespaces.ts). */
const PERSON = { HOME: "/root/person", XDG_CONFIG_HOME: undefined, XDG_DATA_HOME: undefined };
const PORTAL = "https://genkan.local";
const APP = "https://openhands.local/";
const IS_READY = `document.getElementById("state").textContent === "agent is awaiting user input"`;

describeWithHosts("a device that never heard of the door", [...TOOLS, "less", "dash"], () => {
  let network: Network<"home" | "laptop" | "desk" | "tower" | "rogue">;
  /** What the door's terminal shows. */
  let screen: string;

  beforeAll(async () => {
    network = await buildNetwork({ home: {}, laptop: {}, desk: {}, tower: {}, rogue: {} });
    const { home, laptop, desk, tower } = network.hosts;
    const devices = [laptop, desk, tower];
    for (const device of devices) await device.run("mkdir", ["-p", PERSON.HOME]);
    const folder = tempFolder(afterAll);
    [screen] = await Promise.all([openOnScreen(home, folder), ...devices.map(startAvahi)]);
  }, PATIENCE.timeout);
  afterAll(() => network.remove());

  it("comes by the code and two actions to an app, in Chromium", PATIENCE, async () => {
    const { home, laptop } = network.hosts;
    const code = scan(screen);
    const { does, done } = counted();
    expect(code).toEqual({
      origin: `http://${home.addresses[0]}`,
      fingerprint: expect.stringMatching(/^[0-9A-F]{64}$/) as string,
    });
    const browser = await chromium.launch({
      executablePath: laptop.launcher("chromium"),
      env: { ...process.env, ...PERSON },
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    });
    onTestFinished(() => browser.close());
    const isWarned = async (url: string): Promise<void> =>
      expect((await browser.newPage()).goto(url)).rejects.toThrow("ERR_CERT_AUTHORITY_INVALID");
    await isWarned(APP);

    const page = await browser.newPage();
    await page.goto(`${code.origin}/#${code.fingerprint}`);
    await page.waitForSelector("#same:visible");
    const [get = "", look = "", follow = ""] = await page.locator(".steps pre").allTextContents();
    await does("open the page, get the script and read it", async () => {
      expect(await inShell(laptop, get)).toMatchObject({ code: 0 });
      expect((await inShell(laptop, look)).stdout).toContain("THIS IS NOT THE ROOT YOU MEAN");
    });
    expect(await page.isVisible("[data-part=trusted]")).toBe(false);
    await does("run it with the fingerprint", async () => {
      expect(plain(follow)).toContain(code.fingerprint);
      expect(await inShell(laptop, follow)).toMatchObject({ code: 0 });
    });
    // It turns green by itself.
    await page.waitForSelector("[data-part=trusted]:visible", { timeout: 60_000 });
    expect(done()).toEqual(actionsOf("Linux"));

    await opensByName(laptop);
    const app = await browser.newPage();
    const answers = await webSocketAnswers(app);
    expect((await app.goto(APP))?.status()).toBe(200);
    await app.waitForFunction(IS_READY);
    expect(answers.length).toBeGreaterThan(0);
    expect(await app.evaluate("isSecureContext")).toBe(true);
    await page.click("[data-part=link]");
    await page.waitForURL(/\/check/);
    await waitForRows(page, ["trust", "secure", "socket", "limits"]);
  });

  it("comes to it in Firefox, too", PATIENCE, async () => {
    const { desk } = network.hosts;
    const code = scan(screen);
    const { does, done } = counted();
    const profile = tempFolder();
    const before = await firefoxIn(desk, profile);
    await expect(before.open(APP)).rejects.toThrow("SEC_ERROR_UNKNOWN_ISSUER");
    await before.open(`${code.origin}/#${code.fingerprint}`);
    const lines = await before.evaluate(
      `[...document.querySelectorAll(".steps pre")].map((line) => line.textContent).join("\\n")`,
    );
    const [get = "", look = "", follow = ""] = String(lines).split("\n");
    await does("open the page, get the script and read it", async () => {
      expect(await inShell(desk, get)).toMatchObject({ code: 0 });
      await inShell(desk, look);
    });
    await does("run it with the fingerprint", async () => {
      const { stdout } = await inShell(desk, follow);
      expect(stdout).toContain("ok    /etc/firefox/policies/policies.json");
      expect(stdout).toContain("Browsers that are open may need a restart.");
    });
    expect(done()).toEqual(actionsOf("Linux"));
    await before.end();

    const after = await firefoxIn(desk, profile);
    await after.open(`${code.origin}/`);
    const state = `document.getElementById("proof").dataset.state`;
    await vi.waitFor(async () => expect(await after.evaluate(state)).toBe("well"), SLOW);
    await after.open(APP);
    await vi.waitFor(async () => expect(await after.evaluate(IS_READY)).toBe(true), SLOW);
  });

  it("takes one command where it has Genkan, and no other door's root", PATIENCE, async () => {
    const { rogue, tower } = network.hosts;
    const code = scan(screen);
    // Another door with pages as good as this one's, and a root of its own.
    const other = scan(await openOnScreen(rogue, tempFolder()));
    expect(other.fingerprint).not.toBe(code.fingerprint);
    const before = await filesOf(tower);
    const trust = (from: string): Promise<Ended> => {
      const args = [PROGRAM, "trust", from, "--fingerprint", code.fingerprint];
      return tower.run(process.execPath, args, { env: { ...PERSON, GENKAN_HOME: "/root/genkan" } });
    };
    const refused = await trust(other.origin);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("another one, and nothing was installed");
    expect(plain(refused.stderr)).toContain(other.fingerprint);
    expect((await inShell(tower, `curl -fO ${other.origin}/trust.sh`)).code).toBe(0);
    const stopped = await inShell(tower, `sh trust.sh ${code.fingerprint}`);
    expect(stopped).toMatchObject({ code: 1, stdout: "" });
    expect(stopped.stderr).toContain("*** THIS IS NOT THE ROOT YOU MEAN ***");
    expect(stopped.stderr).toContain("Nothing was installed.");
    expect(await filesOf(tower)).toEqual([...before, "/root/person/trust.sh"].toSorted());
    expect((await tower.run("curl", ["-qsS", `https://${rogue.addresses[0]}/`])).code).toBe(60);

    const { does, done } = counted();
    await does("`genkan trust http://192.168.1.20 --fingerprint ...`", async () => {
      expect(await trust(code.origin)).toMatchObject({ code: 0 });
    });
    expect(done()).toEqual(actionsOf("anything with Genkan"));
    await opensByName(tower);
  });
});

/** Opens a door for OpenHands in a terminal of that host; gives what the terminal shows. */
async function openOnScreen(host: NetworkHost, home: string): Promise<string> {
  const app = host.start(process.execPath, [
    "--import",
    "tsx",
    join(ROOT, "test/support/programs/openhands.ts"),
  ]);
  await vi.waitFor(() => expect(app.stdout()).toMatch(/^\d+\n$/), SLOW);
  const added = await genkan(home, ["add", "openhands", app.stdout().trim(), "--access", "open"]);
  expect(added).toMatchObject({ code: 0 });
  const up = `stty columns 100 rows 60; exec '${process.execPath}' '${PROGRAM}' up`;
  const env = { GENKAN_HOME: home, TERM: "xterm-256color", NO_COLOR: undefined };
  const screen = host.start("script", ["-qfec", up, "/dev/null"], { env });
  await vi.waitFor(() => expect(screen.stdout()).toContain("Ctrl-C"), SLOW);
  return screen.stdout().replaceAll("\r", "");
}

/** What the camera of a phone reads there. */
function scan(screen: string): { readonly origin: string; readonly fingerprint: string } {
  const { origin, hash } = new URL(readQr(photographOf(screen, { text: 220, paper: 20 })));
  return { origin, fingerprint: hash.slice(1) };
}

/** What was done on the device, in order. */
function counted() {
  const done: string[] = [];
  return {
    done: () => done,
    does: async (action: string, act: () => Promise<void>): Promise<void> => {
      done.push(action);
      await act();
    },
  };
}

/** The actions docs/devices.md counts for a device. */
function actionsOf(device: string): string[] {
  const table = readFileSync(join(ROOT, "docs/devices.md"), "utf8").split("\n");
  const row = table.find((line) => line.startsWith(`| ${device} `)) ?? "";
  const [, , count, which = ""] = row.split("|").map((cell) => cell.trim());
  const actions = which.split("; ");
  expect(actions).toHaveLength(Number(count));
  return actions;
}

/** A line of the page, given to a shell of the device as it stands there. */
function inShell(device: NetworkHost, line: string): Promise<Ended> {
  return device.run("dash", ["-c", `cd && ${line}`], { env: PERSON });
}

/** The app, with what the system trusts and the names it finds by itself. */
async function opensByName(device: NetworkHost): Promise<void> {
  expect(readFileSync(device.file("/etc/hosts"), "utf8")).not.toContain("openhands");
  expect(await resolve(device, "openhands.local")).toEqual(
    expect.arrayContaining(["10.77.0.1", "fd77::1"]),
  );
  for (const url of [APP, PORTAL]) {
    const { stdout, stderr } = await device.run("curl", ["-qsS", url]);
    expect(stdout + stderr).toContain("<html");
  }
}

async function waitForRows(page: Page, rows: readonly string[]): Promise<void> {
  for (const row of rows) await page.waitForSelector(`#row-${row}[data-state=well]`);
}

/** Every file the host has of its own, where roots are kept and elsewhere. */
async function filesOf(host: NetworkHost): Promise<string[]> {
  const { stdout } = await host.run("find", ["/mnt", "-type", "f", "-path", "*/upper/*"]);
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((path) => path.replace(/^\/mnt(.*)\/upper/, "$1"))
    .toSorted();
}

function plain(fingerprint: string): string {
  return fingerprint.replaceAll(":", "");
}
