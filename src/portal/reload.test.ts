import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { launchChromium } from "../../test/support/chromium.ts";
import { describeWithTools } from "../../test/support/tools.ts";
import { RELOAD_SCRIPT } from "./reload-script.ts";
import { answerProblem } from "./problem.ts";

/** A door whose app can be down or up, and what it was asked. */
async function doorWithApp(): Promise<{
  url: string;
  asked: string[];
  appIsUp: (up: boolean) => void;
}> {
  const asked: string[] = [];
  let up = false;
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (up) {
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<title>the app</title><h1>Here I am</h1>");
      return;
    }
    const app = {
      name: "wiki",
      upstream: { scheme: "http", host: "localhost", port: 3000, insecure: false },
    } as const;
    const problem = { status: 502, code: "APP_UNREACHABLE", blame: "app", id: "a1", app } as const;
    const { headers, body } = answerProblem(
      { ...problem, method: request.method ?? "GET" },
      request.headers.accept,
    );
    response.writeHead(502, headers).end(request.method === "HEAD" ? undefined : body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, appIsUp: (now) => void (up = now) };
}

describeWithTools("the page of an app that is down, in Chromium", ["chromium"], () => {
  test("opens the app by itself when it is back, and uses up no link by looking", async () => {
    const door = await doorWithApp();
    const browser = await launchChromium();
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    await page.goto(`${door.url}/wiki?once=1#part`);
    expect(await page.title()).toBe("wiki does not answer");

    await expect.poll(() => door.asked, { timeout: 20_000 }).toContain("HEAD /wiki?once=1");
    door.appIsUp(true);
    await page.waitForSelector("text=Here I am", { timeout: 20_000 });
    expect(page.url()).toBe(`${door.url}/wiki?once=1#part`);
    expect(door.asked.filter((line) => line === "GET /wiki?once=1")).toHaveLength(2);
    expect(complaints.filter((text) => /Content Security Policy|Refused/.test(text))).toEqual([]);
  });

  test("opens the app without JavaScript too", async () => {
    const door = await doorWithApp();
    const browser = await launchChromium();
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${door.url}/wiki`);
    expect(door.asked).toEqual(["GET /wiki"]);
    door.appIsUp(true);
    await page.waitForSelector("text=Here I am", { timeout: 20_000 });
    expect(await page.title()).toBe("the app");
  });
});

test("the script reads no part of the page and writes none", () => {
  expect(RELOAD_SCRIPT).not.toMatch(/innerHTML|document|eval|Function/);
});
