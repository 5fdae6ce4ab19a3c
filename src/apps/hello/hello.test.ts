import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { WebSocket, type ClientOptions } from "ws";
import { launchChromium } from "../../../test/support/chromium.ts";
import { describeWithTools } from "../../../test/support/tools.ts";
import { silentLog } from "../../kernel/log.ts";
import { startHello, type Hello } from "./hello.ts";

let hello: Hello;
let base: string;
beforeAll(async () => {
  hello = await startHello({ log: silentLog });
  base = `http://127.0.0.1:${hello.port}`;
});
afterAll(() => hello.stop());

const DOOR = {
  "x-forwarded-proto": "https",
  "x-forwarded-host": "hello.local",
  "x-forwarded-for": "192.168.1.7",
};

describe("the page", () => {
  test("shows what came through the door", async () => {
    const page = await (await fetch(base, { headers: DOOR })).text();
    expect(page).toContain("<dt>Name asked for</dt><dd>hello.local</dd>");
    expect(page).toContain("<dt>Scheme</dt><dd>https</dd>");
    expect(page).toContain("<dt>Your address</dt><dd>192.168.1.7</dd>");
    expect(page).toContain('<th scope="row">x-forwarded-proto</th><td>https</td>');
  });

  test("shows hostile headers as text", async () => {
    const hostile = '"><script>alert(1)</script>';
    const answer = await fetch(base, {
      headers: { "x-nasty": hostile, "x-forwarded-host": hostile },
    });
    const page = await answer.text();
    expect(page.split("<script>")).toHaveLength(2);
    expect(page).toContain("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
  });

  test("allows exactly the script and the style it brings", async () => {
    const answer = await fetch(base);
    const page = await answer.text();
    const policy = answer.headers.get("content-security-policy");
    for (const tag of ["script", "style"]) {
      const text = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page)?.[1] ?? "";
      const hash = createHash("sha256").update(text).digest("base64");
      expect(policy).toContain(`${tag}-src 'sha256-${hash}'`);
    }
    expect(page).not.toMatch(/\b(src|href)="(?!data:)/);
  });
});

test("secrets are covered wherever headers are shown", async () => {
  const headers = {
    cookie: "session=s3cret",
    authorization: "Bearer s3cret",
    "x-api-key": "s3cret",
    "x-csrf-token": "s3cret",
  };
  const page = await (await fetch(base, { headers })).text();
  const pairs = await (await fetch(`${base}/headers`, { headers })).text();
  expect(page + pairs).not.toContain("s3cret");
  expect(JSON.parse(pairs)).toContainEqual(["authorization", "(hidden, 13 characters)"]);
});

test("a header sent twice is shown twice", async () => {
  const socket = connect(hello.port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.write("GET /headers HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nX-A: 2\r\nConnection: close\r\n\r\n");
  let said = "";
  for await (const chunk of socket) said += String(chunk);
  expect(said).toContain('["X-A","1"],["X-A","2"]');
});

test("it says that it is well", async () => {
  const answer = await fetch(`${base}/health`);
  expect([answer.status, await answer.text()]).toEqual([200, "well\n"]);
});

test("what it does not know is a 404, what it does not do a 405", async () => {
  expect((await fetch(`${base}/nowhere`)).status).toBe(404);
  const refused = await fetch(base, { method: "POST", body: "x".repeat(100_000) });
  expect(refused.status).toBe(405);
  expect(refused.headers.get("allow")).toBe("GET, HEAD");
});

describe("the clock", () => {
  test("ticks at once and then goes on", async () => {
    const ending = new AbortController();
    const answer = await fetch(`${base}/events`, { signal: ending.signal });
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    const times: string[] = [];
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) {
      times.push(...(decoder.decode(chunk).match(/(?<=data: ).*/g) ?? []));
      if (times.length >= 2) break;
    }
    ending.abort();
    expect(Date.parse(times[1] ?? "")).toBeGreaterThan(Date.parse(times[0] ?? ""));
  });
});

function open(path: string, options: ClientOptions = {}): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${hello.port}${path}`, options);
  onTestFinished(() => socket.terminate());
  return socket;
}

async function refusalOf(socket: WebSocket): Promise<string> {
  const [error] = await once(socket, "error");
  return String(error.message);
}

describe("the echo", () => {
  test("says back text as text and bytes as bytes", async () => {
    const socket = open("/echo");
    await once(socket, "open");
    socket.send("good evening");
    expect(String((await once(socket, "message"))[0])).toBe("good evening");
    socket.send(Buffer.from([0, 255, 1]));
    const [data, isBinary] = await once(socket, "message");
    expect([Buffer.from(data), isBinary]).toEqual([Buffer.from([0, 255, 1]), true]);
  });

  test("ends the connection of who sends too much, and serves the next", async () => {
    const greedy = open("/echo");
    await once(greedy, "open");
    greedy.send(Buffer.alloc(65 * 1024));
    expect((await once(greedy, "close"))[0]).toBe(1009);
    await once(open("/echo"), "open");
  });

  test.each([
    ["https://hello.local", { "x-forwarded-host": "hello.local" }],
    ["https://hello.local:8443", { host: "hello.local:8443" }],
    ["https://hello.local:8443", { "x-forwarded-host": "hello.local" }],
  ])("opens for its own page at %s", async (origin, headers) => {
    const socket = open("/echo", { origin, headers });
    await once(socket, "open");
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });

  test.each(["https://evil.example", "null", "https://hello.local.evil.example"])(
    "does not open for a page from %s",
    async (origin) => {
      const headers = { "x-forwarded-host": "hello.local" };
      expect(await refusalOf(open("/echo", { origin, headers }))).toContain("403");
    },
  );

  test("is to be found at /echo alone", async () => {
    expect(await refusalOf(open("/elsewhere"))).toContain("404");
  });
});

test("it stops with visitors inside, twice if asked", async () => {
  const own = await startHello({ log: silentLog });
  const socket = new WebSocket(`ws://127.0.0.1:${own.port}/echo`);
  await once(socket, "open");
  const stream = await fetch(`http://127.0.0.1:${own.port}/events`);
  const closed = once(socket, "close");
  await own.stop();
  await own.stop();
  await closed;
  await stream.text().catch(() => "cut off is fine too");
  await expect(fetch(`http://127.0.0.1:${own.port}/health`)).rejects.toThrow("fetch failed");
});

describeWithTools("the hello page in Chromium", ["chromium"], () => {
  test("keeps its WebSocket and its clock going under its own policy", async () => {
    const browser = await launchChromium();
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    await page.goto(base);
    await page.waitForSelector("#socket[data-state=well]");
    await page.fill("#text", "<b>good evening</b>");
    await page.click("#send");
    expect(await page.textContent("#heard li")).toBe("<b>good evening</b>");
    await page.waitForSelector("#events[data-state=well]");
    await page.waitForFunction('document.getElementById("clock").textContent !== ""');
    expect(await page.textContent("#protocol")).toBe("HTTP/1.1");
    expect(await page.textContent("#secure")).toBe("yes, a secure context");
    expect(complaints).toEqual([]);
  });
});
