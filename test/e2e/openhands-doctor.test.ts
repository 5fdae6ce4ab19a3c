/*
 * `genkan doctor openhands` against the three generations behind a door that asks who comes, on both engines: what is
 * well, and each trouble provoked for real.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocketServer } from "ws";
import { startCanvas } from "../openhands/canvas/openhands-canvas.ts";
import { expectNothingOdd } from "../openhands/nothing-odd.ts";
import type { StandIn } from "../openhands/stand-in.ts";
import { startOpenHands1 } from "../openhands/v1/openhands-1.ts";
import { startOpenHands036 } from "../openhands/v036/openhands-036.ts";
import { PROGRAM } from "../support/genkan.ts";
import { openHandsDoor } from "../support/openhands-door.ts";
import { tempFolder } from "../support/temp.ts";
import { describeWithTools } from "../support/tools.ts";

async function run<T extends StandIn>(starting: Promise<T>): Promise<T> {
  const standIn = await starting;
  onTestFinished(() => standIn.stop());
  return standIn;
}

/** A folder with a page that Canvas' server writes its key into. */
function canvasPage(): string {
  const folder = tempFolder();
  writeFileSync(
    join(folder, "index.html"),
    "<!doctype html><html><head><title>OpenHands</title></head><body></body></html>",
  );
  return folder;
}

const KEY = "a1".repeat(32);
const WORKING_SOCKET = "from a device to the app and back, over wss";

/** As `genkan openhands start` keeps it. */
function keepKey(home: string, line: string): void {
  mkdirSync(join(home, "state", "openhands"), { recursive: true });
  writeFileSync(join(home, "state", "openhands", "canvas.env"), line, { mode: 0o600 });
}

/** What was told as it passed, without the app's name and the seconds. */
function stagesIn(stderr: string): string[] {
  const lines = stderr.split("\n").filter((line) => line !== "");
  return lines.map((line) => line.replace(/^openhands: /, "").replace(/ \(\d+ s\)$/, ""));
}

interface Meddling {
  /** What becomes of an answer's text. */
  readonly text?: (text: string) => string;
}

