/*
 * OpenHands 1.x behind a door that asks who comes, through both engines: the chat connects to its sandbox, files
 * go up, editor and worker load; and each port of a sandbox refuses whoever shows neither a session nor its key.
 */
import { readFileSync } from "node:fs";
import { request } from "node:https";
import type { Browser, Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { AGENT_ANSWER } from "../openhands/agent/conversation.ts";
import { homeWithOpenHands } from "../openhands/at-home.ts";
import { expectNothingOdd } from "../openhands/nothing-odd.ts";
import { askedOfItself, comeIn, type Screen, SOON } from "../openhands/visitor.ts";
import { type OpenHands1, type Options1, startOpenHands1 } from "../openhands/v1/openhands-1.ts";
import type { Sandbox1 } from "../openhands/v1/sandbox-1.ts";
import { chromiumAtHome } from "../support/chromium.ts";
import { openDoor, type OpenDoor } from "../support/genkan.ts";
import { describeWithTools } from "../support/tools.ts";

interface Scene {
  readonly openHands: OpenHands1;
  readonly door: OpenDoor;
  readonly browser: Browser;
  readonly origin: string;
}

async function scene(engine: string, options: Options1 = {}): Promise<Scene> {
  const openHands = await startOpenHands1(options);
  onTestFinished(() => openHands.stop());
  const door = await openDoor(homeWithOpenHands("openhands@1", openHands.port), [
    "--engine",
    engine,
  ]);
  const browser = await chromiumAtHome([door.ready.root.path]);
  return { openHands, door, browser, origin: `https://openhands.local:${door.httpsPort}` };
}

async function begin(page: Page): Promise<void> {
  await page.click("#new");
  await page.waitForURL(/\/conversations\//, SOON);
  await page.getByText("idle", { exact: true }).waitFor(SOON);
}

function sandboxOf(openHands: OpenHands1): Sandbox1 {
  const [first] = [...openHands.conversations.values()];
  if (!first) throw new Error("no conversation was begun");
  return first.sandbox;
}

interface Variant {
  readonly engine: string;
  readonly screen: Screen;
  readonly auth: "query" | "first frame";
  readonly keepsPrefix: boolean;
}

const VARIANTS: readonly Variant[] = [
  { engine: "node", screen: "desktop", auth: "query", keepsPrefix: false },
  { engine: "node", screen: "phone", auth: "first frame", keepsPrefix: true },
  { engine: "nginx", screen: "phone", auth: "query", keepsPrefix: true },
  { engine: "nginx", screen: "desktop", auth: "first frame", keepsPrefix: true },
];

/** What a suite needs besides the browser. */
function toolsOf(engine: string): string[] {
  return ["chromium", "certutil", ...(engine === "nginx" ? ["nginx"] : [])];
}

describe.each(VARIANTS)(
  "OpenHands 1.x through engine $engine",
  ({ engine, screen, auth, keepsPrefix }) => {
    describeWithTools(`on a ${screen}, the key in the ${auth}`, toolsOf(engine), () => {
      test("talks, uploads, edits and shows a worker", async () => {
        const { openHands, door, browser, origin } = await scene(engine, { auth, keepsPrefix });
        const visitor = await comeIn(browser, door, { url: `${origin}/`, screen });
        const { page } = visitor;
        await begin(page);
        await page.fill("#text", "Hello");
        await page.click("#chat button");
        await page.getByText(`agent: ${AGENT_ANSWER} Hello`).waitFor(SOON);
        await page.click("#upload");
        await page.getByText("ADDED notes.txt").waitFor(SOON);
        await page.frameLocator("#editor").getByText("connected", { exact: true }).waitFor(SOON);
        await page.frameLocator("#app").getByText("It works.").waitFor(SOON);

        const { agent } = sandboxOf(openHands);
        expect([...agent.files]).toEqual([["/workspace/project/notes.txt", "玄関\n"]]);
        expect(agent.socket.shownBy).toEqual([auth]);
        expect(askedOfItself(visitor)).toEqual([]);
        expectNothingOdd(openHands);
      });
    });
  },
);

interface Place {
  readonly door: OpenDoor;
  readonly port: number;
}

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The status of one request to a port of the door, by somebody who has no session. */
function ask(
  { door, port }: Place,
  { path = "/", method = "GET", headers = {} }: Asked,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port,
        servername: "openhands.local",
        path,
        method,
        headers: { host: `openhands.local:${port}`, ...headers },
        ca: readFileSync(door.ready.root.path),
        agent: false,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    outgoing.once("error", reject).end();
  });
}

