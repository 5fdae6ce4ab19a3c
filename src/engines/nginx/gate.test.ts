import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planOf } from "../../../test/support/door.ts";
import { openHousehold } from "../../../test/support/household.ts";
import { openNginxDoor } from "../../../test/support/nginx-door.ts";
import { answering, rawApp } from "../../../test/support/raw-app.ts";
import { describeWithTools } from "../../../test/support/tools.ts";
import { parseOpenPath } from "../../model/open-paths.ts";
import { withoutOwnCookies } from "../../model/own-fields.ts";
import type { Gate } from "../needs.ts";

const WEEK = 7 * 24 * 3_600_000;

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

type Door = Awaited<ReturnType<typeof openNginxDoor>>;
type Fields = readonly (readonly [string, string])[];

/** The door in front of `wiki`, which only the household may open, and whom the daemon was asked about. */
async function atHome(play = answering(OK), terms: Parameters<typeof planOf>[1] = {}) {
  const app = await rawApp(play);
  const household = await openHousehold();
  const asked: string[] = [];
  const gate: Gate = {
    judge(knock) {
      asked.push(knock.cookies.join("; ") || (knock.authorization ?? "nobody"));
      return household.gate.judge(knock);
    },
    onEnd: (listener) => household.gate.onEnd(listener),
  };
  const door = await openNginxDoor(
    { wiki: app.to },
    { gate, terms: { access: "household", ...terms } },
  );
  const ada = await household.pair("Ada's phone", "wiki.local");
  return { app, household, door, asked, ada };
}

async function ask(
  door: Door,
  fields: Fields = [],
  { method = "GET", path = "/" } = {},
): Promise<string> {
  const talk = await door.raw("wiki.local");
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  talk.say(`${method} ${path} HTTP/1.1\r\nHost: wiki.local\r\nConnection: close\r\n${lines}\r\n`);
  return talk.end();
}

const statusOf = async (...asked: Parameters<typeof ask>): Promise<number> =>
  Number((await ask(...asked)).slice(9, 12));

/** What nginx remembers. */
function remembered({ dir }: Door): string[] {
  const run = readFileSync(join(dir, "run-folder"), "utf8").trim();
  return readdirSync(join(run, "gate"));
}

