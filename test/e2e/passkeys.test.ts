/*
 * Passkeys in Chromium, whose authenticator is played by its DevTools: added on a paired device, good in a browser
 * the door has never seen, and good for nothing in the wrong hands.
 */
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { chromiumAtHome } from "../support/chromium.ts";
import { openDoor, type OpenDoor } from "../support/genkan.ts";
import { tempFolder } from "../support/temp.ts";
import { describeWithTools } from "../support/tools.ts";
import { giveAuthenticator, type VirtualAuthenticator } from "../support/virtual-authenticator.ts";

interface Scene {
  readonly door: OpenDoor;
  readonly browser: Browser;
  readonly portal: string;
  /** An app of the household's alone. */
  readonly app: string;
}

async function openHome(args: readonly string[] = []): Promise<Scene> {
  const upstream = createServer((request, response) => {
    response.setHeader("content-type", "text/html").end(`<h1>Notes</h1><p>${request.url}</p>`);
  });
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  onTestFinished(() => void upstream.close());
  const door = await openDoor(tempFolder(), args);
  const { port } = upstream.address() as AddressInfo;
  const added = await door.genkan("add", "notes", String(port), "--access", "household");
  expect(added.code).toBe(0);
  return {
    door,
    browser: await chromiumAtHome([door.ready.root.path]),
    portal: `https://genkan.local:${door.httpsPort}`,
    app: `https://notes.local:${door.httpsPort}`,
  };
}

/** A profile of its own: a browser the door has never seen. */
async function freshPage({ browser }: Scene): Promise<Page> {
  return (await browser.newContext({ locale: "en" })).newPage();
}

/** A browser paired by digits. @param init what its pages run first */
async function paired(scene: Scene, name: string, init = ""): Promise<Page> {
  const { stdout } = await scene.door.genkan("pair", "--name", name, "--json");
  const { digits } = JSON.parse(stdout) as { digits: string };
  const page = await freshPage(scene);
  await page.addInitScript(init);
  await page.goto(`${scene.portal}/pair`);
  await page.fill("[name=digits]", digits);
  await page.click("form.pair button");
  await page.waitForSelector("text=You are in");
  return page;
}

/** One that has added a passkey. */
async function pairedWithPasskey(scene: Scene, init?: string) {
  const page = await paired(scene, "Ana's laptop", init);
  const authenticator = await giveAuthenticator(page);
  await addPasskey(page, scene.portal, "Fingerprint");
  return { page, authenticator };
}

async function addPasskey(page: Page, portal: string, name: string): Promise<void> {
  await page.goto(`${portal}/passkeys`);
  await page.fill("#passkey-name", name);
  await page.click("text=Add a passkey");
  await page.waitForSelector(`.known b:text-is("${name}")`);
}

/** A fresh browser at an app, asked who it is, which holds the same passkeys. */
async function strangerHolding(scene: Scene, from: VirtualAuthenticator) {
  const page = await freshPage(scene);
  const authenticator = await giveAuthenticator(page);
  await authenticator.hold(await from.credentials());
  await page.goto(`${scene.app}/deep/link?x=1`);
  await page.waitForURL(`${scene.portal}/enter**`);
  return { page, authenticator };
}

async function devicesOf({ door }: Scene) {
  const { stdout } = await door.genkan("devices", "--json");
  const { devices } = JSON.parse(stdout) as {
    devices: { id: string; name: string; through: string | null }[];
  };
  return devices;
}

const SIGN_IN = "text=Sign in with a passkey";
const saysIn = (page: Page): Promise<string> =>
  page.waitForSelector("#passkey-says:not(:text('asks for it now'))").then((it) => it.innerText());

describe.each([
  ["node", []],
  ["nginx", ["nginx"]],
] as const)("at a door moved by %s", (engine, tools) => {
  describeWithTools("a passkey in Chromium", ["chromium", "certutil", ...tools], () => {
    test("lets a browser nobody knows in, and back to where it wanted to go", async () => {
      const scene = await openHome(["--engine", engine]);
      await paired(scene, "Ben's phone");
      const { authenticator } = await pairedWithPasskey(scene);
      const { page } = await strangerHolding(scene, authenticator);
      await page.click(SIGN_IN);
      await page.waitForURL(`${scene.app}/deep/link?x=1`);
      expect(await page.textContent("h1")).toBe("Notes");
      const [phone, laptop, fresh] = await devicesOf(scene);
      expect(fresh).toMatchObject({
        name: "Chrome on Linux (passkey of Ana's laptop)",
        through: laptop?.id,
      });
      const { stdout } = await scene.door.genkan("logs", "--audit");
      expect(stdout).toMatch(/passkey.added[^]*passkey.used/);

      // The device it came by is revoked, and it is out with it.
      await scene.door.genkan("revoke", "Ana's laptop");
      expect((await devicesOf(scene)).map(({ name }) => name)).toEqual([phone?.name]);
      await page.goto(`${scene.app}/deep/link`);
      await page.waitForURL(`${scene.portal}/enter**`);
      await page.click(SIGN_IN);
      expect(await saysIn(page)).toContain("does not know this passkey any more");
    });
  });
});