/** How a handshake is answered. */
function handshake({ door, port }: Place, path: string, origin: string): Promise<number> {
  const socket = new WebSocket(`wss://127.0.0.1:${port}${path}`, {
    servername: "openhands.local",
    headers: { host: `openhands.local:${port}`, origin },
    ca: readFileSync(door.ready.root.path),
  } as object);
  return new Promise((resolve, reject) => {
    socket.once("open", () => {
      socket.terminate();
      resolve(101);
    });
    socket.once("unexpected-response", (asked, { statusCode }) => {
      asked.destroy();
      resolve(statusCode ?? 0);
    });
    socket.once("error", reject);
  });
}

describe.each(["node", "nginx"])("ports of a sandbox, engine %s", (engine) => {
  describeWithTools("to somebody without a session", toolsOf(engine), () => {
    test("answer nothing but to the sandbox's own key", async () => {
      const { openHands, door, browser, origin } = await scene(engine);
      const { page } = await comeIn(browser, door, { url: `${origin}/` });
      await begin(page);
      const { agent, editor, worker, key } = sandboxOf(openHands);
      await page.frameLocator("#app").getByText("It works.").waitFor(SOON);
      const id = agent.conversation.id;
      const doorPorts = await page.evaluate<Record<string, number>>(`(async () => {
        const [{ sandbox_id, conversation_url }] = await json("/api/v1/app-conversations?ids=${id}");
        const [{ exposed_urls }] = await json("/api/v1/sandboxes?id=" + sandbox_id);
        return Object.fromEntries(exposed_urls.map(({ name, url }) => [name, Number(new URL(url).port)]));
      })()`);
      const at = (name: string): Place => ({ door, port: doorPorts[name] ?? 0 });
      await page.context().close();
      const before = [agent, editor, worker].map(({ asked }) => asked.length);

      for (const name of ["AGENT_SERVER", "VSCODE", "WORKER_1"]) {
        expect([name, await ask(at(name), {})]).toEqual([name, 401]);
        expect([
          name,
          await ask(at(name), { headers: { cookie: "__Host-genkan=guessed" } }),
        ]).toEqual([name, 401]);
        const wrong = {
          "x-session-api-key": key.replace(/^./, (first) => (first === "a" ? "b" : "a")),
        };
        expect([name, await ask(at(name), { headers: wrong })]).toEqual([name, 401]);
      }
      expect(await ask(at("VSCODE"), { path: `/?tkn=${key}` })).toBe(401);
      const events = `/sockets/events/${id}?resend_all=true&session_api_key=`;
      expect(await handshake(at("AGENT_SERVER"), `${events}guessed`, origin)).toBe(401);
      expect(await handshake(at("AGENT_SERVER"), `${events}${key}`, "https://evil.test")).toBe(403);
      expect([agent, editor, worker].map(({ asked }) => asked.length)).toEqual(before);

      expect(
        await ask(at("AGENT_SERVER"), {
          path: "/api/git/changes/a",
          headers: { "x-session-api-key": key },
        }),
      ).toBe(200);
      expect(await handshake(at("AGENT_SERVER"), `${events}${key}`, origin)).toBe(101);
      expectNothingOdd(openHands);
    });
  });
});
