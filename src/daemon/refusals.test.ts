import { expect, test } from "vitest";
import { planOf } from "../../test/support/door.ts";
import type { Knock } from "../engines/needs.ts";
import { createRefusals } from "./refusals.ts";

const [wiki, chat] = planOf({ wiki: 1, chat: 2 }).apps;
const MINUTE = 60_000;

function scene() {
  const written: string[] = [];
  let now = 0;
  const write = (event: string, fields = {}): void => {
    written.push(JSON.stringify([event, fields]));
  };
  const refusals = createRefusals({ access: { audit: { write } }, steadyNow: () => now });
  const knock = (app: typeof wiki, address: string): void =>
    refusals.note({ app, host: "wiki.local", address } as Knock, "DOOR_SIGN_IN_NEEDED");
  return { written, knock, pass: (ms: number) => (now += ms) };
}

test("whoever knocks again and again is told of once in a while", () => {
  const { written, knock, pass } = scene();
  for (let second = 0; second < 9 * 60; second++) {
    knock(wiki, "10.0.0.7");
    pass(1000);
  }
  expect(written).toEqual([
    '["visitor.refused",{"why":"DOOR_SIGN_IN_NEEDED","app":"wiki","host":"wiki.local","address":"10.0.0.7"}]',
  ]);
  pass(2 * MINUTE);
  knock(wiki, "10.0.0.7");
  expect(written).toHaveLength(2);
});

test("another address and another app are news", () => {
  const { written, knock } = scene();
  for (let i = 0; i < 3; i++) {
    knock(wiki, "10.0.0.7");
    knock(wiki, "10.0.0.8");
    knock(chat, "10.0.0.7");
  }
  expect(written).toHaveLength(3);
});

test("a crowd of addresses takes no more memory than a thousand", () => {
  const { written, knock } = scene();
  for (let i = 0; i < 2001; i++) knock(wiki, `fd00::${i.toString(16)}`);
  knock(wiki, "fd00::0"); // forgotten by then, and told again
  expect(written).toHaveLength(2002);
});
