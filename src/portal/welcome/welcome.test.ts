import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { launchChromium } from "../../../test/support/chromium.ts";
import { readQr } from "../../../test/support/qr.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import { describeWithTools } from "../../../test/support/tools.ts";
import { silentLog } from "../../kernel/log.ts";
import { HOME_SCOPE } from "../../model/scope.ts";
import { createPages } from "../pages.ts";

const PRINT = Array.from({ length: 32 }, (_, i) => (i * 5 + 17).toString(16).toUpperCase());
const CARRIED = PRINT.join("");

const pages = createPages({
  root: {
    pem: "PEM",
    der: Buffer.from("DER"),
    fingerprint256: PRINT.join(":"),
    words: ["harbor", "velvet", "orbit", "maple"],
    scope: HOME_SCOPE,
    notAfter: Date.UTC(2036, 10, 21),
  },
  place: () => ({ plainOrigin: "http://192.168.1.20", secureOrigin: "https://genkan.local:1" }),
  version: "1.0.0",
  log: silentLog,
});

const PHONE: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};

interface Opened {
  readonly page: Page;
  readonly base: string;
  /** What the browser forbade the page. */
  readonly forbidden: readonly string[];
}

async function open(path: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const server = createServer((request, response) => void pages.portal(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const browser = await launchChromium();
  const page = await (await browser.newContext({ ...PHONE, ...options })).newPage();
  const forbidden: string[] = [];
  page.on("console", (message) => {
    if (/Content Security Policy|Refused/.test(message.text())) forbidden.push(message.text());
  });
  page.on("pageerror", (error) => forbidden.push(error.message));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await page.goto(base + path);
  return { page, base, forbidden };
}

/** Nothing sticks out of the window to the side, neither of the page nor of a drawing. */
const FITS = `document.documentElement.scrollWidth <= document.documentElement.clientWidth
  && [...document.querySelectorAll(".picture")].every((picture) => {
    const edge = picture.getBoundingClientRect();
    return [...picture.querySelectorAll("text")].every((text) => {
      const box = text.getBoundingClientRect();
      return box.left >= edge.left && box.right <= edge.right;
    });
  })`;

const AGENTS = {
  iPhone:
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1",
  iPad: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15",
  Android:
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36",
  Windows: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0",
  Mac: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15",
  Linux: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
} as const;
const TITLES: Readonly<Record<keyof typeof AGENTS, string>> = {
  iPhone: "Let your iPhone in",
  iPad: "Let your Mac in", // by its User-Agent alone
  Android: "Let your phone in",
  Windows: "Let your PC in",
  Mac: "Let your Mac in",
  Linux: "Let your computer in",
};
const DEVICES = Object.keys(AGENTS) as (keyof typeof AGENTS)[];

describeWithTools("the welcome page on a phone's screen", ["chromium"], () => {
  test.each(DEVICES)(
    "fits with the steps of %s, in both languages, without a script",
    async (name) => {
      for (const locale of ["en", "ja"]) {
        const options = { userAgent: AGENTS[name], javaScriptEnabled: false, locale };
        const { page } = await open("/", options);
        const title = locale === "en" ? TITLES[name] : /玄関へ$/;
        await page.locator("h1", { hasText: title }).waitFor();
        expect(await page.getAttribute("html", "lang")).toBe(locale);
        expect(await page.locator(".steps > li").count()).toBeGreaterThan(2);
        expect(await page.isVisible("#same")).toBe(false);
        expect(await page.evaluate(FITS)).toBe(true);
      }
    },
  );

  test("finds out that a Mac one can touch is an iPad", async () => {
    const options = { userAgent: AGENTS.iPad, viewport: { width: 820, height: 1180 } };
    const { page, base } = await open("/nowhere", options);
    await page.addInitScript("Object.defineProperty(navigator, 'maxTouchPoints', { value: 5 })");
    await page.goto(`${base}/?lang=en#${CARRIED}`);
    await page.waitForURL(`${base}/?lang=en&device=ipad#${CARRIED}`);
    expect(await page.textContent("h1")).toBe("Let your iPad in");
  });

  test("lets the person choose another device, and keeps what the code carried", async () => {
    const { page, base, forbidden } = await open(`/#${CARRIED}`, { userAgent: AGENTS.iPhone });
    await page.click("text=Windows");
    await page.waitForURL(`${base}/?lang=en&device=windows#${CARRIED}`);
    expect(await page.textContent("h1")).toBe("Let your PC in");
    await page.click("text=日本語");
    await page.waitForURL(`${base}/?lang=ja&device=windows#${CARRIED}`);
    expect(await page.isVisible("#same")).toBe(true);
    expect(forbidden).toEqual([]);
  });
});

describeWithTools("a fingerprint that a code carried", ["chromium"], () => {
  test("is named the page's own, and stands in the lines for the terminal", async () => {
    const { page, forbidden } = await open(`/#${CARRIED}`, { userAgent: AGENTS.Linux });
    expect(await page.isVisible("#same")).toBe(true);
    expect(await page.isVisible("#differs")).toBe(false);
    const lines = await page.locator("pre").allTextContents();
    expect(lines).toContain(`sh trust.sh ${PRINT.join(":")}`);
    expect(lines).toContain(`genkan trust http://192.168.1.20 --fingerprint ${PRINT.join(":")}`);
    expect(forbidden).toEqual([]);
  });

  test("stops everything when it is another", async () => {
    const { page } = await open(`/#${"AB".repeat(32)}`, { userAgent: AGENTS.iPhone });
    expect(await page.isVisible("#differs")).toBe(true);
    expect(await page.textContent("#differs")).toContain("Install nothing from here");
    expect(await page.locator('a[href*="root"], a[href*="mobileconfig"]').all()).not.toEqual([]);
    for (const link of await page.locator("a").all()) expect(await link.isVisible()).toBe(false);
    expect(await page.evaluate(FITS)).toBe(true);
  });

  test.each(["", "#top", "#<img src=x onerror=alert(1)>", `#${"AB".repeat(31)}`])(
    "that is none (%s) changes nothing",
    async (hash) => {
      const { page } = await open(`/${hash}`, { userAgent: AGENTS.Linux });
      expect(await page.isVisible("#same")).toBe(false);
      expect(await page.isVisible("#differs")).toBe(false);
      expect(await page.locator("pre").allTextContents()).toContain("sh trust.sh FINGERPRINT");
    },
  );
});

describeWithTools("the code on the page", ["chromium", "zbarimg"], () => {
  test.each(["light", "dark"] as const)("is read by a camera in the %s", async (colorScheme) => {
    const { page } = await open("/", { colorScheme });
    const path = join(tempFolder(), "page.png");
    await page.screenshot({ path, fullPage: true });
    expect(readQr(path)).toBe(`http://192.168.1.20/#${CARRIED}`);
  });

  test("is on paper, too, with the steps and without what paper cannot do", async () => {
    const { page } = await open("/", { userAgent: AGENTS.iPhone, colorScheme: "dark" });
    await page.emulateMedia({ media: "print" });
    const path = join(tempFolder(), "paper.png");
    await page.screenshot({ path, fullPage: true });
    expect(readQr(path)).toBe(`http://192.168.1.20/#${CARRIED}`);
    expect(await page.isVisible(".steps")).toBe(true);
    expect(await page.isVisible(".steps .button")).toBe(false);
    const paper = `getComputedStyle(document.body).backgroundColor`;
    expect(await page.evaluate(paper)).toBe("rgb(255, 255, 255)");
  });
});
