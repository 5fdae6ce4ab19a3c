import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test, vi } from "vitest";
import { chromiumAtHome, launchChromium } from "../support/chromium.ts";
import { firefoxAtHome } from "../support/firefox.ts";
import { openDoor, type OpenDoor } from "../support/genkan.ts";
import { makeNssDatabase } from "../support/nss.ts";
import { tempFolder } from "../support/temp.ts";
import { describeWithTools, toolPath } from "../support/tools.ts";

/** Longer than the trial of silence, on a busy machine. */
const PATIENT = 150_000;

/** Milliseconds. */
const MINUTE = 60_000;

/** Chromium on a device that does not trust the door yet; `trust` puts the root into its store, as a person would. */
async function freshChromium(door: OpenDoor) {
  const home = tempFolder();
  const database = join(home, ".local/share/pki/nssdb");
  makeNssDatabase(database, []);
  const browser = await launchChromium(
    ["--host-resolver-rules=MAP * 127.0.0.1", "--no-proxy-server"],
    { HOME: home, XDG_CONFIG_HOME: undefined, XDG_DATA_HOME: undefined },
  );
  const trust = (): void => {
    const root = ["-t", "C,,", "-n", "genkan", "-i", door.ready.root.path];
    execFileSync(toolPath("certutil")!, ["-d", `sql:${database}`, "-A", ...root]);
  };
  return { browser, trust };
}

async function statesOn(page: Page): Promise<Record<string, string>> {
  return page.evaluate<Record<string, string>>(
    `Object.fromEntries([...document.querySelectorAll(".trials li")].map((row) => [row.id.slice(4), row.dataset.state]))`,
  );
}

const ALL_WELL = {
  name: "well",
  trust: "well",
  secure: "well",
  protocol: "well",
  socket: "well",
  silence: "well",
  clock: "well",
  cookies: "well",
  limits: "well",
};

describeWithTools(
  "a device from untrusted to proven, in Chromium",
  ["chromium", "certutil"],
  () => {
    test(
      "the first page turns green by itself, and /check finds all well",
      { timeout: PATIENT },
      async () => {
        const door = await openDoor(tempFolder());
        const { browser, trust } = await freshChromium(door);
        const page = await (await browser.newContext()).newPage();
        const complaints: string[] = [];
        page.on("console", (message) => complaints.push(message.text()));
        await page.goto(`http://genkan.local:${door.httpPort}/`);
        await page.waitForSelector("[data-part=looking]:visible");
        await vi.waitFor(
          () => expect(complaints.join()).toContain("ERR_CERT_AUTHORITY_INVALID"),
          20_000,
        );
        expect(await page.isVisible("[data-part=trusted]")).toBe(false);

        trust();
        await page.waitForSelector("[data-part=trusted]:visible", { timeout: 60_000 });
        expect(complaints.filter((text) => /Content Security Policy/.test(text))).toEqual([]);

        await page.click("[data-part=link]");
        await page.waitForURL(/^https:\/\/genkan\.local:\d+\/check/);
        await vi.waitFor(async () => expect(await statesOn(page)).toEqual(ALL_WELL), {
          timeout: 110_000,
          interval: 500,
        });
        expect(await page.textContent("#overall")).toBe("All is well with this device.");
        expect(complaints.filter((text) => /Content Security Policy/.test(text))).toEqual([]);

        const status = JSON.parse((await door.genkan("status", "--json")).stdout) as {
          devices: { kind: string; from: string; rows: object }[];
        };
        expect(status.devices).toMatchObject([
          { kind: "linux", from: "127.0.0.1", rows: ALL_WELL },
        ]);
        expect((await door.genkan("status")).stdout).toMatch(/^linux +127\.0\.0\.1 .* - +-$/m);
      },
    );

    test("where nobody ever installs it, the page stops asking, and begins again on return", async () => {
      const door = await openDoor(tempFolder());
      const { browser, trust } = await freshChromium(door);
      const page = await (await browser.newContext()).newPage();
      let asked = 0;
      page.on("request", (request) => (asked += Number(request.url().includes("/probe."))));
      await page.clock.install();
      await page.goto(`http://genkan.local:${door.httpPort}/`);
      await page.waitForSelector("[data-part=looking]:visible");
      await page.clock.runFor(5 * MINUTE);
      expect(asked).toBeGreaterThan(10);
      expect(asked).toBeLessThan(100);
      expect(await page.isVisible("[data-part=looking]")).toBe(true);
      await page.clock.runFor(11 * MINUTE);
      expect(await page.isVisible("[data-part=paused]")).toBe(true);
      expect(await page.isVisible("[data-part=looking]")).toBe(false);
      const before = asked;
      await page.clock.runFor(60 * MINUTE);
      expect(asked).toBe(before);

      trust();
      await page.evaluate(`document.dispatchEvent(new Event("visibilitychange"))`);
      await page.waitForSelector("[data-part=trusted]:visible", { timeout: 30_000 });
    });

    test("who passed a warning is told that the door is not trusted", async () => {
      const door = await openDoor(tempFolder());
      const { browser } = await freshChromium(door);
      const page = await (await browser.newContext({ ignoreHTTPSErrors: false })).newPage();
      await page.goto(`https://genkan.local:${door.httpsPort}/check`).catch(() => undefined);
      // Typed into the warning, this passes it for this certificate alone, as the button behind "Advanced" does.
      await vi.waitFor(
        async () => {
          await page.keyboard.type("thisisunsafe");
          await page.waitForSelector("#check", { timeout: 2_000 });
        },
        { timeout: 40_000 },
      );
      await page.waitForSelector("#row-trust[data-state=unwell]", { timeout: 45_000 });
      expect(await statesOn(page)).toMatchObject({
        trust: "unwell",
        limits: "unknown",
        socket: "well",
      });
      expect(await page.textContent("#row-trust .next")).toContain("Follow the steps");
    });
  },
);

