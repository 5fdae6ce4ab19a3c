import { rmSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { householdPortal, seen } from "../../../test/support/portal.ts";
import { silentLog } from "../../kernel/log.ts";
import { createAtApp } from "./at-app.ts";

/** A phone that knows the portal, and the way in to an app it was given. */
async function onTheWay(path = "/page") {
  const home = await householdPortal();
  const phone = await home.paired("Phone");
  const asked = await phone.get(`https://wiki.local${path}`);
  const portal = await phone.get(asked.headers.get("location")!);
  return { home, phone, way: portal.headers.get("location")! };
}

describe("a way in to an app", () => {
  test("gives this browser a session of this host alone, and leads to the page", async () => {
    const { phone, way } = await onTheWay("/page?a=1");
    const answer = await phone.get(way);
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe("https://wiki.local/page?a=1");
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    const [session, nonce] = answer.headers.getSetCookie();
    expect(session).toMatch(
      /^__Host-genkan=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=\d+$/,
    );
    expect(nonce).toMatch(/^__Host-genkan-nonce=; .*Max-Age=0$/);
    const [cookie = ""] = session!.split(";");
    const elsewhere = await phone.get("https://photos.local/", { cookie });
    expect(elsewhere.status).toBe(303);
  });

  test("is worth nothing in another browser, and is used up by the try", async () => {
    const { home, phone, way } = await onTheWay();
    const thief = home.browser();
    await thief.get("https://wiki.local/");
    const stolen = await thief.get(way);
    expect(stolen.status).toBe(403);
    expect(stolen.headers.getSetCookie()).toEqual([]);
    expect((await phone.get(way)).status).toBe(403);
  });

  test("is worth nothing at another app, or without the code", async () => {
    const { phone, way } = await onTheWay();
    await phone.get("https://photos.local/");
    expect((await phone.get(way.replace("wiki", "photos"))).status).toBe(403);
    const bare = await phone.get("https://wiki.local/.genkan/enter?path=/page");
    expect(bare.status).toBe(403);
  });

  test("is too old after a minute; the page says so, and its link begins anew", async () => {
    const { home, phone, way } = await onTheWay("/page?a=1");
    home.world.pass(61_000);
    const page = await (await phone.get(way)).text();
    expect(seen(page)).toContain("That way in is used up");
    const again = /<a class="button" href="([^"]*)"/.exec(page)?.[1] ?? "";
    expect(await phone.open(new URL(again, way).href)).toMatchObject({ text: "this is wiki" });
  });

  test("may be reloaded, or come back to, once it has led in", async () => {
    const { phone, way } = await onTheWay();
    await phone.get(way);
    const again = await phone.get(way);
    expect(again.headers.get("location")).toBe("https://wiki.local/page");
    expect(again.headers.getSetCookie()).toEqual([]);
  });

  test.each(["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", ""])(
    "never leads to another host: %j",
    async (path) => {
      const { phone, way } = await onTheWay();
      const url = new URL(way);
      url.searchParams.set("path", path);
      const answer = await phone.get(url.href);
      expect(answer.status).toBe(400);
      expect(answer.headers.get("location")).toBeNull();
      expect(await answer.text()).not.toContain("evil");
    },
  );

  test("cannot be taken by a form, or by looking whether it is there", async () => {
    const { phone, way } = await onTheWay();
    expect((await phone.post(way, {})).status).toBe(404);
    expect((await phone.get(way)).status).toBe(303);
  });

  test("that the door could not write down lets nobody in, and says so", async () => {
    const { home, phone, way } = await onTheWay();
    rmSync(home.world.dir, { recursive: true });
    writeFileSync(home.world.dir, "a file where the folder should be");
    const answer = await phone.get(way);
    expect(answer.status).toBe(503);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });
});

describe("signing out of one app", () => {
  test("ends the session there, and nowhere else", async () => {
    const { phone, way } = await onTheWay();
    await phone.get(way);
    await phone.open("https://photos.local/");
    const cookie = phone.cookiesAt("wiki.local");
    const out = await phone.post("https://wiki.local/.genkan/sign-out", {});
    expect(out.headers.get("location")).toBe("https://wiki.local/.genkan/signed-out");
    expect(phone.cookiesAt("wiki.local")).toBe("");
    expect((await phone.get("https://wiki.local/", { cookie })).status).toBe(303);
    expect(await phone.open("https://photos.local/")).toMatchObject({ text: "this is photos" });
    const page = await (await phone.get("https://wiki.local/.genkan/signed-out")).text();
    expect(seen(page)).toContain("You are out of wiki");
    expect(page).toContain('href="https://genkan.local/sign-out?lang=en"');
  });

  test("cannot be asked for by another site", async () => {
    const { phone, way } = await onTheWay();
    await phone.get(way);
    const headers = { origin: "https://evil.example" };
    const answer = await phone.post("https://wiki.local/.genkan/sign-out", {}, headers);
    expect(answer.status).toBe(403);
    expect(await phone.open("https://wiki.local/")).toMatchObject({ text: "this is wiki" });
  });
});

test("there is nothing else below /.genkan/", async () => {
  const { phone } = await onTheWay();
  for (const path of ["", "enter/", "Enter", "sign-out", "..%2fenter"]) {
    expect((await phone.get(`https://wiki.local/.genkan/${path}`)).status).toBe(404);
  }
});

test("a door that cannot tell who may come in says that it is closed", async () => {
  const place = () => ({ plainOrigin: undefined, secureOrigin: "https://genkan.local" });
  const root = { fingerprint256: "" };
  const atApp = createAtApp({ root, place, version: "1", log: silentLog });
  const met = { protocol: "h2", from: "10.0.0.1", at: "10.0.0.2", host: "wiki.local" };
  const answer = await atApp(new Request("https://wiki.local/.genkan/enter?path=/"), met);
  expect(answer.status).toBe(503);
  expect(answer.headers.get("x-genkan-problem")).toBe("DOOR_CLOSED");
});
