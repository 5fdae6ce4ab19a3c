import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { authorityWorld, worldWithAuthority } from "../../test/support/authority.ts";
import { createAuthority } from "./authority.ts";

const DAY = 24 * 60 * 60 * 1000;

describe("the canary", () => {
  test("names the door and one name that can belong to nobody, and ends in two days", async () => {
    const { authority, clock } = await worldWithAuthority();
    const leaf = await authority.canary!("Genkan.local");
    const { subjectAltName } = new X509Certificate(leaf.certPem);
    expect(subjectAltName).toBe("DNS:genkan.local, DNS:outside.genkan.example");
    expect(leaf.notAfter - clock.now()).toBeLessThanOrEqual(2 * DAY);
    expect(leaf.certPem).toContain(authority.intermediate!.pem);
  });

  test.each(["www.example.com", "*.home.local", "bank.example"])(
    "is not made for %s",
    async (host) => {
      const { authority } = await worldWithAuthority();
      await expect(authority.canary!(host)).rejects.toThrow(
        expect.objectContaining({
          code: expect.stringMatching(/^(?:NAME_OUT_OF_SCOPE|HOST_INVALID)$/),
        }),
      );
    },
  );

  test("is not made where its name is inside the scope, and would prove nothing", async () => {
    const authority = await createAuthority({ ...authorityWorld(), domains: ["genkan.example"] });
    expect(authority.canary).toBeUndefined();
  });

  test("leaves no trace on the disk", async () => {
    const { authority, dir } = await worldWithAuthority();
    const before = readdirSync(dir, { recursive: true });
    await authority.canary!("genkan.local");
    expect(readdirSync(dir, { recursive: true })).toEqual(before);
  });
});

test("its name cannot be had through the front: only the canary signs outside the scope", async () => {
  const { authority } = await worldWithAuthority();
  await expect(
    authority.issue({ dns: ["genkan.local", "outside.genkan.example"] }),
  ).rejects.toThrow(expect.objectContaining({ code: "NAME_OUT_OF_SCOPE" }));
});

test("signing without asking the rules is in reach of two files alone", () => {
  const src = join(import.meta.dirname, "..");
  const whoSays = (word: RegExp): string[] =>
    readdirSync(src, { recursive: true })
      .map(String)
      .filter((path) => /[.]tsx?$/.test(path) && !path.includes(".test."))
      .filter((path) => word.test(readFileSync(join(src, path), "utf8")))
      .toSorted();
  expect(whoSays(/\bcreateSigning\b/)).toEqual(["pki/canary.ts", "pki/issue.ts"]);
  expect(whoSays(/\bmakeLeaf\b/)).toEqual(["pki/issue.ts", "pki/sign.ts"]);
  expect(whoSays(/\bcreateCanaryIssuing\b/)).toEqual(["pki/authority.ts", "pki/canary.ts"]);
});
