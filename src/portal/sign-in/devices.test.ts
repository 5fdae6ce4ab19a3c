import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { householdPortal, seen } from "../../../test/support/portal.ts";

const PORTAL = "https://genkan.local";

/** An owner's laptop and a member's phone. */
async function twoDevices() {
  const home = await householdPortal();
  const laptop = await home.paired("Laptop");
  const phone = await home.paired("Phone");
  const idOf = (name: string) => home.access.devices.list().find((one) => one.name === name)!.id;
  return { home, laptop, phone, idOf };
}

describe("the first page", () => {
  test("shows a device the apps it may open, and whether they answer", async () => {
    const { laptop, phone } = await twoDevices();
    const owners = await (await laptop.get(`${PORTAL}/`)).text();
    expect(owners).toContain('href="https://ledger.local/"');
    expect(seen(owners)).toMatch(/wiki wiki\.local answers photos photos\.local does not answer/);
    const members = await (await phone.get(`${PORTAL}/`)).text();
    expect(members).toContain('href="https://wiki.local/"');
    expect(members).not.toContain("ledger");
  });

  test("links to apps at the door's port, under the names that are like the portal's", async () => {
    const { laptop } = await twoDevices();
    const page = await (await laptop.get("https://genkan.local:8443/")).text();
    expect(page).toContain('href="https://wiki.local:8443/"');
  });

  test("shows strangers the steps and the way to pair, and a device the steps where it asks for them", async () => {
    const { home, phone } = await twoDevices();
    const stranger = await (await home.browser().get(`${PORTAL}/`)).text();
    expect(seen(stranger)).toContain("Let your iPhone in");
    expect(stranger).toContain('data-part="pair" class="button" href="https://genkan.local/pair"');
    const steps = seen(await (await phone.get(`${PORTAL}/?steps`)).text());
    expect(steps).toContain("Let your iPhone in");
  });
});

