/*
 * `npm run screenshots`: takes the pictures in docs/images/ of the built program. Opens a door with an
 * authority of its own in a temporary home, and a Chromium (CHROMIUM, or the system's) that trusts it.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

/** CSS pixels. */
const WIDTH = 880;
const PHONE = 390;
/** These pictures stand side by side. */
const SMALL = 0.7;
/** iPads have the steps of iPhones. */
const DEVICES = ["iphone", "android", "mac", "windows", "chromeos", "linux"];
const repository = join(import.meta.dirname, "..");
const images = join(repository, "docs/images");
const home = mkdtempSync(join(tmpdir(), "genkan-screenshots-"));
const [httpsPort, httpPort] = [await freePort(), await freePort()];
const door = spawn(process.execPath, ["dist/genkan.js", "up", "--json", ...placeArgs()], {
  cwd: repository,
  env: { ...process.env, GENKAN_HOME: join(home, "genkan") },
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  await takeAll(await rootPath());
} finally {
  door.kill();
  if (door.exitCode === null) await once(door, "exit");
  rmSync(home, { recursive: true, force: true });
}

/** @param {string} root PEM file */
async function takeAll(root) {
  mkdirSync(images, { recursive: true });
  trust(root);
  const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: undefined, XDG_DATA_HOME: undefined },
    // As if the door had the standard port: the addresses in the pictures are those people will see.
    args: ["--no-sandbox", `--host-resolver-rules=MAP * 127.0.0.1:${httpsPort},EXCLUDE 127.0.0.1`],
  });
  try {
    const viewport = { width: WIDTH, height: 1000 };
    const context = await browser.newContext({ viewport, deviceScaleFactor: 1.5 });
    const page = await context.newPage();
    await page.goto("https://hello.local/");
    await page.locator("#send:enabled").waitFor();
    await page.fill("#text", "Is anybody home?");
    await page.click("#send");
    await page.locator("#heard li").waitFor();
    await page.locator("#clock:not(:empty)").waitFor();
    await take(page, "hello.png", 734);

    await page.goto("https://genkan.local/");
    await take(page, "portal.png", 830);
    for (const device of DEVICES) await takeSteps(browser, device);
    await takeSignIn(browser);
  } finally {
    await browser.close();
  }
}

/**
 * The steps of one device, as a phone shows them.
 * @param {import("playwright-core").Browser} browser
 * @param {string} device
 */
async function takeSteps(browser, device) {
  const viewport = { width: PHONE, height: 800 };
  const page = await browser.newPage({ viewport, deviceScaleFactor: SMALL });
  await page.goto(`http://127.0.0.1:${httpPort}/?lang=en&device=${device}`);
  // The page of a door on the network, not of this one, which has another port and no other device.
  for (const line of await page.locator("pre code").all()) {
    const text = (await line.textContent()) ?? "";
    await line.evaluate(
      (element, shown) => void (element.textContent = shown),
      text.replace(`https://genkan.local:${httpsPort}`, "http://192.168.1.20"),
    );
  }
  await page.locator(".steps").screenshot({ path: join(images, `device-${device}.png`) });
  await page.close();
}

/**
 * How a phone is let in, and what it finds then.
 * @param {import("playwright-core").Browser} browser
 */
async function takeSignIn(browser) {
  const viewport = { width: PHONE, height: 760 };
  const context = await browser.newContext({
    viewport,
    deviceScaleFactor: 1,
    userAgent: "iPhone",
  });
  const page = await context.newPage();
  await page.goto("https://genkan.local/pair");
  await page.screenshot({ path: join(images, "pair.png") });
  await page.fill("#digits", digits());
  await page.click("form.pair button");
  await page.waitForURL(/\/pair\?/);
  await page.goto("https://genkan.local/");
  await page.screenshot({ path: join(images, "home.png") });
  await context.close();
}

/** Of a new invitation. @returns {string} */
function digits() {
  const args = ["dist/genkan.js", "pair", "--json"];
  const env = { ...process.env, GENKAN_HOME: join(home, "genkan") };
  return JSON.parse(execFileSync(process.execPath, args, { cwd: repository, env }).toString())
    .digits;
}

/**
 * The top of a page, cut between two of its parts.
 * @param {import("playwright-core").Page} page
 * @param {string} name
 * @param {number} height in CSS pixels
 */
async function take(page, name, height) {
  await page.screenshot({ path: join(images, name), clip: { x: 0, y: 0, width: WIDTH, height } });
}

/** Chromium on Linux reads its person's NSS database. @param {string} root PEM file */
function trust(root) {
  const database = join(home, ".local/share/pki/nssdb");
  mkdirSync(database, { recursive: true });
  execFileSync("certutil", ["-d", `sql:${database}`, "-N", "--empty-password"]);
  const add = ["-A", "-t", "C,,", "-n", "root", "-i", root];
  execFileSync("certutil", ["-d", `sql:${database}`, ...add]);
}

/** Where the door has put its root, once it is open. @returns {Promise<string>} */
async function rootPath() {
  for await (const line of createInterface({ input: door.stdout })) {
    return JSON.parse(line).root.path;
  }
  throw new Error("the door did not open");
}

function placeArgs() {
  const ports = ["--https-port", String(httpsPort), "--http-port", String(httpPort)];
  return ["--address", "127.0.0.1", ...ports];
}

/** A port of 127.0.0.1 nobody has at this moment. @returns {Promise<number>} */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no port was given");
  return address.port;
}
