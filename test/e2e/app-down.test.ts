/*
 * An app that is down, seen from outside: a page that says so and opens the app when it is back, and JSON
 * for programs.
 */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { chromiumAtHome } from "../support/chromium.ts";
import { curl } from "../support/curl.ts";
import { freePort, openDoor } from "../support/genkan.ts";
import { tempFolder } from "../support/temp.ts";
import { describeWithTools } from "../support/tools.ts";

const PATIENCE = { timeout: 30_000 };

/** Starts the app at its place; it is gone when the test ends at the latest. */
async function startWiki(port: number): Promise<Server> {
  const page = "<!doctype html><title>The wiki</title><h1>Here I am</h1>";
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end(page);
  });
  onTestFinished(() => stop(server));
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function stop(server: Server): void {
  server.closeAllConnections();
  server.close();
}

describeWithTools("an app that is down, in Chromium", ["chromium", "certutil"], () => {
  test("is named, and opened by itself once it is there, every time", async () => {
    const port = await freePort();
    const door = await openDoor(tempFolder(), [`wiki=${port}`]);
    const page = await (await chromiumAtHome([door.ready.root.path])).newPage();
    const url = `https://wiki.local:${door.httpsPort}/page?one=1#part`;
    const response = await page.goto(url);
    expect(response?.status()).toBe(502);
    expect(await page.textContent("h1")).toBe("wiki does not answer");
    const text = (await page.textContent("main")) ?? "";
    expect(text).toContain(`looked for wiki at http://localhost:${port} and could not reach it`);
    expect(text).toContain("genkan doctor wiki");

    const id = (await page.textContent("footer code")) ?? "";
    expect(id).toMatch(/^[0-9a-f]{8}$/);
    const logs = await door.genkan("logs");
    const line = logs.stdout.split("\n").find((entry) => entry.includes(id));
    expect(line).toContain("APP_UNREACHABLE");

    const wiki = await startWiki(port);
    await expect.poll(() => page.title(), PATIENCE).toBe("The wiki");
    expect(page.url()).toBe(url);

    stop(wiki);
    await page.reload();
    expect(await page.title()).toBe("wiki does not answer");
    await startWiki(port);
    await expect.poll(() => page.title(), PATIENCE).toBe("The wiki");
  });
});

describeWithTools("an app that is down, for curl", ["curl"], () => {
  test.each(["--http1.1", "--http2"])("is told in JSON (%s)", async (version) => {
    const port = await freePort();
    const door = await openDoor(tempFolder(), [`wiki=${port}`]);
    const format = "\n%{http_code} %{content_type}";
    const asked = [version, "-w", format, `https://wiki.local:${door.httpsPort}/?token=s3cret`];
    const { code, stdout, stderr } = await curl(door, asked);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [body = "", status] = stdout.split(/\n(?=\d+ [^\n]*$)/);
    expect(status).toBe("502 application/json");
    const { error } = JSON.parse(body) as { error: { id: string } };
    expect(error).toMatchObject({
      code: "APP_UNREACHABLE",
      app: { name: "wiki", upstream: `http://localhost:${port}` },
    });
    const logs = await door.genkan("logs");
    expect(logs.stdout).toContain(error.id);
    expect(logs.stdout).not.toContain("s3cret");
  });
});
