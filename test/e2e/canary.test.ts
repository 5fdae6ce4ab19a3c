import { expect, onTestFinished, test } from "vitest";

import { judge, type Known } from "../../src/portal/check/judge.ts";
import { openLimitsPorts } from "../../src/portal/check/limits-ports.ts";
import { worldWithAuthority } from "../support/authority.ts";
import { lenientVisit } from "../support/lenient-client.ts";
import { describeWithTools } from "../support/tools.ts";
import { VERIFIERS } from "../support/verifiers.ts";

const host = "genkan.local";

for (const verifier of VERIFIERS) {
  const { name, tools, says } = verifier;
  describeWithTools(`the canary, shown to ${name}`, tools, () => {
    test("is refused for its name outside the limits, where an ordinary certificate is taken", async () => {
      const { authority } = await worldWithAuthority();
      const ordinary = await authority.issue({ dns: [host] });
      const canary = await authority.canary!(host);
      const [taken, refused] = await verifier.judge(authority.root.path, [
        { ...ordinary, host },
        { ...canary, host },
      ]);
      expect(taken).toBe("ok");
      expect(refused).toMatch(says.outside);
    });
  });
}

test("a client that checks no limits loads it from the door's port, and is told what that means", async () => {
  const { authority, clock, log } = await worldWithAuthority();
  const ports = await openLimitsPorts({
    addresses: ["127.0.0.1"],
    isOwn: (name) => name === host,
    plainOrigins: () => [],
    witness: (name) => authority.issue({ dns: [name] }),
    canary: authority.canary,
    clock,
    log,
  });
  onTestFinished(() => ports.stop());
  const trial = async (port: number | undefined) =>
    (await lenientVisit({ port: port ?? 0, host, rootPem: authority.root.pem })) === undefined
      ? "yes"
      : "no";
  const witness = await trial(ports.witness);
  const canary = await trial(ports.canary);
  expect([witness, canary]).toEqual(["yes", "yes"]);

  const observed = { isSecure: true, now: clock.now(), echo: "yes", silence: "yes" } as const;
  const known: Known = {
    host,
    met: { protocol: "h2", from: "127.0.0.1", at: "127.0.0.1" },
    now: clock.now(),
    certificate: { notBefore: 0, notAfter: Infinity },
    keptCookie: true,
    hasLimits: true,
    reached: ports.reached("127.0.0.1"),
  };
  const limitsOf = (trialled: "yes" | "no") =>
    judge({ ...observed, witness, canary: trialled }, known).find(({ row }) => row === "limits");
  expect(limitsOf(canary)).toMatchObject({ state: "unwell", because: "limits.ignored" });
  expect(limitsOf("no")).toMatchObject({ state: "well", because: "limits.kept" });
});
