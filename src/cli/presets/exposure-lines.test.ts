import { expect, test } from "vitest";
import { parseTarget } from "../../model/target.ts";
import type { ListeningPort } from "../../platform/listening.ts";
import { exposureLines } from "./exposure-lines.ts";

function listening(port: number, ...addresses: string[]): () => Promise<ListeningPort[]> {
  const isLocalOnly = addresses.every((address) => address === "127.0.0.1" || address === "::1");
  const one = { port, addresses, isLocalOnly, pid: undefined, program: undefined };
  return () => Promise.resolve([one]);
}

test("the article's container, published on every address, is named with the line to change", async () => {
  const app = { preset: "openhands@0.36", upstream: parseTarget("3000") } as const;
  expect(await exposureLines(app, listening(3000, "0.0.0.0", "::"))).toEqual([
    "WARNING: OpenHands 0.36 is reached around the door: port 3000 listens on 0.0.0.0 and ::. Whoever is on this network can run programs with it, without signing in.",
    "  -> Let it listen on 127.0.0.1 only; with Docker, publish it so: -p 127.0.0.1:3000:3000",
  ]);
});

test("1.x is told to stay reachable for its sandboxes", async () => {
  const app = { preset: "openhands@1", upstream: parseTarget("3000") } as const;
  const [, fix] = await exposureLines(app, listening(3000, "0.0.0.0"));
  expect(fix).toContain("-p 127.0.0.1:3000:3000 -p 172.17.0.1:3000:3000");
});

test("an app that asks nobody who they are is named, too", async () => {
  const app = { preset: "ollama", upstream: parseTarget("127.0.0.1:11434") } as const;
  const [warning] = await exposureLines(app, listening(11434, "192.168.1.5"));
  expect(warning).toContain("can use it, without signing in.");
});

test.each([
  { preset: "immich", target: "3000", why: "signs people in by itself" },
  { preset: "openhands", target: "nas:3000", why: "is on another machine" },
  { preset: "openhands", target: "3001", why: "is at another port" },
] as const)("nothing is said of one that $why", async ({ preset, target }) => {
  const app = { preset, upstream: parseTarget(target) };
  expect(await exposureLines(app, listening(3000, "0.0.0.0"))).toEqual([]);
});

test("nothing is said of one that listens on this machine alone", async () => {
  const app = { preset: "openhands", upstream: parseTarget("3000") } as const;
  expect(await exposureLines(app, listening(3000, "127.0.0.1", "::1"))).toEqual([]);
});

test("where the ports cannot be seen, that is said", async () => {
  const app = { preset: "openhands", upstream: parseTarget("3000") } as const;
  const broken = (): Promise<never> => Promise.reject(new Error("ss is missing"));
  expect(await exposureLines(app, broken)).toEqual([
    "Whether port 3000 is reached around the door could not be seen: ss is missing",
  ]);
});
