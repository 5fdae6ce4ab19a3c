import { expect, test } from "vitest";
import { throwawayRoot } from "../../test/support/throwaway-root.ts";
import { trustErrors } from "./errors.ts";
import { rootOf } from "./needs.ts";
import type { TrustStore } from "./store.ts";
import { type StoreResult, trustRoot, untrustRoot } from "./trust.ts";

const root = rootOf(await throwawayRoot(), "");

test("each store says what happened to it, and one's trouble stops no other", async () => {
  const stores = [
    shelf("full", { holds: true }),
    shelf("broken", {
      install: () => Promise.reject(trustErrors.TRUST_NSS_LOCKED({ store: "x" })),
    }),
    shelf("unreadable", {
      has: () => Promise.reject(Object.assign(new Error("EIO: i/o error"), { code: "EIO" })),
    }),
    shelf("liar", { install: () => Promise.resolve() }),
    shelf("good"),
  ];
  const results = await trustRoot({ root, stores, dryRun: false, report: () => undefined });
  expect(summary(results)).toEqual({
    full: "already",
    broken: "failed TRUST_NSS_LOCKED",
    unreadable: "failed TRUST_STORE_FAILED",
    liar: "failed TRUST_NOT_INSTALLED",
    good: "done",
  });
});

test("needs of root are said before anything is done, and the rest is done all the same", async () => {
  const story: string[] = [];
  const stores = [shelf("mine"), shelf("system", { needsRoot: true })];
  await trustRoot({
    root,
    stores,
    dryRun: false,
    announce: ({ id }, steps) => story.push(`about to: ${id}: ${steps[0]?.says}`),
    report: ({ store, outcome }) => story.push(`${store}: ${outcome}`),
  });
  expect(story).toEqual(["system: needs-root", "about to: mine: install", "mine: done"]);
});

test("nobody is asked for root where nothing is to be done", async () => {
  const stores = [shelf("system", { needsRoot: true, holds: true })];
  const request = { root, stores, dryRun: false, report: () => undefined };
  expect(await trustRoot(request)).toMatchObject([{ outcome: "already" }]);
  expect(await untrustRoot(request)).toMatchObject([
    { outcome: "needs-root", command: "sudo genkan untrust" },
  ]);
});

test("a dry run calls neither install nor remove", async () => {
  const never = (): Promise<void> => Promise.reject(new TypeError("called in a dry run"));
  const stores = [
    shelf("empty", { install: never }),
    shelf("full", { holds: true, remove: never }),
  ];
  const request = { root, stores, dryRun: true, report: () => undefined };
  expect(summary(await trustRoot(request))).toEqual({ empty: "planned", full: "already" });
  expect(summary(await untrustRoot(request))).toEqual({ empty: "already", full: "planned" });
});

test("a root that is still trusted after its removal was not removed", async () => {
  const stores = [shelf("sticky", { holds: true, remove: () => Promise.resolve() })];
  const results = await untrustRoot({ root, stores, dryRun: false, report: () => undefined });
  expect(summary(results)).toEqual({ sticky: "failed TRUST_NOT_REMOVED" });
});

test("a bug of ours is not passed off as a store's trouble", async () => {
  const stores = [shelf("bug", { install: () => Promise.reject(new TypeError("x is undefined")) })];
  const running = trustRoot({ root, stores, dryRun: false, report: () => undefined });
  await expect(running).rejects.toThrow(TypeError);
});

/** A store that keeps its promise in memory, but for what is told. */
function shelf(id: string, more: Partial<TrustStore> & { holds?: boolean } = {}): TrustStore {
  let holds = more.holds ?? false;
  const set = (value: boolean) => async (): Promise<void> => {
    holds = value;
  };
  return {
    id,
    title: `the shelf ${id}`,
    audience: "system",
    needsRoot: false,
    has: async () => holds,
    install: set(true),
    remove: set(false),
    plan: (_, action) => [{ says: action }],
    ...more,
  };
}

function summary(results: readonly StoreResult[]): Record<string, string> {
  return Object.fromEntries(
    results.map((r) => [r.store, r.outcome === "failed" ? `failed ${r.error.code}` : r.outcome]),
  );
}
