import { expect, test } from "vitest";
import { answeredBy, jsonAnswer, NAMED, SAID } from "../../../../test/contract/sandbox-scene.ts";
import { ask } from "../../../../test/contract/ask.ts";
import { openDoor, type TestDoor } from "../../../../test/support/door.ts";
import type { OpenEngine } from "../../../../test/contract/contract.ts";

/** What the log says of an answer, once it was asked for. */
async function noted(answer: string): Promise<unknown> {
  const doors: TestDoor[] = [];
  const open: OpenEngine = async (apps, { terms = {}, rewriter } = {}) => {
    const door = await openDoor(apps, { terms, rewriter });
    doors.push(door);
    return door;
  };
  const { door } = await answeredBy(open, answer);
  await ask(door, "h2", { path: `${NAMED}?key=secret` });
  return doors[0]?.log.filter(({ event }) => event === "answer.untouched");
}

test("the log says of an answer that could not be read whose it was and why, and nothing of it", async () => {
  const entries = await noted(jsonAnswer(SAID, "Content-Encoding: compress"));
  const why = 'nobody here can unpack "compress"';
  expect(entries).toMatchObject([{ level: "warn", app: "wiki", why }]);
  expect(JSON.stringify(entries)).not.toMatch(/secret|conversations|localhost/);
});

test("of one that names nothing, or was rewritten, the log says nothing", async () => {
  expect(await noted(jsonAnswer("{}"))).toEqual([]);
  expect(await noted(jsonAnswer(SAID))).toEqual([]);
});
