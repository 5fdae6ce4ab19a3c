/*
 * The attacker is on the network while an invitation is open, and guesses its six digits; or has seen digits that
 * somebody else typed. Each story is a door of its own: guesses are counted for all who guess there.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { WRONG_BY_ALL, WRONG_BY_SOURCE } from "../../src/access/guesses.ts";
import type { Answer } from "./browser.ts";
import { type Household, setHousehold } from "./household.ts";
import { onEveryEngine } from "./stage.ts";

onEveryEngine((engine) => {
  describe("who guesses from one place", () => {
    const home = setHousehold(engine);

    test("is told no a few times, all at once or not, and then has to wait; the household has not", async () => {
      const digits = await home.digits();
      const guesses = wrong(digits, 40);
      const heard = await Promise.all(guesses.map((guess) => tries(home, guess, "127.0.0.2")));
      const told = (status: number) => heard.filter((answer) => answer.status === status).length;
      expect([told(403), told(429)]).toEqual([WRONG_BY_SOURCE, 40 - WRONG_BY_SOURCE]);
      const late = await tries(home, digits, "127.0.0.2");
      expect(late.status).toBe(429);
      expect(Number(late.headers["retry-after"])).toBeGreaterThan(500);
      expect(late.headers["set-cookie"]).toBeUndefined();
      expect((await tries(home, digits, "127.0.0.3")).status).toBe(303);
      const { devices } = await devicesNow(home);
      expect(devices).toHaveLength(1);
    });

    test("gets nothing by digits that were typed already", async () => {
      const digits = await home.digits();
      expect((await tries(home, digits, "127.0.0.4")).status).toBe(303);
      const again = await tries(home, digits, "127.0.0.5");
      expect([again.status, again.headers["set-cookie"]]).toEqual([403, undefined]);
    });

    test("gets nothing by typing right digits many times at once: one device comes of them", async () => {
      const before = (await devicesNow(home)).devices.length;
      const digits = await home.digits();
      const sources = Array.from({ length: 12 }, (_, i) => `127.0.1.${i + 1}`);
      const heard = await Promise.all(sources.map((from) => tries(home, digits, from)));
      expect(heard.filter(({ status }) => status === 303)).toHaveLength(1);
      expect(heard.filter(({ headers }) => headers["set-cookie"])).toHaveLength(1);
      expect((await devicesNow(home)).devices).toHaveLength(before + 1);
    });

    test.each(["", "12345", "1234567", "12345a", "000000'--", "٠١٢٣٤٥", "1e5", "-12345", " "])(
      "%j is not even a guess",
      async (text) => {
        await home.digits();
        expect((await tries(home, text, "127.0.0.6")).status).toBe(400);
      },
    );
  });

  describe("who guesses from everywhere", () => {
    const home = setHousehold(engine);

    test("locks out all, and the owner is told; a new invitation is good at once", async () => {
      const owner = await home.paired("Ada's phone");
      const digits = await home.digits();
      const [last = "", ...guesses] = wrong(digits, WRONG_BY_ALL + 1);
      for (const [i, guess] of guesses.entries()) {
        expect((await tries(home, guess, `127.0.2.${i + 1}`)).status).toBe(403);
      }
      expect((await tries(home, last, "127.0.3.1")).status).toBe(429);
      expect((await tries(home, digits, "127.0.3.2")).status).toBe(429);
      expect(home.door.stderr()).toContain("somebody on this network is guessing");
      const audit = readFileSync(join(home.door.home, "state/audit.log"), "utf8");
      expect(audit).toContain("pairing.locked-out");
      for (const typed of [digits, ...guesses]) expect(audit).not.toContain(`"${typed}"`);
      // Those who are in are not locked out of anything.
      expect((await owner.walk(home.at("wiki"))).status).toBe(200);
      expect((await tries(home, await home.digits(), "127.0.3.3")).status).toBe(303);
    });

    test("without an open invitation there is nothing to guess, and nobody to lock out", async () => {
      await home.reopen(() => undefined);
      for (const guess of wrong("", WRONG_BY_ALL * 2)) {
        expect((await tries(home, guess, "127.0.4.1")).status).toBe(403);
      }
      expect((await tries(home, await home.digits(), "127.0.4.1")).status).toBe(303);
    });
  });
});

function tries(home: Household, digits: string, from: string): Promise<Answer> {
  const fields = { digits, name: "Somebody" };
  return home.stranger().submit(home.at("genkan", "/pair"), fields, { from });
}

function wrong(digits: string, count: number): string[] {
  const all = Array.from({ length: count + 1 }, (_, i) => String(100_000 + i));
  return all.filter((guess) => guess !== digits).slice(0, count);
}

async function devicesNow(home: Household): Promise<{ devices: unknown[] }> {
  return JSON.parse(await home.genkan("devices", "--json")) as never;
}
