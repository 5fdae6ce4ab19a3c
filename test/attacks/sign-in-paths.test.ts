/*
 * The attacker looks for a path that the door takes for an open one and the app for another: /hook/* is open to
 * everyone, everything else in the wiki is not. Whatever gets in must be below /hook/ however it is read.
 */
import { expect, test } from "vitest";
import { ask } from "./ask.ts";
import { setHousehold } from "./household.ts";
import { onEveryEngine } from "./stage.ts";
import { heardOut, talkSecurely } from "./talk.ts";

const CONFUSING = [
  "/hook",
  "/hook/../admin",
  "/hook/..",
  "/hook/x/../../admin",
  "/hook/./../admin",
  "/hook/%2e%2e/admin",
  "/hook/%2E%2e/admin",
  "/hook/.%2e/admin",
  "/hook/%252e%252e/admin",
  "/hook/%2e%2e%2fadmin",
  "/hook/..%2fadmin",
  "/hook/..%5cadmin",
  "/hook/..%c0%afadmin",
  "/hook/%c0%ae%c0%ae/admin",
  "/hook/..%ef%bc%8fadmin",
  "/hook/%ef%bc%8e%ef%bc%8e/admin",
  "/hook/..\\admin",
  "/hook\\..\\admin",
  "/hook/..;/admin",
  "/hook/..;x=1/admin",
  "/hook;/../admin",
  "/hook/%00/../admin",
  "/hook/x%00",
  "/hook/x%0d%0aX-Genkan-Role:%20owner",
  "/hook/... /admin",
  "/hook/.../admin",
  "/hook/x./admin",
  "/hook/x%20/admin",
  "/hook//admin",
  "//hook/x",
  "///hook/x",
  "/./hook/x",
  "/x/../hook/x",
  "/admin/../hook/x",
  "/%2fhook/x",
  "/hook%2fx",
  "/hook%2f..%2fadmin",
  "/HOOK/x",
  "/Hook/x",
  "/hook./x",
  "/hook%20/x",
  "/hook%09/x",
  "/hook;a/x",
  "/hook*/x",
  "/hooks/x",
  "/hook.json",
  "/?/hook/x",
  "/admin?/hook/x",
  "/admin?x=/../hook/x",
  "/admin%3f/hook/x",
  "/admin%23/hook/x",
  "/hook/%",
  "/hook/%zz",
  "/hook/%u002e%u002e/admin",
  "/admin;/hook/x",
  "*",
];
/** These are no request targets at all, or not this app's. */
const NO_TARGETS = [
  "/hook/x#/../admin",
  "hook/x",
  "http:/hook/x",
  "https://wiki.local@evil.example/hook/x",
  "https://evil.example/hook/x",
  "https://board.local/hook/x",
  "https:///hook/x",
];
const OPEN = [
  "/hook/x",
  "/hook/x/y?token=1",
  "/hook/%61",
  "/hook/a-b_c~d",
  "/hook/",
  "https://wiki.local/hook/x",
];

onEveryEngine((engine) => {
  const home = setHousehold(engine);

  async function asked(target: string, more = ""): Promise<number> {
    const talk = await talkSecurely(home.door, "wiki.local");
    talk.say(`GET ${target} HTTP/1.1\r\nHost: wiki.local\r\n${more}Connection: close\r\n\r\n`);
    return Number((await heardOut(talk)).slice(9, 12));
  }

  test.each(OPEN)("%s is open", async (target) => {
    expect(await asked(target)).toBe(200);
    expect(home.reached).toHaveLength(1);
  });

  test.each(CONFUSING)("%s is not open", async (target) => {
    const status = await asked(target);
    expect([target, status]).toEqual([target, status === 400 ? 400 : 401]);
    expect(home.reached).toEqual([]);
  });

  test.each(NO_TARGETS)("%s is nothing to ask for", async (target) => {
    const status = await asked(target);
    expect(status === 421 ? 400 : status).toBe(400);
    expect(home.reached).toEqual([]);
  });

  test("over HTTP/2 neither", async () => {
    for (const path of CONFUSING) {
      const { status } = await ask("HTTP/2", home.door, { path });
      expect([path, status]).toEqual([path, [0, 400].includes(status) ? status : 401]);
    }
    expect(home.reached).toEqual([]);
    expect((await ask("HTTP/2", home.door, { path: "/hook/x" })).status).toBe(200);
  });

  test("no field says another path than the request's own", async () => {
    const fields = [
      "X-Original-URL",
      "X-Rewrite-URL",
      "X-Original-URI",
      "X-Forwarded-Uri",
      "X-Forwarded-Prefix",
    ];
    for (const name of fields) {
      expect(await asked("/admin", `${name}: /hook/x\r\n`)).toBe(401);
      expect(await asked("/hook/x", `${name}: /admin\r\n`)).toBe(200);
    }
    expect(home.reached.map(({ what }) => what)).toEqual(fields.map(() => "GET /hook/x"));
    expect(JSON.stringify(home.reached)).not.toContain("/admin");
  });

  test("a WebSocket at an open path is the path's own", async () => {
    const shake = `Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n`;
    const status = async (target: string): Promise<number> => {
      const talk = await talkSecurely(home.door, "wiki.local");
      talk.say(`GET ${target} HTTP/1.1\r\nHost: wiki.local\r\nConnection: Upgrade\r\n${shake}\r\n`);
      return Number((await talk.until("\r\n")).slice(9, 12));
    };
    expect(await status("/hook/../socket")).toBe(401);
    expect(await status("/hook/%2e%2e/socket")).toBe(401);
    expect(await status("/hook/socket")).toBe(101);
    expect(home.reached.map(({ what }) => what)).toEqual(["WebSocket /hook/socket"]);
  });
});
