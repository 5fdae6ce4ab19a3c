import { expect, test } from "vitest";
import { throwawayRoot } from "../../test/support/throwaway-root.ts";
import type { Finding } from "../kernel/check.ts";
import { trustChecks } from "./checks.ts";
import { trustErrors } from "./errors.ts";
import { rootOf } from "./needs.ts";
import type { Audience, TrustStore } from "./store.ts";

const root = rootOf(await throwawayRoot(), "");

test("a root that is in every store of a kind is well", async () => {
  const stores = [store("system", "system", true), store("nss:/a", "chromium", true)];
  expect(await findings(stores)).toMatchObject({
    "trust.system-store": { state: "well" },
    "trust.chromium": { state: "well" },
    "trust.java": { state: "well", note: "no such store on this machine" },
  });
});

test("a root that is missing somewhere is unwell, with the command", async () => {
  const system = { ...store("system", "system", false), needsRoot: true };
  const stores = [system, store("nss:/a", "chromium", true), store("nss:/b", "chromium", false)];
  expect(await findings(stores)).toMatchObject({
    "trust.system-store": {
      state: "unwell",
      severity: "high",
      says: "The root is not in the shelf system.",
      fix: { command: "sudo genkan trust" },
    },
    "trust.chromium": {
      state: "unwell",
      says: "The root is not in the shelf nss:/b.",
      fix: { command: "genkan trust" },
    },
  });
});

test.each([
  ["the policy covers every profile", { policy: true, profiles: [false] }, "well"],
  ["profiles that all have it need no policy", { policy: false, profiles: [true, true] }, "well"],
  ["one profile that lacks it is unwell", { policy: false, profiles: [true, false] }, "unwell"],
  ["a Firefox never opened needs the policy", { policy: false, profiles: [] }, "unwell"],
])("Firefox: %s", async (_, { policy, profiles }, state) => {
  const stores = [
    store("firefox-policy", "firefox", policy),
    ...profiles.map((has, i) => store(`firefox:${i}`, "firefox", has)),
  ];
  expect((await findings(stores))["trust.firefox"]?.state).toBe(state);
});

test("a missing program is unwell, with what installs it", async () => {
  const p = { tool: "certutil", store: "x", install: "sudo apt install libnss3-tools" };
  const broken = failing(trustErrors.TRUST_TOOL_MISSING(p));
  expect((await findings([broken]))["trust.chromium"]).toMatchObject({
    state: "unwell",
    fix: { says: "sudo apt install libnss3-tools - then: genkan trust" },
  });
});

test("a store that cannot be read is unknown, with the reason", async () => {
  const broken = failing(trustErrors.TRUST_STORE_FAILED({ store: "x", why: "it is torn" }));
  expect((await findings([broken]))["trust.chromium"]).toMatchObject({
    state: "unknown",
    why: expect.stringContaining("it is torn") as string,
  });
});

test("without an authority nothing can be said", async () => {
  const checks = trustChecks({ root: async () => undefined, stores: async () => [] });
  const states = await Promise.all(checks.map((check) => check.look(AbortSignal.timeout(1000))));
  expect(new Set(states.map(({ state }) => state))).toEqual(new Set(["unknown"]));
});

async function findings(stores: TrustStore[]): Promise<Record<string, Finding>> {
  const checks = trustChecks({ root: async () => root, stores: async () => stores });
  const pairs = checks.map(
    async (check) => [check.id, await check.look(AbortSignal.timeout(1000))] as const,
  );
  return Object.fromEntries(await Promise.all(pairs));
}

function store(id: string, audience: Audience, has: boolean): TrustStore {
  return {
    id,
    title: `the shelf ${id}`,
    audience,
    needsRoot: false,
    has: async () => has,
    install: async () => undefined,
    remove: async () => undefined,
    plan: () => [],
  };
}

function failing(error: Error): TrustStore {
  return { ...store("nss:/a", "chromium", false), has: () => Promise.reject(error) };
}
