import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { type DoorOptions, openDoor, testAuthority } from "../../test/support/door.ts";
import { CLOSED_GATE, openHousehold } from "../../test/support/household.ts";
import type { Finding } from "../kernel/check.ts";
import type { AppAccess } from "../model/admission.ts";
import { appChecks } from "./app-checks.ts";
import type { AppStatus, DoorStatus } from "./control/protocol.ts";

/** What is found at a door that says `access` of its wiki, and keeps to `options`. */
async function throughDoor(access: AppAccess, options: DoorOptions): Promise<Finding | undefined> {
  const app = createServer((_, response) => response.end("I am the wiki"));
  onTestFinished(() => void app.close());
  await once(app.listen(0, "127.0.0.1"), "listening");
  const door = await openDoor({ wiki: (app.address() as AddressInfo).port }, options);
  const { caPem: rootPem } = await testAuthority();
  const wiki = { name: "wiki", hosts: ["wiki.local"], access } as unknown as AppStatus; // what this check reads
  const status = { listening: door.engine.listening() } as unknown as DoorStatus;
  const more = { listening: () => Promise.resolve([]), machineAddresses: () => [] };
  const checks = appChecks(wiki, { status, rootPem, ...more });
  const check = checks.find(({ id }) => id === "app.wiki.https");
  return check?.look(new AbortController().signal);
}

test("an app that is open is well when it answers", async () => {
  const found = await throughDoor("open", { terms: { access: "open" } });
  expect(found).toEqual({ state: "well", note: "it answered 200" });
});

test.each(["household", "owner"] as const)(
  "an app for %s is well when strangers are asked to sign in",
  async (access) => {
    const { gate } = await openHousehold();
    const found = await throughDoor(access, { gate, terms: { access } });
    expect(found).toEqual({ state: "well", note: "strangers are asked to sign in" });
  },
);

test("an app for the household that answers a stranger is the first thing to mend", async () => {
  const found = await throughDoor("household", { terms: { access: "open" } });
  expect(found).toMatchObject({
    state: "unwell",
    severity: "high",
    says: "wiki is for the household, and answered a stranger (200).",
  });
});

test("a door that cannot tell who may come in is not well, though nobody gets in", async () => {
  const found = await throughDoor("household", {
    gate: CLOSED_GATE,
    terms: { access: "household" },
  });
  expect(found).toMatchObject({ state: "unwell", says: expect.stringContaining("DOOR_CLOSED") });
});
