/*
 * What a bare `genkan up` shows, in a browser that trusts its root: the hello app, the portal, and the
 * page for a name nobody has.
 */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, test } from "vitest";
import { chromiumAtHome, protocolOf, webSocketAnswers } from "../support/chromium.ts";
import { firefoxAtHome } from "../support/firefox.ts";
import { openDoor, type OpenDoor } from "../support/genkan.ts";
import { tempFolder } from "../support/temp.ts";
import { describeWithTools } from "../support/tools.ts";

const PHONE: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};

interface Opened {
  readonly door: OpenDoor;
  readonly page: Page;
  /** What the page and the browser complained about. */
  readonly complaints: string[];
}

async function openInChromium(options: BrowserContextOptions = {}): Promise<Opened> {
  const door = await openDoor(tempFolder());
  const browser = await chromiumAtHome([door.ready.root.path]);
  const page = await (await browser.newContext(options)).newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(`${message.type()} ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("requestfailed", (request) => complaints.push(`failed ${request.url()}`));
  return { door, page, complaints };
}

function textIs(id: string, text: string): string {
  return `document.getElementById("${id}").textContent === ${JSON.stringify(text)}`;
}

/** Waits for an expression to be true. page.waitForFunction would need eval, which the pages do not allow. */
async function until(page: Page, expression: string): Promise<void> {
  await expect.poll(() => page.evaluate(expression), { timeout: 30_000 }).toBe(true);
}

async function rootOf(door: OpenDoor, part: string): Promise<string> {
  const { code, stdout, stderr } = await door.genkan("root", part);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout.trim();
}

/** Nothing sticks out of the window to the side. */
const FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth";

describeWithTools("hello in Chromium", ["chromium", "certutil"], () => {
  test("is trusted, comes over HTTP/2, and has its WebSocket and its clock there", async () => {
    const { door, page, complaints } = await openInChromium();
    const answers = await webSocketAnswers(page);
    const response = await page.goto(`https://hello.local:${door.httpsPort}/`);
    expect(response?.status()).toBe(200);
    expect(await response?.securityDetails()).toMatchObject({ protocol: "TLS 1.3" });
    expect(await protocolOf(page)).toBe("h2");
    expect(await page.textContent("#protocol")).toBe("HTTP/2");
    expect(await page.textContent("#secure")).toBe("yes, a secure context");

    await until(page, textIs("socket", "open"));
    await page.fill("#text", "玄関");
    await page.click("#send");
    await until(page, `document.querySelector("#heard li")?.textContent === "玄関"`);
    expect(answers).toEqual([200]);

    await until(page, textIs("events", "open"));
    await until(page, `document.getElementById("clock").textContent !== ""`);
    const first = await page.textContent("#clock");
    await until(page, `!(${textIs("clock", first ?? "")})`);
    expect(complaints).toEqual([]);
  });

  test("fits a phone", async () => {
    const { door, page, complaints } = await openInChromium(PHONE);
    await page.goto(`https://hello.local:${door.httpsPort}/`);
    await until(page, textIs("socket", "open"));
    expect(await page.evaluate(FITS)).toBe(true);
    await page.tap("#text");
    await page.keyboard.type("from a phone");
    await page.tap("#send");
    await page.waitForSelector("text=from a phone");
    expect(complaints).toEqual([]);
  });

  test("is reached from the plain port too", async () => {
    const { door, page } = await openInChromium();
    const response = await page.goto(`http://hello.local:${door.httpPort}/?from=plain`);
    expect(page.url()).toBe(`https://hello.local:${door.httpsPort}/?from=plain`);
    expect(response?.status()).toBe(200);
    const plain = await response?.request().redirectedFrom()?.response();
    expect(plain?.status()).toBe(308);
    expect(plain?.headers()["location"]).toBe(page.url());
  });
});

describeWithTools("hello in Firefox", ["firefox-esr", "certutil"], () => {
  test("is trusted, comes over HTTP/2, and has its WebSocket and its clock there", async () => {
    const door = await openDoor(tempFolder());
    const firefox = await firefoxAtHome([door.ready.root.path]);
    await firefox.open(`https://hello.local:${door.httpsPort}/`);
    expect(await firefox.evaluate("isSecureContext")).toBe(true);
    expect(
      await firefox.evaluate(`performance.getEntriesByType("navigation")[0].nextHopProtocol`),
    ).toBe("h2");
    const isThere = `${textIs("socket", "open")} && ${textIs("events", "open")}`;
    await expect.poll(() => firefox.evaluate(isThere), { timeout: 30_000 }).toBe(true);
    await firefox.evaluate(`document.getElementById("text").value = "玄関"; form.requestSubmit()`);
    const heard = `document.querySelector("#heard li")?.textContent ?? ""`;
    await expect.poll(() => firefox.evaluate(heard), { timeout: 30_000 }).toBe("玄関");
  });
});

describeWithTools("the portal in Chromium", ["chromium", "certutil"], () => {
  test.each(["genkan.local", "127.0.0.1"])("at %s shows the root's fingerprint", async (host) => {
    const { door, page, complaints } = await openInChromium();
    const response = await page.goto(`https://${host}:${door.httpsPort}/`);
    expect(response?.status()).toBe(200);
    expect(await page.textContent("#fingerprint")).toBe(await rootOf(door, "fingerprint"));
    expect(await page.textContent(".plate strong")).toBe(await rootOf(door, "words"));
    expect(complaints).toEqual([]);
  });

  test("hands out the root itself", async () => {
    const { door, page } = await openInChromium();
    await page.goto(`https://genkan.local:${door.httpsPort}/`);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.click('a[href="/root.crt"]'),
    ]);
    expect(download.suggestedFilename()).toBe("root.crt");
    const got = readFileSync(await download.path());
    expect(got.equals(new X509Certificate(await rootOf(door, "pem")).raw)).toBe(true);
  });

  test("fits a phone", async () => {
    const { door, page } = await openInChromium(PHONE);
    await page.goto(`https://genkan.local:${door.httpsPort}/`);
    expect(await page.evaluate(FITS)).toBe(true);
  });
});

describeWithTools("a name nobody has, in Chromium", ["chromium", "certutil"], () => {
  test("is not vouched for", async () => {
    const { door, page } = await openInChromium();
    await expect(page.goto(`https://unknown.local:${door.httpsPort}/`)).rejects.toThrow(
      "net::ERR_CERT_COMMON_NAME_INVALID",
    );
  });

  test("leads to a page that names no app, for those who go on", async () => {
    const { door, page } = await openInChromium({ ignoreHTTPSErrors: true });
    const response = await page.goto(`https://unknown.local:${door.httpsPort}/`);
    expect(response?.status()).toBe(421);
    expect(await page.textContent("h1")).toBe("Nobody of that name lives here");
    expect((await page.content()).toLowerCase()).not.toContain("hello");
    expect(await page.locator("a").count()).toBe(0);
  });
});
