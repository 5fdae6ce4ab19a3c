import { expect, test } from "vitest";
import { createLifecycle } from "./lifecycle.ts";
import { createLog, type LogEntry, silentLog } from "./log.ts";

test("parts stop in reverse order of their start, each once", async () => {
  const stopped: string[] = [];
  const life = createLifecycle(silentLog);
  for (const name of ["socket", "engine", "watcher"]) {
    life.add(name, { stop: async () => void stopped.push(name) });
  }
  await Promise.all([life.stop(), life.stop()]);
  await life.stop();
  expect(stopped).toEqual(["watcher", "engine", "socket"]);
});

test("a part is given back as it came", () => {
  const part = { port: 8443, stop: async () => undefined };
  expect(createLifecycle(silentLog).add("engine", part).port).toBe(8443);
});

test("a part that fails to stop is told to the log and keeps no other running", async () => {
  const entries: LogEntry[] = [];
  const stopped: string[] = [];
  const life = createLifecycle(
    createLog(
      () => 0,
      (entry) => entries.push(entry),
    ),
  );
  life.add("first", { stop: async () => void stopped.push("first") });
  life.add("stubborn", { stop: () => Promise.reject(new Error("busy")) });
  await life.stop();
  expect(stopped).toEqual(["first"]);
  expect(entries).toMatchObject([
    { level: "error", event: "part.stop-failed", part: "stubborn", why: "busy" },
  ]);
});