describeWithTools("a passkey in Chromium", ["chromium", "certutil"], () => {
  test("works in browsers that know nothing of WebAuthn's JSON", async () => {
    const scene = await openHome();
    const old = `delete PublicKeyCredential.parseCreationOptionsFromJSON;
      delete PublicKeyCredential.parseRequestOptionsFromJSON;
      delete PublicKeyCredential.prototype.toJSON;`;
    const { authenticator, page: owner } = await pairedWithPasskey(scene, old);
    expect(await owner.evaluate("'toJSON' in PublicKeyCredential.prototype")).toBe(false);
    // Once more: the browser must not make a second one in the same place.
    await owner.click("text=Add a passkey");
    expect(await saysIn(owner)).toContain("There is a passkey of yours");
    const { page } = await strangerHolding(scene, authenticator);
    await page.addInitScript(old);
    await page.reload();
    await page.click(SIGN_IN);
    await page.waitForURL(`${scene.app}/deep/link?x=1`);
  });

  test("is stopped where its counter goes back", async () => {
    const scene = await openHome();
    const { authenticator, page: owner } = await pairedWithPasskey(scene);
    const first = await strangerHolding(scene, authenticator);
    await first.page.click(SIGN_IN);
    await first.page.waitForURL(`${scene.app}/deep/link?x=1`);
    // A copy made before that sign-in.
    const copy = await strangerHolding(scene, authenticator);
    await copy.page.click(SIGN_IN);
    expect(await saysIn(copy.page)).toContain("the door has stopped it");
    const later = await strangerHolding(scene, first.authenticator);
    await later.page.click(SIGN_IN);
    expect(await saysIn(later.page)).toContain("the door has stopped it");
    await owner.reload();
    expect(await owner.textContent(".known")).toContain("there may be a copy of it");
    expect((await scene.door.genkan("logs", "--audit")).stdout).toContain("passkey.stopped");
  });

  test("signs nobody in once it was removed", async () => {
    const scene = await openHome();
    const { authenticator, page: owner } = await pairedWithPasskey(scene);
    const { page } = await strangerHolding(scene, authenticator);
    await owner.click("summary:text-is('Remove')");
    await owner.click("button:text-is('Remove')");
    await owner.waitForSelector("text=You have none yet");
    await page.click(SIGN_IN);
    expect(await saysIn(page)).toContain("does not know this passkey any more");
  });

  test("is good for nothing to who replays what it signed, or asks for it elsewhere", async () => {
    const scene = await openHome();
    const { authenticator } = await pairedWithPasskey(scene);
    const { page } = await strangerHolding(scene, authenticator);
    const sent = page.waitForRequest((request) => request.url().includes("/passkey/sign-in?"));
    await page.click(SIGN_IN);
    const body = (await sent).postData();
    await page.waitForURL(`${scene.app}/deep/link?x=1`);
    await page.goto(`${scene.portal}/passkeys`);
    const replay = `fetch("/passkey/sign-in", { method: "POST", body: ${JSON.stringify(body)},
      headers: { "content-type": "application/json" } }).then((answer) => answer.status)`;
    expect(await page.evaluate(replay)).toBe(400);

    // An app behind the door, gone bad, in the browser of somebody who holds the passkey.
    await page.goto(`${scene.app}/`);
    const ask = `navigator.credentials.get({ publicKey: { rpId: "genkan.local",
      challenge: new Uint8Array(32) } }).then(String, ({ name }) => name)`;
    expect(await page.evaluate(ask)).toBe("SecurityError");
    const begin = `fetch("${scene.portal}/passkey/sign-in/options", { method: "POST", body: "{}",
      credentials: "include", headers: { "content-type": "application/json" } })
      .then(({ status }) => status, ({ name }) => name)`;
    expect(await page.evaluate(begin)).toBe("TypeError");
  });

  test("is not needed where it cannot be: the page says what is", async () => {
    const scene = await openHome();
    await pairedWithPasskey(scene);
    const plain = await scene.browser.newContext({ javaScriptEnabled: false });
    const page = await plain.newPage();
    await page.goto(`${scene.portal}/pair`);
    expect(await page.innerText(".passkey")).toContain("Passkeys take JavaScript");
    expect(await page.isVisible(SIGN_IN)).toBe(false);
    const without = await freshPage(scene);
    await without.addInitScript("delete window.PublicKeyCredential");
    await without.goto(`${scene.portal}/pair`);
    expect(await saysIn(without)).toBe("This browser has no passkeys. Use the digits.");
    expect(await without.isVisible(SIGN_IN)).toBe(false);
    const byAddress = await freshPage(scene);
    await byAddress.goto(`https://127.0.0.1:${scene.door.httpsPort}/pair`);
    expect(await saysIn(byAddress)).toContain("this is an address. Use the digits.");
  });
});
