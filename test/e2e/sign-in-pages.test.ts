/*
 * Pairing, the devices and leaving, as a person meets them in Chromium: with JavaScript and without it, on a
 * phone's width, in both languages.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { chromiumAtHome } from "../support/chromium.ts";
import { openDoor, type OpenDoor } from "../support/genkan.ts";
import { tempFolder } from "../support/temp.ts";
import { describeWithTools } from "../support/tools.ts";

const APPS = ["photos", "wiki"];
const PATIENT = 120_000;

interface Home {
  readonly door: OpenDoor;
  readonly browser: Browser;
  /** `https://NAME.local`, at the door's port. */
  at(name: string, path?: string): string;
  digits(...args: readonly string[]): Promise<string>;
  /** A browser of somebody else: with its own cookies. */
  page(options?: BrowserContextOptions): Promise<Page>;
}

async function openHome(engine = "node"): Promise<Home> {
  const upstream = createServer((request, response) => {
    const { method, url, headers } = request;
    const shown = JSON.stringify({ method, url, cookie: headers.cookie ?? "" });
    response.setHeader("content-type", "text/html").end(`<title>app</title><p>${shown}</p>`);
  });
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  onTestFinished(() => {
    upstream.close();
    upstream.closeAllConnections();
  });
  const door = await openDoor(tempFolder(), ["--engine", engine]);
  const { port } = upstream.address() as AddressInfo;
  for (const name of APPS) {
    const added = await door.genkan("add", name, String(port), "--access", "household");
    expect(added).toMatchObject({ code: 0 });
  }
  const browser = await chromiumAtHome([door.ready.root.path]);
  return {
    door,
    browser,
    at: (name, path = "/") => `https://${name}.local:${door.httpsPort}${path}`,
    async digits(...args) {
      const { stdout } = await door.genkan("pair", "--json", ...args);
      return (JSON.parse(stdout) as { digits: string }).digits;
    },
    page: async (options) => (await browser.newContext({ locale: "en", ...options })).newPage(),
  };
}

async function typeDigits(page: Page, digits: string, name?: string): Promise<void> {
  await page.fill("#digits", digits);
  if (name !== undefined) await page.fill("#name", name);
  await page.click("form.pair button");
}

async function paired(home: Home, name: string, options?: BrowserContextOptions): Promise<Page> {
  const page = await home.page(options);
  await page.goto(home.at("genkan", "/pair"));
  await typeDigits(page, await home.digits(), name);
  await page.waitForSelector("text=You are in");
  return page;
}