describeWithTools("what nginx remembers of the gate", ["nginx"], () => {
  test("a yes, for a moment, and under no more than the session it was said for", async () => {
    const { app, door, asked, ada } = await atHome();
    for (const [path, method] of [
      ["/", "GET"],
      ["/a", "POST"],
      ["/b", "HEAD"],
      ["/", "GET"],
    ] as const) {
      const said = [["Cookie", `theme=${path.length}; ${ada.cookie}`]] as const;
      expect(await statusOf(door, said, { path, method })).toBe(200);
    }
    expect(asked).toEqual([ada.cookie]);
    expect(app.received.join("").match(/X-Genkan-Device: \w+/g)).toEqual(
      Array.from({ length: 4 }, () => `X-Genkan-Device: ${ada.id}`),
    );
    expect(remembered(door)).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
  });

  test("no no: who is let in comes in at once", async () => {
    const { door, household } = await atHome();
    const token = (name: string) =>
      household.access.tokens.create({ name, apps: ["wiki"], expires: null });
    expect(await statusOf(door, [["Authorization", "Bearer genkan_x"]])).toBe(401);
    expect(remembered(door)).toEqual([]);
    expect(await statusOf(door, [["Authorization", `Bearer ${await token("backup")}`]])).toBe(200);
  });

  test("nobody's yes is another's, however they show what they have", async () => {
    const { app, door, household, ada } = await atHome();
    const bob = await household.pair("Bob's phone", "wiki.local");
    const elsewhere = await household.pair("Eve's phone", "chat.local");
    const [name = "", value = ""] = ada.cookie.split("=");
    for (const { cookie } of [ada, bob]) await ask(door, [["Cookie", cookie]]);
    const strangers: Fields[] = [
      [],
      [["Cookie", ""]],
      [["Cookie", "a=1"]],
      [["Cookie", elsewhere.cookie]],
      [["Cookie", `${ada.cookie}; ${bob.cookie}`]],
      [["Cookie", `${ada.cookie}; ${ada.cookie}`]],
      [
        ["Cookie", ada.cookie],
        ["Cookie", bob.cookie],
      ],
      [["Cookie", `${ada.cookie}; ${name} = x`]],
      [["Cookie", `${name.toLowerCase()}=${value}`]],
      [["Cookie", `x${ada.cookie}`]],
      [["Cookie", `${name}-nonce=${value}`]],
      [["Cookie", `a=b ${ada.cookie}`]],
      [["Cookie", `${ada.cookie}x`]],
      [["Cookie", `${name}=${value.slice(0, -1)}`]],
      [["Cookie", `${name}="${value}"`]],
      [["Cookie", `${ada.cookie} ${value}`]],
      [
        ["Cookie", ada.cookie],
        ["Authorization", "Bearer genkan_no"],
      ],
      [
        ["Cookie", ada.cookie],
        ["Authorization", "bearer  genkan_?!"],
      ],
      [["Authorization", `Bearer ${value}`]],
      [["X-Genkan-Session", value]],
    ];
    for (const fields of strangers) {
      expect([fields, await statusOf(door, fields)]).toEqual([fields, 401]);
    }
    app.received.length = 0;
    for (const { cookie } of [bob, ada, bob]) await ask(door, [["Cookie", `a=1;${cookie};b`]]);
    expect(app.received.join("").match(/(?<=X-Genkan-Device: )\w+/g)).toEqual([
      bob.id,
      ada.id,
      bob.id,
    ]);
  });

  test("what an open path gave away opens nothing else", async () => {
    const { door, asked, ada } = await atHome(answering(OK), {
      openPaths: [parseOpenPath("/hook/*")],
    });
    const twice = [{ path: "/hook/a" }, { path: "/hook/a" }];
    for (const one of twice) expect(await statusOf(door, [], one)).toBe(200);
    for (const one of twice) expect(await statusOf(door, [["Cookie", ada.cookie]], one)).toBe(200);
    expect(asked).toHaveLength(4);
    expect(remembered(door)).toEqual([]);
    expect(await statusOf(door, [], { path: "/hook" })).toBe(401);
  });

  test("a device that was revoked is out with its very next request", async () => {
    const { door, household } = await atHome();
    for (const n of [1, 2, 3, 4, 5]) {
      const { id, cookie } = await household.pair(`Phone ${n}`, "wiki.local");
      const said: Fields = [["Cookie", cookie]];
      const statuses = await Promise.all([1, 2, 3].map(() => statusOf(door, said)));
      expect(statuses).toEqual([200, 200, 200]);
      await household.access.revoke(id);
      expect([n, remembered(door), await statusOf(door, said)]).toEqual([n, [], 401]);
    }
  });

  test("so is one that signed out, and a token that was taken back", async () => {
    const { door, household, ada } = await atHome();
    const { tokens } = household.access;
    const token = await tokens.create({ name: "backup", apps: ["wiki"], expires: null });
    const bearer: Fields = [["Authorization", `Bearer ${token}`]];
    expect([await statusOf(door, bearer), await statusOf(door, bearer)]).toEqual([200, 200]);
    await tokens.remove("backup");
    expect(await statusOf(door, bearer)).toBe(401);
    const cookie: Fields = [["Cookie", ada.cookie]];
    expect([await statusOf(door, cookie), await statusOf(door, cookie)]).toEqual([200, 200]);
    await household.access.signOut(ada.id, "wiki.local");
    expect(await statusOf(door, cookie)).toBe(401);
  });

  test("a new plan forgets what was remembered under the old one", async () => {
    const { app, door, household, ada } = await atHome();
    const bob = await household.pair("Bob's phone", "wiki.local");
    const both = () =>
      Promise.all([ada, bob].map(({ cookie }) => statusOf(door, [["Cookie", cookie]])));
    expect(await both()).toEqual([200, 200]);
    await door.engine.apply(planOf({ wiki: app.to }, { access: "owner" }));
    expect(await both()).toEqual([200, 403]);
    await door.engine.apply(planOf({ wiki: app.to }));
    expect(await statusOf(door)).toBe(200);
  });
});

describeWithTools("when nginx cannot ask", ["nginx"], () => {
  test("nobody comes in: the daemon's socket is gone", async () => {
    const { app, door, ada } = await atHome();
    const run = readFileSync(join(door.dir, "run-folder"), "utf8").trim();
    rmSync(join(run, "pages.sock"));
    for (const fields of [[], [["Cookie", ada.cookie]]] as const) {
      expect(await statusOf(door, fields)).toBeGreaterThanOrEqual(500);
    }
    expect(app.connections).toEqual([]);
  });

  test("nobody comes in: the daemon takes too long", async () => {
    const app = await rawApp(answering(OK));
    const gate: Gate = {
      judge: () => ({
        is: "let-in",
        identity: [],
        device: "d",
        renew: () => new Promise(() => {}),
      }),
      onEnd: () => () => undefined,
    };
    const door = await openNginxDoor({ wiki: app.to }, { gate, terms: { access: "household" } });
    const page = [["Accept", "text/html"]] as const;
    expect(await ask(door, page)).toMatch(/^HTTP\/1\.1 503 [^]*DOOR_CLOSED/);
    expect(app.connections).toEqual([]);
  }, 20_000);

  test("an app without an address says so to those who may open it alone", async () => {
    const nowhere = { scheme: "http", host: "nowhere.invalid", port: 80, insecure: false } as const;
    const household = await openHousehold();
    const terms = { access: "household" } as const;
    const door = await openNginxDoor({ wiki: nowhere }, { gate: household.gate, terms });
    const { cookie } = await household.pair("Ada's phone", "wiki.local");
    expect(await statusOf(door)).toBe(401);
    expect(await ask(door, [["Cookie", cookie]])).toMatch(/^HTTP\/1\.1 502 [^]*APP_UNREACHABLE/);
  });
});

