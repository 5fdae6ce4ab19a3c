import { describe, expect, test } from "vitest";
import { accessWorld, pairDevice, PORTAL } from "../../test/support/access.ts";
import { makePasskey, type SoftPasskey } from "../../test/support/authenticator.ts";
import { noCookie, PASSKEY_COOKIE } from "../access/cookies.ts";
import { SESSION_COOKIE } from "../model/own-fields.ts";
import { passkeysFor } from "./passkeys.ts";
import { signInFor } from "./sign-in.ts";
import { silentLog } from "../kernel/log.ts";
import { createPortal } from "../portal/portal.tsx";

const ORIGIN = `https://${PORTAL}:8443`;
const LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";

interface Ask {
  readonly cookies?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly at?: string;
  readonly from?: string;
}

/** A portal in front of a household of one phone, which has a session. */
async function openPortal() {
  const world = accessWorld();
  const access = await world.open();
  const { id, token } = await pairDevice(access, "Ana's phone");
  const door = { is: "open", access } as const;
  const portal = createPortal({
    root: {
      pem: "",
      der: new Uint8Array(),
      fingerprint256: "AA",
      words: [],
      scope: undefined,
      notAfter: 0,
    },
    place: () => ({ plainOrigin: undefined, secureOrigin: ORIGIN }),
    version: "1",
    log: silentLog,
    signIn: signInFor(door, { clock: world.clock, plan: () => undefined, ports: () => [] }),
    passkeys: passkeysFor(door),
  });
  const fetch = async (path: string, init: RequestInit, { at = ORIGIN, from = "10.0.0.7" }: Ask) =>
    portal.fetch(new Request(`${at}${path}`, init), {
      met: { protocol: "h2", from, at: "10.0.0.1" },
    });
  const send = (path: string, [type, text]: readonly [string, string], ask: Ask) => {
    const headers = {
      origin: ORIGIN,
      "content-type": type,
      "content-length": String(text.length),
      "user-agent": LINUX,
      cookie: ask.cookies?.join("; ") ?? "",
      ...ask.headers,
    };
    return fetch(path, { method: "POST", headers, body: text }, ask);
  };
  const post = (path: string, body: object, ask: Ask = {}) =>
    send(path, ["application/json", JSON.stringify(body)], ask);
  const form = (path: string, fields: Readonly<Record<string, string>>, ask: Ask = {}) =>
    send(path, ["application/x-www-form-urlencoded", String(new URLSearchParams(fields))], ask);
  const get = (path: string, ask: Ask = {}) =>
    fetch(path, { headers: { cookie: ask.cookies?.join("; ") ?? "", ...ask.headers } }, ask);
  return { world, access, id, session: `${SESSION_COOKIE}=${token}`, post, form, get };
}

type Portal = Awaited<ReturnType<typeof openPortal>>;

/** Options as the script gets them, with the cookie that came along. */
async function asked(answer: Response) {
  const [cookie = ""] = answer.headers.getSetCookie().map((one) => one.split(";")[0] ?? "");
  return { options: (await answer.json()) as Parameters<typeof makePasskey>[0], cookie };
}

async function addPasskey({ post, session }: Portal): Promise<SoftPasskey> {
  const begun = await post("/passkey/add/options", {}, { cookies: [session] });
  const { options, cookie } = await asked(begun);
  const passkey = makePasskey(options, ORIGIN);
  const body = { name: "Key", response: passkey.made };
  const added = await post("/passkey/add", body, { cookies: [session, cookie] });
  expect(added.status).toBe(200);
  return passkey;
}

async function signIn({ post }: Portal, passkey: SoftPasskey, ask: Ask = {}) {
  const { options, cookie } = await asked(await post("/passkey/sign-in/options", {}, ask));
  const body = { response: passkey.sign(options) };
  return post("/passkey/sign-in", body, { ...ask, cookies: [cookie] });
}

async function codeOf(answer: Response): Promise<string> {
  const { error } = (await answer.json()) as { error: { code: string } };
  return error.code;
}