describeWithTools("the pages of sign-in in Chromium", ["chromium", "certutil"], () => {
  describe.each([true, false])("with JavaScript: %s", (javaScriptEnabled) => {
    test(
      "lead from an app's deep link through the digits back to it",
      { timeout: PATIENT },
      async () => {
        const home = await openHome();
        const page = await home.page({ javaScriptEnabled });
        await page.goto(home.at("wiki", "/deep/page?q=a%20b"));
        expect(page.url()).toMatch(/^https:\/\/genkan\.local:\d+\/enter\?/);
        expect(await page.textContent("main")).toContain(
          `wiki.local:${home.door.httpsPort} opens to`,
        );

        const digits = await home.digits();
        await typeDigits(page, "12345");
        expect(await page.textContent("[role=alert]")).toContain("The digits are six");
        await typeDigits(page, digits, "Laptop");
        await page.waitForURL(home.at("wiki", "/deep/page?q=a%20b"));
        // What the door and the browser say to each other is none of the app's business.
        expect(await page.textContent("p")).toBe(
          '{"method":"GET","url":"/deep/page?q=a%20b","cookie":""}',
        );
        await page.goto(home.at("photos"));
        expect(page.url()).toBe(home.at("photos"));
        expect(await page.title()).toBe("app");

        await page.goto(home.at("genkan"));
        expect(await page.locator(".apps b").allTextContents()).toEqual(APPS);
        await page.click("text=wiki");
        await page.waitForURL(home.at("wiki"));
      },
    );

    test("let an owner pair, rename and revoke another", { timeout: PATIENT }, async () => {
      const home = await openHome();
      const laptop = await paired(home, "Laptop", { javaScriptEnabled });
      await laptop.goto(home.at("genkan"));
      await laptop.click("text=Pair another device");
      await laptop.check("[value='2']");
      await laptop.click("text=Show the digits");
      const digits = (await laptop.textContent("p.digits")) ?? "";

      const phone = await home.page({ javaScriptEnabled });
      await phone.goto(home.at("genkan", "/pair"));
      await typeDigits(phone, digits, "Visitor");
      await phone.waitForSelector("text=The visit ends");
      await phone.goto(home.at("wiki"));
      expect(await phone.title()).toBe("app");

      await laptop.click("text=See the devices");
      const row = laptop.locator(".known > li", { hasText: "Visitor" });
      expect(await row.textContent()).toMatch(/Guest.*Apps usedwiki/);
      await row.locator("summary").click();
      await row.locator("[name=name]").fill("Aunt Fumiko");
      await row.locator("text=Save").click();
      await laptop.waitForSelector("b:text-is('Aunt Fumiko')");
      await laptop.locator(".known > li", { hasText: "Aunt" }).locator("text=Revoke").click();
      expect(await laptop.textContent("h1")).toBe("Revoke Aunt Fumiko?");
      await laptop.click("button:text-is('Revoke')");
      await laptop.waitForURL(/\/devices\?/);
      expect(await laptop.locator(".known > li").count()).toBe(1);
      await phone.goto(home.at("wiki"));
      expect(phone.url()).toContain("/enter?");
    });

    test("let a device leave, everywhere", { timeout: PATIENT }, async () => {
      const home = await openHome();
      const page = await paired(home, "Laptop", { javaScriptEnabled });
      await page.goto(home.at("wiki"));
      await page.goto(home.at("genkan", "/sign-out"));
      await page.click("button:text-is('Sign out')");
      expect(await page.textContent("h1")).toBe("You are out");
      await page.goto(home.at("wiki"));
      expect(page.url()).toContain("/enter?");
    });
  });

  test.each(["en", "ja"])(
    "fit a phone in every place, in %s",
    { timeout: PATIENT },
    async (locale) => {
      const home = await openHome();
      const page = await home.page({ locale, viewport: { width: 320, height: 640 } });
      const wide = async (): Promise<unknown> =>
        page.evaluate(
          "document.documentElement.scrollWidth - document.documentElement.clientWidth",
        );
      await page.goto(home.at("wiki", `/${"deep/".repeat(40)}`));
      expect(await wide()).toBe(0);
      await home.digits();
      await typeDigits(
        page,
        "000000",
        "A device with a name as long as names may be, to the end 60",
      );
      await page.waitForSelector("[role=alert]");
      expect(await wide()).toBe(0);
      await typeDigits(page, await home.digits("--owner"));
      await page.waitForURL(/wiki/);
      for (const path of ["/", "/pair", "/devices", "/devices/pair", "/sign-out", "/signed-out"]) {
        await page.goto(home.at("genkan", path));
        expect([path, await wide()]).toEqual([path, 0]);
      }
      await page.goto(home.at("genkan", "/devices/pair"));
      await page.click("form .button");
      await page.waitForSelector("p.digits");
      expect(await wide()).toBe(0);
    },
  );
});

describe.each([
  ["node", []],
  ["nginx", ["nginx"]],
] as [string, string[]][])("engine %s", (engine, tools) => {
  describeWithTools("after a night", ["chromium", "certutil", ...tools], () => {
    test(
      "a page left open overnight hears 401 in its fetches, and a reload leads back to it",
      { timeout: PATIENT },
      async () => {
        const home = await openHome(engine);
        const page = await paired(home, "Laptop");
        await page.goto(home.at("wiki", "/board?column=2"));
        // The night in short: the app's session is over, the portal's is not.
        await page.context().clearCookies({ domain: "wiki.local" });
        const asked = `fetch("/api", { method: "POST", body: "kept" }).then(async (answer) => [answer.status, await answer.json()])`;
        expect(await page.evaluate(asked)).toMatchObject([
          401,
          { error: { code: "DOOR_SIGN_IN_NEEDED", signIn: home.at("wiki") } },
        ]);
        await page.reload();
        expect(page.url()).toBe(home.at("wiki", "/board?column=2"));
        expect(await page.evaluate(`fetch("/api").then((answer) => answer.status)`)).toBe(200);
      },
    );

    test(
      "a form that is sent after the night is sent nowhere, and the page says so",
      { timeout: PATIENT },
      async () => {
        const home = await openHome(engine);
        const page = await paired(home, "Laptop");
        await page.goto(home.at("wiki"));
        await page.context().clearCookies({ domain: "wiki.local" });
        await page.setContent(
          `<form method="post" action="${home.at("wiki", "/save")}"><button>Save</button></form>`,
        );
        await page.click("button");
        await page.waitForSelector("text=Sign in first");
        await page.click("a:text-is('Sign in')");
        await page.waitForURL(home.at("wiki"));
        expect(await page.textContent("p")).toContain('"method":"GET"');
      },
    );
  });
});