describe("/devices", () => {
  test("shows an owner all devices, and every other itself alone", async () => {
    const { laptop, phone } = await twoDevices();
    const owners = seen(await (await laptop.get(`${PORTAL}/devices`)).text());
    expect(owners).toMatch(/Laptop this device iPhone · Owner .*Phone iPhone · Household/);
    expect(owners).toContain("Address 192.168.1.31");
    const members = seen(await (await phone.get(`${PORTAL}/devices`)).text());
    expect(members).toContain("Phone this device");
    expect(members).not.toMatch(/Laptop|Revoke|Pair another/);
  });

  test("revokes only after asking, and then at once", async () => {
    const { home, laptop, phone, idOf } = await twoDevices();
    await phone.open("https://wiki.local/");
    const ended: string[] = [];
    home.access.onEnd((device) => ended.push(device));
    const id = idOf("Phone");
    const asked = await laptop.get(`${PORTAL}/devices/revoke?id=${id}`);
    expect(seen(await asked.text())).toContain("Revoke Phone?");
    expect((await phone.get("https://wiki.local/")).status).toBe(200);

    expect((await laptop.post(`${PORTAL}/devices/revoke`, { id })).status).toBe(303);
    expect(ended).toEqual([id]);
    expect((await phone.get("https://wiki.local/")).status).toBe(303);
    expect((await phone.open(`${PORTAL}/devices`)).at).toContain("/pair");
  });

  test("says that a device is the owner's own, and the only owner's, before it revokes it", async () => {
    const { laptop, idOf } = await twoDevices();
    const id = idOf("Laptop");
    const asked = seen(await (await laptop.get(`${PORTAL}/devices/revoke?id=${id}`)).text());
    expect(asked).toContain("This is the device you are holding.");
    expect(asked).toContain("It is the only owner's device.");
    const left = await laptop.post(`${PORTAL}/devices/revoke`, { id });
    expect(left.headers.get("location")).toBe("/signed-out?lang=en");
    expect(laptop.cookiesAt("genkan.local")).toBe("");
  });

  test("says which came in with another's passkey, and would go with it", async () => {
    const { home, laptop, idOf } = await twoDevices();
    const id = idOf("Laptop");
    const cookie = laptop.cookiesAt("genkan.local");
    await home.access.stop();
    const path = join(home.world.dir, "devices.json");
    const kept = JSON.parse(readFileSync(path, "utf8"));
    const own = kept.rows.find((row: { id: string }) => row.id === id);
    kept.rows.push({ ...own, id: "browser", name: "Firefox", through: id });
    writeFileSync(path, JSON.stringify(kept));
    const again = (await householdPortal(home.world)).browser();
    const read = async (url: string) =>
      seen(await (await again.get(PORTAL + url, { cookie })).text());
    expect(await read("/devices")).toContain("Firefox iPhone · Owner · with a passkey of Laptop");
    const asked = await read(`/devices/revoke?id=${id}`);
    expect(asked).toContain("What came in with its passkeys goes with it: Firefox.");
    expect(asked).toContain("It is the only owner's device.");
    expect(await read("/devices/revoke?id=browser")).not.toContain("only owner's");
  });

  test("renames: an owner every device, every other itself alone", async () => {
    const { home, laptop, phone, idOf } = await twoDevices();
    const ids = { laptop: idOf("Laptop"), phone: idOf("Phone") };
    const rename = (who: typeof laptop, id: string, name: string) =>
      who.post(`${PORTAL}/devices/rename`, { id, name });
    const names = () => home.access.devices.list().map(({ name }) => name);
    await rename(laptop, ids.phone, "Kitchen");
    await rename(phone, ids.laptop, "Mine");
    expect(names()).toEqual(["Laptop", "Kitchen"]);
    await rename(phone, ids.phone, "  \u202eHall\n ");
    await rename(phone, ids.phone, " ");
    expect(names()).toEqual(["Laptop", "Hall"]);
    await rename(phone, ids.phone, "a".repeat(200));
    expect(names()[1]).toHaveLength(60);
  });

  test("refuses to members what only owners may do, and changes nothing", async () => {
    const { home, phone, idOf } = await twoDevices();
    const id = idOf("Laptop");
    const answers = [
      await phone.post(`${PORTAL}/devices/revoke`, { id }),
      await phone.post(`${PORTAL}/devices/pair`, { who: "owner" }),
      await phone.get(`${PORTAL}/devices/pair`),
      await phone.get(`${PORTAL}/devices/revoke?id=${id}`),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(403);
      expect(answer.headers.get("x-genkan-problem")).toBe("PORTAL_OWNERS_ONLY");
    }
    expect(home.access.devices.list()).toHaveLength(2);
    expect(home.access.isInviting()).toBe(false);
  });

  test("goes back to the list where a device is gone already", async () => {
    const { laptop } = await twoDevices();
    for (const answer of [
      await laptop.get(`${PORTAL}/devices/revoke?id=gone`),
      await laptop.post(`${PORTAL}/devices/revoke`, { id: "gone" }),
    ]) {
      expect(answer.headers.get("location")).toBe("/devices?lang=en");
    }
  });

  test("says where nothing could be written down", async () => {
    const { home, laptop, idOf } = await twoDevices();
    rmSync(home.world.dir, { recursive: true });
    writeFileSync(home.world.dir, "a file where the folder should be");
    const answer = await laptop.post(`${PORTAL}/devices/rename`, { id: idOf("Phone"), name: "X" });
    expect(answer.status).toBe(503);
    expect(seen(await answer.text())).toContain("The door could not write that down");
  });
});

describe("pairing another from an owner's device", () => {
  test.each([
    ["household", { role: "member", expires: null }],
    ["owner", { role: "owner", expires: null }],
    ["2", { role: "guest", expires: 2 * 24 * 3600 * 1000 }],
    ["forever", { role: "guest", expires: 24 * 3600 * 1000 }],
  ])("lets in who was chosen: %s", async (who, { role, expires }) => {
    const { home, laptop } = await twoDevices();
    const page = await (
      await laptop.post(`${PORTAL}/devices/pair`, { who, name: "Tablet" })
    ).text();
    const digits = /aria-label="((?:\d ){5}\d)"/.exec(page)?.[1]?.replaceAll(" ", "") ?? "";
    const tablet = home.browser();
    expect((await tablet.post(`${PORTAL}/pair`, { digits, name: "ignored" })).status).toBe(303);
    const made = home.access.devices.list().find(({ name }) => name === "Tablet");
    const until = expires === null ? null : home.world.clock.now() + expires;
    expect(made).toMatchObject({ role, expires: until });
  });

  test("puts the plain page and the fingerprint into the code, and never the digits", async () => {
    const { laptop } = await twoDevices();
    const page = await (await laptop.post(`${PORTAL}/devices/pair`, { who: "household" })).text();
    const digits = /aria-label="((?:\d ){5}\d)"/.exec(page)?.[1]?.replaceAll(" ", "") ?? "none";
    expect(page).toContain('<svg class="qr"');
    expect(page).toContain("https://genkan.local/pair");
    expect(page.replaceAll(/<svg[^]*?<\/svg>/g, "")).not.toContain(digits);
    expect(page.match(/http:\/\/192\.168\.1\.20/g)).toHaveLength(1);
  });
});

