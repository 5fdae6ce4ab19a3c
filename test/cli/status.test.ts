import { expect, test } from "vitest";
import { statusText } from "../../src/cli/commands/status.ts";
import type { AppStatus, DoorStatus } from "../../src/daemon/control/protocol.ts";

const app: AppStatus = {
  name: "openhands",
  access: "household",
  preset: "openhands",
  url: "https://openhands.local",
  hosts: ["openhands.local"],
  upstream: "http://localhost:3000",
  reachable: true,
  requests: 7,
  active: 0,
  webSockets: 1,
  trouble: undefined,
  sandboxes: [],
  sandboxTrouble: undefined,
};

const status = (more: Partial<AppStatus>): DoorStatus => ({
  version: "0.1.0",
  pid: 1,
  since: "2026-11-25T10:00:00.000Z",
  engine: "node",
  engineTrouble: undefined,
  portal: "https://genkan.local",
  listening: [],
  apps: [{ ...app, ...more }],
  root: { path: "/root.pem", fingerprint: "AA:BB", words: "one two three four" },
  config: "/genkan.yaml",
  devices: [],
  names: { by: undefined, links: [], names: [], notCarried: [], trouble: undefined },
  accessTrouble: undefined,
  trouble: undefined,
  waiting: [],
});

test("an app without sandboxes has none in the status", () => {
  expect(statusText(status({}))).not.toContain("SANDBOX");
});

test("ports of sandboxes stand below the apps, with where they are at the door", () => {
  const sandbox = {
    port: 41_234,
    doorPort: 41_235,
    url: "https://openhands.local:41235",
    kind: "editor",
    generation: "0.36",
    upstream: "http://172.17.0.1:41234",
  } as const;
  const lines = statusText(status({ sandboxes: [sandbox] })).split("\n");
  const at = lines.findIndex((line) => line.startsWith("SANDBOX OF"));
  expect(lines[at]?.split(/ {2,}/)).toEqual(["SANDBOX OF", "PART", "PORT", "ADDRESS", "UPSTREAM"]);
  expect(lines[at + 1]?.split(/ {2,}/)).toEqual([
    "openhands",
    "editor",
    "41234",
    "https://openhands.local:41235",
    "http://172.17.0.1:41234",
  ]);
});

test("what ails the sandboxes is said with the next command, and the app is not left out for it", () => {
  const trouble = { code: "SANDBOX_ELSEWHERE", message: "It is elsewhere.", fix: "Bring it here" };
  const text = statusText(status({ sandboxTrouble: trouble }));
  expect(text).toContain("It is elsewhere.\n  -> Bring it here");
  expect(text).not.toContain("LEFT OUT");
});
