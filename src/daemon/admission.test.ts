import { renameSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { accessWorld } from "../../test/support/access.ts";
import { planOf } from "../../test/support/door.ts";
import { openHousehold } from "../../test/support/household.ts";
import { ROTATE_AFTER } from "../access/sessions.ts";
import type { Gate, Knock } from "../engines/needs.ts";
import { silentLog } from "../kernel/log.ts";
import { createGate } from "./admission.ts";

const [app] = planOf({ wiki: 1 }, { access: "household" }).apps;

function knock(more: Partial<Knock> = {}): Knock {
  if (!app) throw new Error("planOf makes a plan of its apps");
  return {
    id: "1",
    app,
    host: "wiki.local",
    port: 8443,
    method: "GET",
    target: "/",
    isWebSocket: false,
    address: "10.0.0.7",
    cookies: [],
    authorization: undefined,
    fetchMode: "navigate",
    fetchDest: "document",
    accept: "text/html",
    ...more,
  };
}

function nonceOf(gate: Gate, cookies: readonly string[]): string | undefined {
  const admission = gate.judge(knock({ cookies }));
  if (admission.is !== "answer") throw new Error("a stranger was let in");
  return admission.headers["set-cookie"]?.split(";")[0];
}

test("two pages opened at once share their nonce, and two browsers do not", async () => {
  const { gate } = await openHousehold();
  const first = nonceOf(gate, []);
  expect(nonceOf(gate, [first ?? ""])).toBe(first);
  expect(nonceOf(gate, [])).not.toBe(first);
});

test.each([`/?${"x".repeat(10_000)}`, "//wiki.local/a", "/\\a", "*", "/.genkan/enter"])(
  "a way back that is too long, or none, leads to the app's first page: %.20s",
  async (target) => {
    const { gate } = await openHousehold();
    const admission = gate.judge(knock({ target }));
    if (admission.is !== "answer") throw new Error("a stranger was let in");
    expect(new URL(admission.headers["location"] ?? "").searchParams.get("path")).toBe("/");
  },
);

test("a gate that cannot even make a page lets nobody in", async () => {
  const { access, world } = await openHousehold();
  const gate = createGate({
    access,
    problem: () => {
      throw new Error("no page today");
    },
    portalNear: () => "genkan.local",
    steadyNow: world.steadyNow,
    log: silentLog,
  });
  expect(gate.judge(knock({ method: "POST" }))).toMatchObject({ is: "answer", status: 503 });
});

test("where a new token cannot be written the old one stays, and the page is answered", async () => {
  const world = accessWorld();
  const household = await openHousehold(world);
  const { gate } = household;
  const { cookie } = await household.pair("Ada's phone", "wiki.local");
  world.pass(ROTATE_AFTER + 1);
  renameSync(world.dir, `${world.dir}-away`);
  writeFileSync(world.dir, ""); // no folder: nothing can be written
  const admission = gate.judge(knock({ cookies: [cookie] }));
  if (admission.is !== "let-in") throw new Error("a paired device was refused");
  expect(await admission.renew?.()).toBeUndefined();
  expect(gate.judge(knock({ cookies: [cookie] }))).toMatchObject({ is: "let-in" });
});
