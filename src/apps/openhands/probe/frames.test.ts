import { expect, test } from "vitest";
import { keyIn } from "./canvas-key.ts";
import { readFrame } from "./engine-io.ts";
import { readState } from "./state-events.ts";

const event = (what: object): string => `42${JSON.stringify(["oh_event", what])}`;

test.each([
  ['0{"sid":"a","pingInterval":25000}', { is: "open" }],
  ["2", { is: "ping" }],
  ['40{"sid":"b"}', { is: "joined" }],
  ['44{"message":"Settings not found"}', { is: "refused", why: "Settings not found" }],
  ["44", { is: "refused", why: "it gave no reason" }],
  ["42{broken", { is: "other" }],
  ['42["another",{}]', { is: "other" }],
])("the frame %s of 0.36", (text, frame) => {
  expect(readFrame(text)).toEqual(frame);
});

test.each([
  [
    { status_update: true, type: "info", id: "STATUS$X" },
    { is: "status", id: "STATUS$X" },
  ],
  [
    { status_update: true, type: "error", id: "STATUS$X" },
    { is: "error", why: "STATUS$X" },
  ],
  [
    { error: true, message: "no runtime" },
    { is: "error", why: "no runtime" },
  ],
  [
    { source: "environment", extras: { agent_state: "running" } },
    { is: "state", state: "running" },
  ],
  [{ action: "message" }, { is: "other" }],
])("the event %j of 0.36", (what, news) => {
  expect(readFrame(event(what))).toEqual({ is: "event", news });
});

test("a state of an agent-server is read from the whole and from its change, and from nothing else", () => {
  const of = (key: string, value: unknown): string =>
    JSON.stringify({ kind: "ConversationStateUpdateEvent", key, value });
  expect(readState(of("full_state", { execution_status: "idle" }))).toBe("idle");
  expect(readState(of("execution_status", "running"))).toBe("running");
  expect(readState(of("stats", {}))).toBeUndefined();
  expect(readState('{"kind":"MessageEvent"}')).toBeUndefined();
  expect(readState("broken")).toBeUndefined();
});

test("Canvas' key is found in its page as it writes it, and an empty one is none", () => {
  expect(keyIn('<script>window.__AGENT_CANVAS_SESSION_API_KEY__="a\\"b";</script>')).toBe('a"b');
  expect(keyIn('window.__AGENT_CANVAS_SESSION_API_KEY__="";')).toBeUndefined();
  expect(keyIn("<html></html>")).toBeUndefined();
});
