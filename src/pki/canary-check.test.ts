import { expect, test } from "vitest";
import { worldWithAuthority } from "../../test/support/authority.ts";
import { lenientVisit } from "../../test/support/lenient-client.ts";
import { lookAtCanary } from "./canary-check.ts";

test("this machine's verifier refuses the canary, and says by what", async () => {
  const { authority } = await worldWithAuthority();
  expect(await lookAtCanary(authority)).toEqual({
    state: "well",
    note: expect.stringMatching(/permitted subtree violation/),
  });
});

test("a verifier that checks signatures, names and dates, but no limits, is found out", async () => {
  const { authority } = await worldWithAuthority();
  expect(await lookAtCanary(authority, lenientVisit)).toMatchObject({
    state: "unwell",
    severity: "high",
    says: expect.stringContaining("beyond the authority's limits"),
  });
});

test("where everything is refused, nothing is known of the limits", async () => {
  const { authority } = await worldWithAuthority();
  const verifier = async () => "no thank you";
  expect(await lookAtCanary(authority, verifier)).toEqual({
    state: "unknown",
    why: expect.stringContaining("no thank you"),
  });
});

test("an authority without limits is not held to any", async () => {
  const { authority } = await worldWithAuthority();
  const finding = await lookAtCanary({ ...authority, canary: undefined });
  expect(finding).toEqual({ state: "unknown", why: "the authority has no limits" });
});
