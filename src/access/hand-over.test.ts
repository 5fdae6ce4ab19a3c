import { expect, test } from "vitest";
import { CODE_LIFE, createHandOver } from "./hand-over.ts";
import { hashOf, newSecret } from "./secrets.ts";

function table() {
  let now = 5_000;
  const handOver = createHandOver(() => now);
  const nonce = newSecret();
  const issue = (host = "wiki.local"): string =>
    handOver.issue({ host, device: "d1", nonceHash: hashOf(nonce) });
  return { handOver, nonce, issue, pass: (ms: number) => void (now += ms) };
}

test("a code takes its device to its host, in the browser that has the nonce, once", () => {
  const { handOver, nonce, issue } = table();
  const code = issue();
  expect(handOver.redeem(code, { host: "wiki.local", nonce })).toBe("d1");
  expect(handOver.redeem(code, { host: "wiki.local", nonce })).toBeUndefined();
});

test.each([
  ["at another host", { host: "nas.local" }],
  ["in another browser", { nonce: newSecret() }],
  ["in a browser without a nonce", { nonce: "" }],
])("a code that leaked is good for nothing %s, and burnt by the try", (_, more) => {
  const { handOver, nonce, issue } = table();
  const code = issue();
  expect(handOver.redeem(code, { host: "wiki.local", nonce, ...more })).toBeUndefined();
  expect(handOver.redeem(code, { host: "wiki.local", nonce })).toBeUndefined();
});

test("the hash the portal sees is no nonce", () => {
  const { handOver, nonce, issue } = table();
  expect(handOver.redeem(issue(), { host: "wiki.local", nonce: hashOf(nonce) })).toBeUndefined();
});

test("a code ends after a minute", () => {
  const { handOver, nonce, issue, pass } = table();
  const [early, late] = [issue(), issue()];
  pass(CODE_LIFE - 1);
  expect(handOver.redeem(early, { host: "wiki.local", nonce })).toBe("d1");
  pass(1);
  expect(handOver.redeem(late, { host: "wiki.local", nonce })).toBeUndefined();
});

test("codes do not pile up: the oldest make room", () => {
  const { handOver, nonce, issue } = table();
  const codes = Array.from({ length: 1001 }, () => issue());
  expect(handOver.redeem(codes[0]!, { host: "wiki.local", nonce })).toBeUndefined();
  expect(handOver.redeem(codes[1]!, { host: "wiki.local", nonce })).toBe("d1");
});