describeWithTools("the door's own fields, by nginx", ["nginx"], () => {
  test("its cookies are taken out of whatever surrounds them", async () => {
    const { app, door } = await atHome(answering(OK), { access: "open" });
    const [own, nonce] = ["__Host-genkan=a_-b", "__Host-genkan-nonce=n"];
    for (const cookie of [
      own,
      `${own}; a=1`,
      `a=1; ${own}`,
      `a=1; ${own}; b=2`,
      `a=1;${own};${nonce};b=2`,
      `${nonce}; a=1; b=2; ${own}; c="x;y"`,
      `a=1; __host-GENKAN=x; b=2`,
      `a=1; ${own}; b=2; ${nonce}; c=3`,
      `a=1; __Host-genkan; b=__Host-genkan=1`,
      `x${own}; __Host-genkanx=1; __Host-genkan-9=1`,
      `a=1; ${own};`,
      "a=1; b=2;",
      "a",
    ]) {
      app.received.length = 0;
      await ask(door, [["Cookie", cookie]]);
      const [got] = /(?<=^Cookie: ).*(?=\r$)/m.exec(app.received.join("")) ?? [];
      expect([cookie, got]).toEqual([cookie, withoutOwnCookies(cookie)]);
    }
  });

  test("with too many of them no cookie goes on, and it takes no time", async () => {
    const { app, door } = await atHome(answering(OK), { access: "open" });
    const many = "a=1; __Host-genkan=x; ".repeat(500);
    const since = performance.now();
    await ask(door, [["Cookie", many]]);
    await ask(door, [["Cookie", ";".repeat(10_000)]]);
    await ask(door, [["Cookie", `${"; ".repeat(5000)}__Host-genkan=x`]]);
    expect(performance.now() - since).toBeLessThan(5000);
    expect(app.received.join("")).not.toContain("genkan=x");
  });

  test("tokens of ours stay, others go on", async () => {
    const { app, door } = await atHome(answering(OK), { access: "open" });
    for (const value of [
      "Bearer genkan_x",
      "bearer\tgenkan_y z",
      "Basic genkan_",
      "Bearer other",
    ]) {
      await ask(door, [["Authorization", value]]);
    }
    const seen = app.received.join("").match(/(?<=^Authorization: ).*(?=\r$)/gm);
    expect(seen).toEqual(["Basic genkan_", "Bearer other"]);
  });

  test("an app's cookie of the door's name loses what makes browsers take it, and no other does", async () => {
    const own = [
      "__Host-genkan=e; Path=/; Secure",
      "__host-Genkan=e; secure; Path=/; HttpOnly",
    ].concat([
      " __Host-genkan-nonce =e;Secure;Path=/",
      "__Host-genkan=e; Path=/; SECURE=1 ; HttpOnly",
    ]);
    const others = ["__Host-other=1; Path=/; Secure", "a=__Host-genkan; secure ;  HttpOnly", "b"];
    const sets = [...own, ...others].map((set) => `\r\nSet-Cookie: ${set}`).join("");
    const { door } = await atHome(answering(OK.replace("\r\n", `${sets}\r\n`)), { access: "open" });
    const heard = (await ask(door)).match(/(?<=^Set-Cookie: ).*(?=\r$)/gm) ?? [];
    expect(heard.slice(own.length)).toEqual(others);
    expect(heard.slice(0, own.length).filter((set) => /secure/i.test(set))).toEqual([]);
  });

  test("what the door itself sets under an app keeps what it is", async () => {
    const { door, household, ada } = await atHome();
    household.world.pass(WEEK + 1); // then a session is given a new token
    const renewed = /^set-cookie: __Host-genkan=[\w-]{43}; Path=\/; Secure; HttpOnly; .*\r$/im;
    expect(
      await ask(door, [
        ["Cookie", ada.cookie],
        ["Accept", "text/html"],
      ]),
    ).toMatch(renewed);
    const nonce = /^set-cookie: __Host-genkan-nonce=[\w-]{43}; Path=\/; Secure; HttpOnly; .*\r$/im;
    expect(await ask(door, [["Accept", "text/html"]])).toMatch(nonce);
  });
});
