import { expect, test } from "vitest";
import { worldWithAuthority } from "../../test/support/authority.ts";
import { lenientVisit } from "../../test/support/lenient-client.ts";
import { canaryCheck, type CanaryCheckSpec } from "./canary-check.ts";

const look = (spec: CanaryCheckSpec) => canaryCheck(spec).look(AbortSignal.timeout(30_000));

test("this machine's verifier refuses the canary, and says by what", async () => {
  const { authority } = await worldWithAuthority();
  expect(await look({ open: async () => authority })).toEqual({
    state: "well",
    note: expect.stringMatching(/permitted subtree violation/),
  });
});

test("a verifier that checks signatures, names and dates, but no limits, is found out", async () => {
  const { authority } = await worldWithAuthority();
  expect(await look({ open: async () => authority, verifier: lenientVisit })).toMatchObject({
    state: "unwell",
    severity: "high",
    says: expect.stringContaining("beyond the authority's limits"),
  });
});

test("where everything is refused, nothing is known of the limits", async () => {
  const { authority } = await worldWithAuthority();
  const verifier = async () => "no thank you";
  expect(await look({ open: async () => authority, verifier })).toEqual({
    state: "unknown",
    why: expect.stringContaining("no thank you"),
  });
});

test("an authority without limits is not held to any", async () => {
  const { authority } = await worldWithAuthority();
  const finding = await look({ open: async () => ({ ...authority, canary: undefined }) });
  expect(finding).toEqual({ state: "unknown", why: "the authority has no limits" });
});
