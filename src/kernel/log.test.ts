import { expect, test } from "vitest";
import { createLog, type Level, type LogEntry, silentLog } from "./log.ts";

const levels: Level[] = ["debug", "info", "warn", "error"];

function collectingLog(now = 0): { entries: LogEntry[]; log: ReturnType<typeof createLog> } {
  const entries: LogEntry[] = [];
  return {
    entries,
    log: createLog(
      () => now,
      (entry) => entries.push(entry),
    ),
  };
}

test.each(levels)("an entry of level %s says when, what and with which fields", (level) => {
  const { entries, log } = collectingLog(Date.UTC(2026, 10, 24, 22, 52));
  log[level]("leaf.issued", { name: "wiki.local" });
  expect(entries).toEqual([
    { at: "2026-11-24T22:52:00.000Z", level, event: "leaf.issued", name: "wiki.local" },
  ]);
});

test("a child adds its fields to everything it says, and the entry's own win", () => {
  const { entries, log } = collectingLog();
  const child = log.with({ request: "a1", app: "wiki" }).with({ app: "nas" });
  child.info("request.ended");
  child.info("request.ended", { request: "b2" });
  log.info("door.closed");
  expect(entries).toMatchObject([{ request: "a1", app: "nas" }, { request: "b2", app: "nas" }, {}]);
  expect(entries[2]).not.toHaveProperty("app");
});

test("errors among the fields become message and code, so that JSON shows them", () => {
  const { entries, log } = collectingLog();
  const thrown = Object.assign(new Error("disk full"), { code: "ENOSPC" });
  log.error("file.failed", { thrown, plain: new Error("odd"), count: 2 });
  expect(JSON.parse(JSON.stringify(entries[0]))).toMatchObject({
    thrown: { message: "disk full", code: "ENOSPC" },
    plain: { message: "odd" },
    count: 2,
  });
});

test("the silent log takes everything and says nothing", () => {
  expect(silentLog.with({ a: 1 }).warn("door.opened")).toBeUndefined();
});

test("fields may be a function, which is not called for what is not written", () => {
  const entries: LogEntry[] = [];
  const write = (entry: LogEntry): void => void entries.push(entry);
  let calls = 0;
  const fields = () => ({ calls: ++calls });
  createLog(() => 0, write).debug("leaf.seen", fields);
  createLog(() => 0, write).debug("leaf.plain", { calls: 0 });
  createLog(() => 0, write, "info").debug("leaf.unseen", fields);
  createLog(() => 0, write, "info").info("leaf.told");
  expect(entries.map(({ event, calls: n }) => [event, n])).toEqual([
    ["leaf.seen", 1],
    ["leaf.plain", 0],
    ["leaf.told", undefined],
  ]);
});
