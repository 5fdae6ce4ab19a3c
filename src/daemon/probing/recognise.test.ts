/*
 * The preset asks an app itself, the probe asks it as a device does: whatever answers, they say the same.
 */
import { expect, onTestFinished, test } from "vitest";
import { startCanvas } from "../../../test/openhands/canvas/openhands-canvas.ts";
import type { StandIn } from "../../../test/openhands/stand-in.ts";
import { startOpenHands036 } from "../../../test/openhands/v036/openhands-036.ts";
import { startOpenHands1 } from "../../../test/openhands/v1/openhands-1.ts";
import { serveKnownApp } from "../../../test/support/serve-app.ts";
import { recognise as recogniseByWire } from "../../apps/openhands/probe/recognise.ts";
import { recognise } from "../../apps/recognise/recognise.ts";
import { parseTarget } from "../../model/target.ts";
import { straightTo } from "./wire.ts";

async function bothSay(port: number): Promise<unknown> {
  const target = `http://127.0.0.1:${port}`;
  const preset = await recognise(parseTarget(target));
  const probe = await recogniseByWire(straightTo(target));
  return { preset: preset.is === "known" ? preset.preset : preset.is, probe: probe.is };
}

test.each([
  ["0.36", () => startOpenHands036()],
  ["1", () => startOpenHands1()],
  ["canvas", () => startCanvas()],
] as const)("of OpenHands %s", async (generation, start) => {
  const app: StandIn = await start();
  onTestFinished(() => app.stop());
  expect(await bothSay(app.port)).toEqual({ preset: `openhands@${generation}`, probe: generation });
});

const HEALTHY = { "/health": '"OK"', "/api/options/config": '{"APP_MODE":"oss"}' };
const AGENT_SERVER = {
  "/health": '{"status":"ok"}',
  "/ready": '{"status":"ready"}',
  "/server_info": '{"title":"OpenHands Agent Server","version":"1.26.0"}',
};
const PAGE = "<!doctype html><title>OpenHands</title>";

test.each([
  {
    what: "a later 0.x, which is spoken to as 0.36 is",
    bodies: { "/": PAGE, ...HEALTHY, "/alive": '{"status":"ok"}' },
    said: { preset: "openhands", probe: "0.36" },
  },
  {
    what: "a sandbox's agent-server, which has no page",
    bodies: { "/": '{"detail":"Not Found"}', ...AGENT_SERVER },
    said: { preset: "unknown", probe: "stranger" },
  },
  {
    what: "something of another name with OpenHands' routes",
    bodies: { "/": "<title>A wiki</title>", ...HEALTHY },
    said: { preset: "unknown", probe: "stranger" },
  },
])("of $what", async ({ bodies, said }) => {
  const told = new Map<string, string>(Object.entries(bodies));
  const { port } = await serveKnownApp((path) => ({
    status: told.has(path) ? 200 : 404,
    body: told.get(path) ?? "",
  }));
  expect(await bothSay(port)).toEqual(said);
});
