import { expect, test } from "vitest";
import type { LogEntry } from "../kernel/log.ts";
import { createAudit } from "./audit.ts";

function table() {
  let steady = 0;
  const written: LogEntry[] = [];
  const clock = { now: () => Date.UTC(2026, 10, 25) };
  const audit = createAudit(
    clock,
    () => steady,
    (entry) => void written.push(entry),
  );
  return { audit, written, pass: (ms: number) => void (steady += ms) };
}

test("an entry has its time, its name and its fields, and no secret", () => {
  const { audit, written } = table();
  audit.write("visitor.refused", {
    host: "wiki.local",
    path: "/ws?session_api_key=abc",
    cookie: "x=1",
  });
  expect(written).toEqual([
    {
      at: "2026-11-25T00:00:00.000Z",
      level: "info",
      event: "visitor.refused",
      host: "wiki.local",
      path: "/ws?session_api_key=***",
      cookie: "***",
    },
  ]);
});

test("what strangers cause is told as a number where it is too much, and hides nothing else", () => {
  const { audit, written, pass } = table();
  for (let i = 0; i < 1000; i++) audit.write("visitor.refused", { i });
  audit.write("device.paired", { device: "d1" });
  expect(written.map(({ event }) => event)).toEqual([
    ...Array.from({ length: 60 }, () => "visitor.refused"),
    "device.paired",
  ]);
  pass(60_000);
  audit.write("visitor.refused");
  expect(written.slice(-2)).toMatchObject([
    { event: "visitor.refused-more", times: 940 },
    { event: "visitor.refused" },
  ]);
});

test("fields cannot pose as another entry", () => {
  const { audit, written } = table();
  audit.write("device.changed", {
    event: "device.paired",
    at: "1970",
    level: "error",
    name: "a\nb",
  });
  expect(written[0]).toMatchObject({
    event: "device.changed",
    level: "info",
    at: "2026-11-25T00:00:00.000Z",
  });
});
