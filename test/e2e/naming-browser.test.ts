import { join } from "node:path";
import { chromium } from "playwright-core";
import { expect, it, onTestFinished } from "vitest";
import { AVAHI_TOOLS, startAvahi } from "../support/avahi.ts";
import { openDoorIn } from "../support/door-in-host.ts";
import { announced } from "../support/names.ts";
import { describeWithHosts, makeHosts } from "../support/namespaces.ts";
import { makeNssDatabase } from "../support/nss.ts";
import { tempFolder } from "../support/temp.ts";

describeWithHosts("a browser on another device", [...AVAHI_TOOLS, "chromium", "certutil"], () => {
  it("opens an app by its name alone", async () => {
    const { home, laptop } = await makeHosts({ home: {}, laptop: {} });
    await startAvahi(laptop);
    const door = await openDoorIn(home, tempFolder());
    await announced(door, "hello.local");
    const person = tempFolder();
    makeNssDatabase(join(person, ".local/share/pki/nssdb"), [door.ready.root.path]);
    const browser = await chromium.launch({
      executablePath: laptop.launcher("chromium"),
      env: { ...process.env, HOME: person },
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    });
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    const answer = await page.goto("https://hello.local/");
    expect(answer?.status()).toBe(200);
    expect(await page.title()).toBe("Hello from behind the door");
  });
});