/** A proxy that drops `Upgrade`, as many do, in front of a port of this machine. */
async function withoutUpgrades(port: number, { text }: Meddling = {}): Promise<number> {
  const server = createServer((incoming, response) => {
    const { upgrade: _upgrade, connection: _connection, ...headers } = incoming.headers;
    const { method, url: path } = incoming;
    const onward = request({ port, host: "127.0.0.1", method, path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        const whole = Buffer.concat(chunks).toString("utf8");
        const { "content-length": _length, ...fields } = answer.headers;
        response.writeHead(answer.statusCode ?? 500, fields).end(text?.(whole) ?? whole);
      });
    });
    incoming.pipe(onward);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** 0.36 as far as the probe asks, with a WebSocket for those alone who come without a proxy. */
async function refusingForwarded(): Promise<number> {
  const bodies: Record<string, string> = {
    "/health": '"OK"',
    "/api/options/config": '{"APP_MODE":"oss"}',
    "/api/settings": '{"llm_api_key_set":true}',
  };
  const server = createServer(({ url = "" }, response) => {
    response.writeHead(200).end(bodies[url] ?? "<!doctype html><title>OpenHands</title>");
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (incoming, tcp, head) => {
    if (incoming.headers["x-forwarded-proto"] !== undefined) {
      tcp.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(incoming, tcp, head, (socket) => {
      socket.send('0{"sid":"a"}');
      socket.once("message", () => socket.send('44{"message":"no conversation"}'));
    });
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

const ENGINES: ["node" | "nginx", string[]][] = [
  ["node", []],
  ["nginx", ["nginx"]],
];

describe.each(ENGINES)("genkan doctor openhands, with the engine %s", (engine, tools) => {
  describeWithTools("in front of the three generations", tools, () => {
    test("finds 0.36 well, and starts nothing", async () => {
      const app = await run(startOpenHands036({ hasSettings: true }));
      const door = await openHandsDoor({ port: app.port, engine });
      expect(await door.readiness()).toEqual({
        answers: "OpenHands 0.x, APP_MODE oss",
        key: "this generation asks for none",
        socket: WORKING_SOCKET,
        settings: "well",
        sandbox: "seen with --deep alone: genkan doctor openhands --deep",
      });
      expect(app.conversations.size).toBe(0);
      expect(app.asked.filter((ask) => !ask.startsWith("GET "))).toEqual([]);
      expectNothingOdd(app);
    });

    test("finds 1.x well, and starts nothing", async () => {
      const app = await run(startOpenHands1({ hasSettings: true }));
      const door = await openHandsDoor({ port: app.port, engine });
      expect(await door.readiness()).toMatchObject({
        answers: "OpenHands 1.x",
        settings: "well",
        sandbox: "none runs now; to start one: genkan doctor openhands --deep",
      });
      expect(app.conversations.size).toBe(0);
      expectNothingOdd(app);
    });

    test("finds Canvas well, and starts nothing", async () => {
      const app = await run(startCanvas({ ui: canvasPage() }));
      const door = await openHandsDoor({ port: app.port, engine });
      expect(await door.readiness()).toEqual({
        answers: "Agent Canvas, agent-server 1.43.1",
        key: "devices get it with the page",
        socket: WORKING_SOCKET,
        settings: "well",
        sandbox: "it has no ports of sandboxes",
      });
      expect(app.conversations.size).toBe(0);
      expect(app.asked.filter((ask) => !ask.startsWith("GET "))).toEqual([]);
      expectNothingOdd(app);
    });

    test("goes with the key it kept where Canvas' page holds none", async () => {
      const app = await run(startCanvas({ ui: canvasPage(), key: KEY, hasKeyInPage: false }));
      const door = await openHandsDoor({ port: app.port, engine });
      expect((await door.readiness())["key"]).toMatch(/^the page does not hold Canvas' key /);

      keepKey(door.home, `LOCAL_BACKEND_API_KEY=${KEY}\n`);
      expect(await door.readiness()).toMatchObject({ key: "well", socket: WORKING_SOCKET });
      const { stdout, stderr } = await door.doctor("--deep");
      expect(stdout).toContain("gets to where it awaits input");
      expect(stdout + stderr).not.toContain(KEY);

      keepKey(door.home, `LOCAL_BACKEND_API_KEY=${KEY.replaceAll("a", "b")}\n`);
      expect((await door.doctor()).cause).toMatch(
        /^openhands refuses the key that Genkan kept when it started it: /,
      );
      expectNothingOdd(app);
    });

    test("follows a conversation of Canvas with --deep until it is idle, and deletes it", async () => {
      const app = await run(startCanvas({ ui: canvasPage() }));
      const door = await openHandsDoor({ port: app.port, engine });
      const { stdout, stderr } = await door.doctor("--deep");
      expect(stdout).toContain(
        "gets to where it awaits input (it was idle, which is awaiting input)",
      );
      expect(stagesIn(stderr)).toEqual([
        "the conversation is there",
        "the agent is idle: it awaits input",
        "the conversation was deleted",
      ]);
      expect(app.conversations.size).toBe(0);
      expectNothingOdd(app);
    });

    test("follows a conversation of 0.36 with --deep until it awaits input, opens its editor, and deletes it", async () => {
      const app = await run(startOpenHands036({ hasSettings: true }));
      const door = await openHandsDoor({ port: app.port, engine });
      const { stdout, stderr } = await door.doctor("--deep");
      expect(stdout).toContain("(it awaited user input; its editor opens through the door)");
      expect(stagesIn(stderr)).toEqual([
        "the agent is loading",
        "the sandbox is being started",
        "the sandbox's container is being prepared",
        "the sandbox's container has started",
        "waiting for the client: the sandbox's server must answer the app",
        "the agent is awaiting user input",
        "the conversation was deleted",
      ]);
      expect(app.conversations.size).toBe(0);
      expectNothingOdd(app);
    });

    test("follows a conversation of 1.x with --deep until it is idle, opens its editor, and deletes it", async () => {
      const app = await run(startOpenHands1({ hasSettings: true }));
      const door = await openHandsDoor({ port: app.port, engine });
      const { stdout, stderr } = await door.doctor("--deep");
      expect(stdout).toContain(
        "(it was idle, which is awaiting input; its editor opens through the door)",
      );
      expect(stagesIn(stderr)).toEqual([
        "the app works on it",
        "waiting for the sandbox",
        "the repository is being prepared",
        "the conversation is being started in its sandbox",
        "the conversation is there",
        "the agent is idle: it awaits input",
        "the conversation was deleted",
      ]);
      expect(app.conversations.size).toBe(0);
      expectNothingOdd(app);
    });

    test("says that a sandbox is out of reach when it ended behind the app's back", async () => {
      const app = await run(startOpenHands1({ hasSettings: true }));
      const begun = await fetch(`${app.url}/api/v1/app-conversations`, {
        method: "POST",
        body: "{}",
      });
      expect(begun.status).toBe(200);
      for (const { sandbox } of app.conversations.values()) await sandbox.stop();
      const door = await openHandsDoor({ port: app.port, engine });
      expect((await door.doctor()).cause).toMatch(
        /^The sandbox of openhands is not reached through the door at https:\/\/openhands\.local:\d+: the handshake was answered 502 \(APP_UNREACHABLE\), not 101\. \[app\.openhands\.ready\.sandbox\]$/,
      );
    });

    test("deletes the conversation after Ctrl-C, too", async () => {
      const app = await run(startOpenHands1({ hasSettings: true }));
      const text = (answer: string): string =>
        answer.replaceAll('"status":"READY"', '"status":"STARTING_CONVERSATION"');
      const door = await openHandsDoor({ port: await withoutUpgrades(app.port, { text }), engine });
      const child = spawn(process.execPath, [PROGRAM, "doctor", "openhands", "--deep"], {
        env: { ...process.env, GENKAN_HOME: door.home },
        stdio: ["ignore", "ignore", "pipe"],
      });
      onTestFinished(() => void child.kill("SIGKILL"));
      let said = "";
      let isInterrupted = false;
      child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
        said += chunk;
        if (!said.includes("started in its sandbox") || isInterrupted) return;
        isInterrupted = true; // a second one ends it at once
        child.kill("SIGINT");
      });
      const [code] = (await once(child, "exit")) as [number | null];
      expect(code).toBe(1);
      expect(stagesIn(said).at(-1)).toBe("the conversation was deleted");
      expect(app.conversations.size).toBe(0);
    });

    test("says that the app itself refuses WebSockets that come through the door", async () => {
      const port = await refusingForwarded();
      const door = await openHandsDoor({ port, engine });
      expect((await door.doctor()).cause).toBe(
        `WebSockets to openhands stand at http://localhost:${port}, and not through the door: the handshake was answered 403, not 101. [app.openhands.ready.socket]`,
      );
    });

    test("says that Canvas is starting while it is", async () => {
      const app = await run(startCanvas({ ui: canvasPage(), isReady: () => false }));
      const door = await openHandsDoor({ port: app.port, engine });
      expect((await door.doctor()).cause).toBe(
        "openhands is still starting: it answers that it is not ready. [app.openhands.ready.answers]",
      );
    });

    test("says that the app is down when it is", async () => {
      const app = await run(startOpenHands036());
      const door = await openHandsDoor({ port: app.port, engine });
      await app.stop();
      expect((await door.doctor()).cause).toBe(
        `Nothing accepts connections at http://localhost:${app.port}, where openhands should be. [app.openhands.upstream]`,
      );
    });

    test("says that settings are missing when they are", async () => {
      const app = await run(startOpenHands036());
      const door = await openHandsDoor({ port: app.port, engine });
      expect((await door.doctor()).cause).toBe(
        "Nobody has saved settings in openhands yet: without a model and its key no conversation begins. [app.openhands.ready.settings]",
      );
      expectNothingOdd(app);
    });

    test("says that something before the door drops WebSockets", async () => {
      const app = await run(startOpenHands036({ hasSettings: true }));
      const port = await withoutUpgrades(app.port);
      const door = await openHandsDoor({ port, engine });
      expect((await door.doctor()).cause).toBe(
        `WebSockets to openhands are blocked before the door: at http://localhost:${port} itself none stands (the handshake was answered 400, not 101). [app.openhands.ready.socket]`,
      );
    });

    test("says that Canvas refuses the key of its own page", async () => {
      const app = await run(startCanvas({ ui: canvasPage() }));
      const text = (page: string): string => page.replaceAll(app.key, "an-older-key");
      const door = await openHandsDoor({ port: await withoutUpgrades(app.port, { text }), engine });
      expect((await door.doctor()).cause).toBe(
        "openhands refuses the key that its own page hands out: its page and its agent-server were started with different keys. [app.openhands.ready.key]",
      );
    });

    test("says that what answers is no OpenHands", async () => {
      const server = createServer((_request, response) => {
        response.writeHead(200, { "content-type": "text/html" }).end("<h1>A wiki</h1>");
      });
      onTestFinished(() => void server.close());
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      const door = await openHandsDoor({ port, engine });
      expect((await door.doctor()).cause).toBe(
        `What answers at http://localhost:${port} is no OpenHands that Genkan knows: GET /health answered 200 with a page. [app.openhands.ready.answers]`,
      );
    });
  });
});