describeWithTools("the same behind nginx", ["nginx", "chromium", "certutil"], () => {
  test("/check finds all well", { timeout: PATIENT }, async () => {
    const door = await openDoor(tempFolder(), ["--engine", "nginx"]);
    const page = await (await chromiumAtHome([door.ready.root.path])).newPage();
    await page.goto(`https://genkan.local:${door.httpsPort}/check`);
    await vi.waitFor(async () => expect(await statesOn(page)).toEqual(ALL_WELL), {
      timeout: 110_000,
      interval: 500,
    });
    expect(await page.textContent("#row-protocol .says")).toContain("HTTP/2");
    expect(await page.textContent("#row-name .says")).toContain("127.0.0.1");
  });
});

describeWithTools(
  "a device from untrusted to proven, in Firefox",
  ["firefox-esr", "certutil"],
  () => {
    test("the first page says nothing of trust to a fresh profile", async () => {
      const door = await openDoor(tempFolder());
      const firefox = await firefoxAtHome([]);
      await firefox.open(`http://genkan.local:${door.httpPort}/`);
      const probe = `fetch("https://genkan.local:${door.httpsPort}/probe.json").then(() => "loaded", () => "refused")`;
      expect(await firefox.evaluate(probe)).toBe("refused");
      expect(await firefox.evaluate(`document.querySelector("[data-part=trusted]").hidden`)).toBe(
        true,
      );
    });

    test(
      "the first page turns green, and /check finds all well",
      { timeout: PATIENT },
      async () => {
        const door = await openDoor(tempFolder());
        const firefox = await firefoxAtHome([door.ready.root.path]);
        await firefox.open(`http://genkan.local:${door.httpPort}/`);
        await vi.waitFor(
          async () =>
            expect(await firefox.evaluate(`document.getElementById("proof").dataset.state`)).toBe(
              "well",
            ),
          { timeout: 30_000, interval: 300 },
        );
        await firefox.open(`https://genkan.local:${door.httpsPort}/check?lang=ja`);
        const states = `JSON.stringify(Object.fromEntries([...document.querySelectorAll(".trials li")].map((row) => [row.id.slice(4), row.dataset.state])))`;
        await vi.waitFor(
          async () => expect(JSON.parse(String(await firefox.evaluate(states)))).toEqual(ALL_WELL),
          { timeout: 110_000, interval: 500 },
        );
        expect(await firefox.evaluate(`document.getElementById("overall").textContent`)).toBe(
          "この端末に問題はありません。",
        );
      },
    );
  },
);
