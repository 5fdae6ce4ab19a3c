/*
 * The attacker says who they are in the door's own words, or brings a program's token where it has no business.
 * Apps believe X-Genkan-*: what reaches them in it must be the door's word alone.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Answer, Browser } from "./browser.ts";
import { setHousehold } from "./household.ts";
import { onEveryEngine } from "./stage.ts";
import { talkSecurely } from "./talk.ts";

onEveryEngine((engine) => {
  const home = setHousehold(engine);
  let owner: Browser;
  let guest: Browser;
  let token: string;
  beforeAll(async () => {
    owner = await home.paired("Ada's phone");
    guest = await home.paired("Mallory's tablet", "--guest", "1d");
    token = (await home.genkan("token", "backup", "--app", "wiki")).trim();
  });
  const asked = (headers: Record<string, string | string[]>, app = "wiki"): Promise<Answer> =>
    home.stranger().ask(home.at(app, "/api"), { headers });

  test("who a guest says to be reaches no app, in any spelling", async () => {
    const spellings = [
      "X-Genkan-Device",
      "X-Genkan-Role",
      "X-Genkan-Name",
      "X-Genkan-Program",
      "x_genkan_role",
      "X_Genkan-Role",
      "X-Genkan_Role",
      "Remote-User",
      "X-Forwarded-User",
    ];
    await guest.walk(home.at("wiki"));
    for (const name of spellings) {
      await guest.ask(home.at("wiki", "/one"), { headers: { [name]: "owner" } });
      await guest.ask(home.at("wiki", "/two"), { headers: { [name]: ["owner", "owner"] } });
    }
    const rest = home.reached.filter(({ what }) => what !== "GET /");
    expect(rest).toHaveLength(spellings.length * 2);
    for (const { fields } of rest) {
      expect(fields.match(/genkan[-_]role\n.*/gi)).toEqual(["Genkan-Role\nguest"]);
      expect(fields).not.toMatch(/\nowner(?:\n|$)/);
    }
  });

  test("they cannot be listed away in Connection", async () => {
    const cookie = guest.sessionAt("wiki.local");
    const talk = await talkSecurely(home.door, "wiki.local");
    talk.say(
      `GET /listed HTTP/1.1\r\nHost: wiki.local\r\nCookie: ${cookie}\r\nX-Genkan-Role: owner\r\nConnection: close, X-Genkan-Role, X-Genkan-Device, Cookie, Authorization\r\n\r\n`,
    );
    await talk.end();
    const [seen] = home.reached;
    expect(seen?.fields).toContain("X-Genkan-Role\nguest");
    expect(seen?.fields).not.toContain("owner");
    expect(seen?.fields).not.toContain("__Host-");
  });

  test("where everyone gets in, nobody is told of, and nobody can be made up", async () => {
    await owner.ask(home.at("board"), { headers: { "X-Genkan-Role": "owner" } });
    await home
      .stranger()
      .ask(home.at("wiki", "/hook/x"), { headers: { "X-Genkan-Role": "owner" } });
    expect(home.reached).toHaveLength(2);
    for (const { fields } of home.reached) expect(fields).not.toMatch(/genkan-role/i);
  });

  test("what only owners may open, a guest does not, whatever he says", async () => {
    const page = await guest.walk(home.at("ledger"));
    expect(page.status).toBe(403);
    const again = await guest.ask(home.at("ledger"), { headers: { "X-Genkan-Role": "owner" } });
    expect(again.status).toBe(403);
    expect(home.reached).toEqual([]);
    for (const path of ["/devices/pair", "/devices/revoke"]) {
      const answers = [
        await guest.open(home.at("genkan", path)),
        await guest.submit(home.at("genkan", path), { who: "owner", id: "x" }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([403, 403]);
    }
    const shown = await guest.open(home.at("genkan", "/devices"));
    expect(shown.body).not.toContain("Ada");
    const start = await guest.open(home.at("genkan", "/"));
    expect(start.body).not.toContain("ledger");
  });

  describe("a program's token", () => {
    test("opens its own app, and stays at the door", async () => {
      expect(token).toMatch(/^genkan_[\w-]{43}$/);
      const { status } = await asked({ authorization: `Bearer ${token}` });
      expect(status).toBe(200);
      expect(home.reached[0]?.fields).toContain("X-Genkan-Role\nprogram");
      expect(JSON.stringify(home.reached)).not.toContain(token);
    });

    test("opens no other app, and no page of the door", async () => {
      const headers = { authorization: `Bearer ${token}` };
      for (const app of ["ledger", "evil"]) expect((await asked(headers, app)).status).toBe(403);
      const devices = await home.stranger().open(home.at("genkan", "/devices"), { headers });
      expect([devices.status, devices.location]).toEqual([303, "/pair?lang=en"]);
      const rename = { id: "x", name: "y" };
      const renamed = await home
        .stranger()
        .submit(home.at("genkan", "/devices/rename"), rename, { headers });
      expect(renamed.location).toBe("/pair?lang=en");
      expect(home.reached).toEqual([]);
    });

    test.each([
      ["in the query", "/api?token=TOKEN&access_token=TOKEN&key=TOKEN", {}],
      ["as a password", "/api", { authorization: `Basic ${btoa("backup:TOKEN")}` }],
      ["as a session", "/api", { cookie: "__Host-genkan=TOKEN" }],
      ["in a field of its own", "/api", { "x-api-key": "TOKEN", "x-genkan-token": "TOKEN" }],
      ["to a proxy", "/api", { "proxy-authorization": "Bearer TOKEN" }],
      ["beside another", "/api", { authorization: "Bearer genkan_x, Bearer TOKEN" }],
      ["with more behind it", "/api", { authorization: "Bearer TOKEN x" }],
      ["shortened", "/api", { authorization: "Bearer genkan_" }],
      ["in capitals", "/api", { authorization: "Bearer GENKAN_TOKEN" }],
      ["twice", "/api", { authorization: ["Bearer genkan_wrong", "Bearer TOKEN"] }],
    ])("counts %s for nothing", async (_, path, fields) => {
      const meant = Object.entries(fields).map(([name, value]) => [
        name,
        Array.isArray(value)
          ? value.map((one) => one.replace("TOKEN", token))
          : name === "authorization" && value.startsWith("Basic")
            ? `Basic ${btoa(`backup:${token}`)}`
            : value.replace("TOKEN", token),
      ]);
      const headers = Object.fromEntries(meant) as Record<string, string | string[]>;
      const url = home.at("wiki", path.replaceAll("TOKEN", token));
      const { status } = await home.stranger().ask(url, { headers });
      expect([400, 401]).toContain(status);
      expect(home.reached).toEqual([]);
    });

    test("that is bad is not made good by a cookie", async () => {
      await owner.walk(home.at("wiki"));
      home.reached.length = 0;
      const cookie = owner.sessionAt("wiki.local");
      const headers = { cookie, authorization: "Bearer genkan_wrong" };
      expect((await asked(headers)).status).toBe(401);
      expect(home.reached).toEqual([]);
    });

    test("does not reach an app that is open to everyone either", async () => {
      for (const authorization of [`Bearer ${token}`, `bearer\t${token}`, `BEARER   ${token}`]) {
        await asked({ authorization }, "board");
      }
      await asked({ authorization: "Bearer of the app's own" }, "board");
      expect(home.reached.at(-1)?.fields).toContain("Bearer of the app's own");
      expect(JSON.stringify(home.reached)).not.toContain(token);
    });

    test("opens nothing once it was taken away", async () => {
      const other = (await home.genkan("token", "other", "--app", "wiki")).trim();
      const headers = { authorization: `Bearer ${other}` };
      expect((await asked(headers)).status).toBe(200);
      await home.genkan("token", "other", "--remove");
      expect((await asked(headers)).status).toBe(401);
    });

    test("is in no log, and on no disk", async () => {
      await asked({ authorization: `Bearer ${token}` });
      await home.stranger().ask(home.at("wiki", `/api?token=${token}`));
      for (const name of ["genkan.log", "audit.log", "access/tokens.json"]) {
        const text = readFileSync(join(home.door.home, "state", name), "utf8");
        expect([name, text.includes(token)]).toEqual([name, false]);
      }
    });
  });
});
