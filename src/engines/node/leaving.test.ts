import { expect, test } from "vitest";
import { Leaving } from "./leaving.ts";

test("tells functions and objects, each once, and nobody who comes later", () => {
  const leaving = new Leaving();
  const told: string[] = [];
  leaving.addEventListener("abort", () => told.push("function"));
  leaving.addEventListener("abort", { handleEvent: () => told.push("object") });
  expect(leaving.aborted).toBe(false);
  leaving.abort();
  leaving.addEventListener("abort", () => told.push("late"));
  leaving.abort();
  expect(leaving.aborted).toBe(true);
  expect(told).toEqual(["function", "object"]);
});

test("does not tell who has taken its name off, whatever is taken off while it tells", () => {
  const leaving = new Leaving();
  const told: string[] = [];
  const gone = (): void => void told.push("gone");
  const last = (): void => void told.push("last");
  leaving.addEventListener("abort", gone);
  leaving.addEventListener("abort", () => leaving.removeEventListener("abort", last));
  leaving.addEventListener("abort", last);
  leaving.removeEventListener("abort", gone);
  leaving.abort();
  expect(told).toEqual(["last"]);
});