describe("signing out", () => {
  test("asks first, and then the browser is a stranger everywhere", async () => {
    const { home, phone } = await twoDevices();
    await phone.open("https://wiki.local/");
    expect((await phone.get(`${PORTAL}/sign-out`)).status).toBe(200);
    expect((await phone.get("https://wiki.local/")).status).toBe(200);
    const left = await phone.post(`${PORTAL}/sign-out`, {});
    expect(left.headers.get("location")).toBe("/signed-out?lang=en");
    expect((await phone.open("https://wiki.local/")).at).toContain("/enter?");
    expect(home.access.devices.list()).toHaveLength(2);
  });
});

describe("nothing changes", () => {
  const CHANGES = ["pair", "devices/rename", "devices/revoke", "devices/pair", "sign-out"];

  test.each(CHANGES)("at /%s for a form of another site", async (path) => {
    const { home, laptop, idOf } = await twoDevices();
    const fields = { id: idOf("Phone"), name: "Owned", who: "owner", digits: "123456" };
    const before = JSON.stringify(home.access.devices.list());
    for (const headers of [
      { origin: "https://wiki.local" },
      { origin: "https://genkan.local:8443" },
      { origin: "null" },
      { origin: "", "sec-fetch-site": "cross-site" },
    ]) {
      const answer = await laptop.post(`${PORTAL}/${path}`, fields, headers);
      expect(answer.status).toBe(403);
      expect(answer.headers.get("set-cookie")).toBeNull();
    }
    expect(JSON.stringify(home.access.devices.list())).toBe(before);
    expect(home.access.isInviting()).toBe(false);
  });

  test.each(CHANGES)("at /%s for what is no form, or too much of one", async (path) => {
    const { laptop } = await twoDevices();
    const asText = { "content-type": "text/plain" };
    expect((await laptop.post(`${PORTAL}/${path}`, {}, asText)).status).toBe(400);
    const much = { name: "a".repeat(40_000) };
    expect((await laptop.post(`${PORTAL}/${path}`, much)).status).toBe(413);
  });

  test.each(["devices/rename", "enter", "signed-out"])("at /%s in another way", async (path) => {
    const { laptop, idOf } = await twoDevices();
    const method = path === "devices/rename" ? "get" : "post";
    const answer =
      method === "get"
        ? await laptop.get(`${PORTAL}/${path}?id=${idOf("Phone")}&name=X`)
        : await laptop.post(`${PORTAL}/${path}`, {});
    expect([404, 405]).toContain(answer.status);
  });

  test("over plain http, where nobody is known", async () => {
    const { home } = await twoDevices();
    const phone = await home.paired("Other");
    const cookie = phone.cookiesAt("genkan.local");
    const request = new Request("http://genkan.local/", { headers: { cookie } });
    const page = await (await home.plain(request)).text();
    expect(page).not.toMatch(/wiki|Welcome home/);
  });
});

test("no page of sign-in is kept, framed, sniffed, or runs anything", async () => {
  const { home, laptop } = await twoDevices();
  const pages = ["/", "/pair", "/devices", "/devices/pair", "/sign-out", "/signed-out"];
  const answers = [
    ...(await Promise.all(pages.map((path) => laptop.get(PORTAL + path)))),
    await home.browser().get(`${PORTAL}/pair`),
    await laptop.post(`${PORTAL}/devices/pair`, { who: "household" }),
    await home.browser().post(`${PORTAL}/pair`, { digits: "1" }),
  ];
  for (const { headers } of answers) {
    const policy = headers.get("content-security-policy");
    expect(policy).toMatch(/^default-src 'none';.*form-action 'self'; frame-ancestors 'none'$/);
    expect(policy).not.toContain("script-src");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    // With no-referrer browsers would send forms with `Origin: null`.
    expect(headers.get("referrer-policy")).toBe("same-origin");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  }
});
