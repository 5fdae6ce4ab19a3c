import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { movedClock } from "../../test/support/clock.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { bearerOf, openTokens } from "./tokens.ts";

async function opened() {
  const path = join(tempFolder(), "tokens.json");
  const clock = movedClock();
  return { path, clock, tokens: await openTokens(path, clock.now) };
}

test("a token is shown once, kept as its hash, and good after a restart", async () => {
  const { tokens, path, clock } = await opened();
  const token = await tokens.create({ name: "backup", apps: ["wiki"], expires: null });
  expect(token).toMatch(/^genkan_[A-Za-z0-9_-]{43}$/);
  expect(readFileSync(path, "utf8")).not.toContain(token.slice("genkan_".length));
  const again = await openTokens(path, clock.now);
  expect(again.find(token)).toMatchObject({ name: "backup", apps: ["wiki"] });
  expect(again.find(`${token}x`)).toBeUndefined();
});

test.each(["", " backup", "x".repeat(61), "back\u001b[31mup"])(
  "%j is no name for a token",
  async (name) => {
    const { tokens } = await opened();
    const making = tokens.create({ name, apps: ["wiki"], expires: null });
    await expect(making).rejects.toMatchObject({ code: "TOKEN_NAME_INVALID" });
    expect(tokens.list()).toEqual([]);
  },
);

test("a name is given once, and free again when the token is gone", async () => {
  const { tokens } = await opened();
  const wish = { name: "backup", apps: ["wiki"], expires: null };
  const token = await tokens.create(wish);
  await expect(tokens.create(wish)).rejects.toMatchObject({ code: "TOKEN_NAME_TAKEN" });
  await tokens.remove("backup");
  expect(tokens.find(token)).toBeUndefined();
  await expect(tokens.remove("backup")).rejects.toMatchObject({ code: "TOKEN_UNKNOWN" });
  expect(await tokens.create(wish)).not.toBe(token);
});

test("a token that ended stays ended, whatever the clock says later", async () => {
  const { tokens, clock, path } = await opened();
  const token = await tokens.create({ name: "ci", apps: ["wiki"], expires: clock.now() + 1000 });
  expect(tokens.find(token)).toBeDefined();
  clock.move(1000);
  expect(tokens.find(token)).toBeUndefined();
  clock.move(-5000);
  expect(tokens.find(token)).toBeUndefined();
  await tokens.flush();
  expect((await openTokens(path, clock.now)).find(token)).toBeUndefined();
});

describe("which Authorization is ours", () => {
  test.each([
    ["Bearer genkan_abc", "genkan_abc"],
    ["bearer  genkan_abc ", "genkan_abc"],
    ["Bearer eyJhbGciOi", undefined],
    ["Basic genkan_abc", undefined],
    ["genkan_abc", undefined],
    ["Bearer genkan_a genkan_b", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("%j", (header, token) => {
    expect(bearerOf(header)).toBe(token);
  });
});
