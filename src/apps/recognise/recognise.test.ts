import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { startCanvas } from "../../../test/openhands/canvas/openhands-canvas.ts";
import { expectNothingOdd } from "../../../test/openhands/nothing-odd.ts";
import { startOpenHands036 } from "../../../test/openhands/v036/openhands-036.ts";
import { startOpenHands1 } from "../../../test/openhands/v1/openhands-1.ts";
import type { StandIn } from "../../../test/openhands/stand-in.ts";
import { KNOWN_APPS, type KnownApp } from "../../../test/support/known-apps.ts";
import { serveKnownApp, serveRaw } from "../../../test/support/serve-app.ts";
import { parseTarget } from "../../model/target.ts";
import { ALL_PRESETS } from "../presets/all.ts";
import { ASK_LIMIT } from "./ask.ts";
import { recognise } from "./recognise.ts";

const VERSIONS = {
  "open-webui": "0.6.26",
  "code-server": "4.102.3",
  jupyter: "2.14.2",
  n8n: "1.110.1",
  comfyui: "0.3.40",
  ollama: "0.12.3",
  grafana: "11.2.0",
  immich: "1.142.1",
};

test.each(Object.entries(KNOWN_APPS))("%s is recognised by what it answers", async (name, app) => {
  const { upstream } = await serveKnownApp(app);
  const version = new Map(Object.entries(VERSIONS)).get(name);
  expect(await recognise(upstream)).toEqual({ is: "known", preset: name, version });
});

test("every app Genkan knows has its answers here", () => {
  const known = ["openhands", ...Object.keys(KNOWN_APPS)];
  expect(ALL_PRESETS.map(({ name }) => name).toSorted()).toEqual(known.toSorted());
});

test.each([
  ["openhands@0.36", () => startOpenHands036({ hasRateLimit: true })],
  ["openhands@1", () => startOpenHands1()],
  ["openhands@canvas", () => startCanvas()],
] as const)("%s is told from the other generations", async (preset, start) => {
  const app: StandIn = await start();
  onTestFinished(() => app.stop());
  expect(await recognise(parseTarget(`127.0.0.1:${app.port}`))).toMatchObject({
    is: "known",
    preset,
  });
  expectNothingOdd(app);
  // 0.36 slows down who asks more than ten times a second.
  expect(app.asked.length).toBeLessThan(8);
});

test("a later 0.x is OpenHands, of no generation that is said", async () => {
  const page = "<!doctype html><title>OpenHands</title>";
  const later: KnownApp = (path) => {
    if (path === "/health") return { body: '"OK"' };
    if (path === "/alive") return { body: '{"status":"ok"}' };
    return { body: path === "/api/options/config" ? '{"APP_MODE":"oss"}' : page };
  };
  const { upstream } = await serveKnownApp(later);
  expect(await recognise(upstream)).toMatchObject({ is: "known", preset: "openhands" });
});

test("a page that says everything is nothing: each app's own routes have to answer", async () => {
  const everything = `Ollama is running <title>OpenHands Grafana Home Assistant Jupyter ComfyUI</title>
    <meta id="coder-options" /><meta name="n8n:config:x" />Gitea Immich Open WebUI {"status":"ok"}`;
  const { upstream } = await serveKnownApp(() => ({ body: everything }));
  expect(await recognise(upstream)).toEqual({ is: "unknown" });
});

test("what is no JSON, or no version, goes nowhere", async () => {
  const { upstream } = await serveKnownApp((path) => ({
    body: path === "/" ? "Ollama is running" : '{"version":"1.2.3\\u001b[31m rm -rf"}',
  }));
  expect(await recognise(upstream)).toEqual({ is: "unknown" });
});

test("nothing there is down", async () => {
  expect(await recognise(parseTarget("127.0.0.1:1"))).toEqual({ is: "down" });
});

test("redirects lead to no other place, and none for ever", async () => {
  const other = await serveKnownApp(() => ({ body: "Ollama is running" }));
  const elsewhere = `http://127.0.0.1:${other.port}/`;
  const away = await serveKnownApp(() => ({
    status: 302,
    headers: { location: elsewhere },
    body: "",
  }));
  expect(await recognise(away.upstream)).toEqual({ is: "unknown" });
  expect(other.asked).toEqual([]);

  const loop = await serveKnownApp((path) => ({
    status: 302,
    headers: { location: `${path}x` },
    body: "",
  }));
  await recognise(loop.upstream, ALL_PRESETS.slice(0, 1));
  expect(loop.asked.filter((path) => /^\/x*$/.test(path))).toHaveLength(4);
});

test("neither cookies nor anything of ours goes along", async () => {
  const seen: string[][] = [];
  const { upstream } = await serveRaw((request, response) => {
    seen.push(Object.keys(request.headers).toSorted());
    response.writeHead(200, { "set-cookie": "a=b" }).end("x");
  });
  await recognise(upstream);
  const fields = ["accept", "accept-encoding", "connection", "host", "user-agent"];
  expect(new Set(seen.map(String))).toEqual(new Set([String(fields)]));
});

test("of a body without end, or of a gigabyte, the beginning is read and the rest refused", async () => {
  let sent = 0;
  const block = Buffer.alloc(64 * 1024, "x");
  const { upstream, asked } = await serveRaw((_request, response) => {
    response.writeHead(200, { "content-length": String(2 ** 30) });
    const more = (): void => {
      while (!response.destroyed && sent < 2 ** 30) {
        sent += block.length;
        if (!response.write(block)) return void response.once("drain", more);
      }
    };
    more();
  });
  expect(await recognise(upstream)).toEqual({ is: "unknown" });
  // What fills the system's buffers before the end of the connection is known is a few megabytes.
  expect(sent).toBeLessThan(asked.length * (ASK_LIMIT + 16 * 2 ** 20));
});

test("a packed body is not unpacked", async () => {
  const { upstream } = await serveRaw((_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(Buffer.from("Ollama is running"));
  });
  expect(await recognise(upstream)).toEqual({ is: "unknown" });
});

test.each([
  ["never answers", () => undefined],
  [
    "answers a byte now and then",
    async (response: { write: (text: string) => boolean; destroyed: boolean }) => {
      while (!response.destroyed) {
        response.write("x");
        await wait(50);
      }
    },
  ],
] as const)(
  "an app that %s is left alone after a while, and is not down",
  async (_what, answer) => {
    const { upstream } = await serveRaw((_request, response) => void answer(response));
    expect(await recognise(upstream)).toEqual({ is: "unknown" });
  },
);