describe("signing in with a passkey", () => {
  test("gives a browser nobody knows a session at the portal, and takes the challenge away", async () => {
    const portal = await openPortal();
    const answer = await signIn(portal, await addPasskey(portal));
    expect(answer.status).toBe(200);
    const [session = "", challenge] = answer.headers.getSetCookie();
    expect(session).toMatch(/^__Host-genkan=[\w-]{43}; .*Secure; HttpOnly; SameSite=Lax/);
    expect(challenge).toBe(noCookie(PASSKEY_COOKIE));
    const page = await portal.get("/passkeys", { cookies: [session.split(";")[0] ?? ""] });
    expect(await page.text()).toContain("<b>Key</b>");
    const { name, through } = portal.access.devices.list()[1] ?? {};
    expect({ name, through }).toEqual({
      name: "Firefox on Linux (passkey of Ana's phone)",
      through: portal.id,
    });
  });

  test("binds its challenge to the browser, for five minutes, out of reach of pages", async () => {
    const { post } = await openPortal();
    const answer = await post("/passkey/sign-in/options", {});
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-genkan-passkey=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=300$/,
      ),
    ]);
  });

  test("expects the door's own port, whatever the visitor calls it", async () => {
    const portal = await openPortal();
    const passkey = await addPasskey(portal);
    const at = `https://${PORTAL}:9999`;
    const ask = { at, headers: { origin: at } };
    const { options, cookie } = await asked(await portal.post("/passkey/sign-in/options", {}, ask));
    const response = passkey.sign(options, { origin: at });
    const answer = await portal.post(
      "/passkey/sign-in",
      { response },
      { ...ask, cookies: [cookie] },
    );
    expect(answer.status).toBe(403);
    expect(await codeOf(answer)).toBe("PASSKEY_UNPROVEN");
  });

  test("says in the visitor's language why it did not work", async () => {
    const portal = await openPortal();
    const body = { response: (await addPasskey(portal)).sign({ challenge: "AA" }) };
    const english = await portal.post("/passkey/sign-in", body);
    expect(await english.text()).toContain("took longer than five minutes");
    const japanese = await portal.post("/passkey/sign-in?lang=ja", body);
    expect(await japanese.text()).toContain("5分を過ぎたか");
  });

  test("is tried so often a minute by one source, and no more; others go on", async () => {
    const portal = await openPortal();
    const tries = Array.from({ length: 21 }, () => portal.post("/passkey/sign-in/options", {}));
    const last = (await Promise.all(tries)).at(-1);
    expect(last?.status).toBe(429);
    expect(last?.headers.get("retry-after")).toBe("60");
    const other = await portal.post("/passkey/sign-in/options", {}, { from: "10.0.0.8" });
    expect(other.status).toBe(200);
    portal.world.pass(60_000);
    expect((await portal.post("/passkey/sign-in/options", {})).status).toBe(200);
  });
});

describe("everything that adds, asks or signs in", () => {
  const PATHS = [
    "/passkey/add/options",
    "/passkey/add",
    "/passkey/sign-in/options",
    "/passkey/sign-in",
  ];

  test.each(PATHS)("%s is refused to pages of other origins", async (path) => {
    const { post, session } = await openPortal();
    for (const origin of ["https://evil.example", "https://hello.local:8443", "null"]) {
      const answer = await post(path, {}, { cookies: [session], headers: { origin } });
      expect([answer.status, await codeOf(answer)]).toEqual([403, "DOOR_FOREIGN_ORIGIN"]);
    }
  });

  test.each(PATHS)("%s takes JSON alone, not too much of it", async (path) => {
    const { post, get, session } = await openPortal();
    const ask = (headers: Readonly<Record<string, string>>, body: object = {}) =>
      post(path, body, { cookies: [session], headers }).then(({ status }) => status);
    expect(await ask({ "content-type": "text/plain" })).toBe(415);
    expect(await ask({}, { response: "A".repeat(70_000) })).toBe(413);
    expect((await get(path)).status).toBe(404);
  });

  test("is no way to add one for who is not signed in", async () => {
    const portal = await openPortal();
    for (const path of PATHS.slice(0, 2)) {
      const answer = await portal.post(path, {});
      expect([answer.status, await codeOf(answer)]).toEqual([401, "PASSKEY_OUT"]);
    }
    expect((await portal.get("/passkeys")).headers.get("location")).toBe("/pair?lang=en");
  });
});

describe("the page of passkeys", () => {
  test("renames and removes one, and one that is gone is gone", async () => {
    const portal = await openPortal();
    const { access, id: device, session, form } = portal;
    const { id } = await addPasskey(portal);
    const ask = { cookies: [session] };
    const renamed = await form("/passkeys/rename", { id, name: "Blue <key>", lang: "ja" }, ask);
    expect(renamed.headers.get("location")).toBe("/passkeys?lang=ja");
    expect(await (await portal.get("/passkeys", ask)).text()).toContain("<b>Blue &lt;key&gt;</b>");
    for (const _ of ["removed", "removed again"]) {
      expect((await form("/passkeys/remove", { id }, ask)).status).toBe(303);
    }
    expect(access.passkeys.list(device)).toEqual([]);
  });

  test("changes nothing for pages of other origins", async () => {
    const portal = await openPortal();
    const { id } = await addPasskey(portal);
    const ask = { cookies: [portal.session], headers: { origin: "https://evil.example" } };
    expect((await portal.form("/passkeys/remove", { id }, ask)).status).toBe(403);
    expect(portal.access.passkeys.list(portal.id)).toHaveLength(1);
  });

  test("sends who came by an address to the door's name", async () => {
    const { access, id, get } = await openPortal();
    const token = await access.signIn(id, "192.168.1.9");
    const ask = { at: "https://192.168.1.9:8443", cookies: [`${SESSION_COOKIE}=${token}`] };
    const page = await (await get("/passkeys", ask)).text();
    expect(page).toContain("this page was opened by an address");
    expect(page).toContain(`href="${ORIGIN}/passkeys?lang=en"`);
    expect(page).not.toContain('data-act="add"');
  });

  test("allows its script by hash, and says what to do without one", async () => {
    const { get, session } = await openPortal();
    const answer = await get("/passkeys", { cookies: [session] });
    expect(answer.headers.get("content-security-policy")).toMatch(
      /script-src 'sha256-[^ ]+'; connect-src 'self';.*frame-ancestors 'none'/,
    );
    expect(await answer.text()).toMatch(/<noscript><p[^>]*>Adding a passkey takes JavaScript/);
  });
});
