import { expect, test } from "vitest";
import { type AroundApp, lookAroundApp, lookAtDocker } from "./look-around.ts";
import type { Kind } from "./recognise.ts";

function facts(port: number, addresses: readonly string[], kind?: Kind): AroundApp {
  return {
    app: "openhands",
    upstream: "http://localhost:3000",
    kind: async () => kind,
    listening: async () => [{ port, addresses, program: undefined }],
    isInside: (address) => address === "127.0.0.1" || address === "172.17.0.1",
    gateway: "172.17.0.1",
  };
}

test("an app that listens for this machine and its containers alone is well", async () => {
  expect(await lookAroundApp(facts(3000, ["127.0.0.1", "172.17.0.1"]))).toMatchObject({
    state: "well",
  });
});

test.each<[Kind | undefined, string]>([
  ["0.36", "Start it again with -p 127.0.0.1:3000:3000 in place of -p 3000:3000"],
  [
    "1",
    "Start it again with -p 127.0.0.1:3000:3000 -p 172.17.0.1:3000:3000 in place of -p 3000:3000",
  ],
  [
    "canvas",
    "Start it again with -p 127.0.0.1:3000:8000 in place of -p 3000:8000; started with npm it listens everywhere, so run it with Docker",
  ],
])("the fix of %s is the exact one", async (kind, says) => {
  expect(await lookAroundApp(facts(3000, ["0.0.0.0", "::"], kind))).toMatchObject({
    state: "unwell",
    severity: "high",
    says: expect.stringContaining("at port 3000 of 0.0.0.0, ::, without signing in") as string,
    fix: { says },
  });
});

test("Docker that takes orders from the network is named, and from this machine is not", async () => {
  expect(await lookAtDocker(facts(2375, ["0.0.0.0"]))).toMatchObject({ severity: "high" });
  expect(await lookAtDocker(facts(2375, ["127.0.0.1"]))).toEqual({ state: "well" });
});
