import { rmSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { MEMBER } from "../../../test/support/access.ts";
import { householdPortal, seen } from "../../../test/support/portal.ts";

const PORTAL = "https://genkan.local";
const DAY = 24 * 3600 * 1000;

describe("a stranger who opens an app", () => {
  test("pairs by six digits, and is back on the page that was asked for; other apps ask nothing", async () => {
    const home = await householdPortal();
    const phone = home.browser();
    const { text, at } = await phone.open("https://wiki.local/deep/page?q=1&r=%20");
    expect(at).toMatch(/^https:\/\/genkan\.local\/enter\?/);
    expect(seen(text)).toContain("wiki.local opens to devices the door knows");

    const { digits } = home.access.invite(MEMBER);
    const paired = await phone.post(`${PORTAL}/pair`, { ...hiddenIn(text), digits, name: "Phone" });
    expect(paired.status).toBe(303);
    const back = await phone.open(PORTAL + paired.headers.get("location"));
    expect(back).toMatchObject({
      at: "https://wiki.local/deep/page?q=1&r=%20",
      text: "this is wiki",
    });
    expect(phone.cookiesAt("wiki.local")).not.toContain("nonce");

    expect(await phone.open("https://photos.local/")).toMatchObject({ text: "this is photos" });
    expect(home.access.devices.list()).toMatchObject([{ name: "Phone", kind: "iphone" }]);
  });

  test("has on the way no page from which a form could be led elsewhere", async () => {
    const home = await householdPortal();
    const { answer } = await home.browser().open("https://wiki.local/");
    const policy = answer.headers.get("content-security-policy");
    expect(policy).toContain("form-action 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("script-src");
  });

  test("keeps the way back over wrong digits", async () => {
    const home = await householdPortal();
    home.access.invite(MEMBER);
    const phone = home.browser();
    const { text } = await phone.open("https://wiki.local/page");
    const wrong = await phone.post(`${PORTAL}/pair`, {
      ...hiddenIn(text),
      digits: "no",
      name: "P",
    });
    expect(hiddenIn(await wrong.text())).toEqual(hiddenIn(text));
  });

  test("sees no app's name at the portal", async () => {
    const home = await householdPortal();
    const stranger = home.browser();
    for (const path of ["/", "/pair", "/devices", "/devices/pair", "/sign-out", "/signed-out"]) {
      const { text } = await stranger.open(PORTAL + path);
      expect(text).not.toMatch(/wiki|photos|ledger/);
    }
  });
});

describe("six digits", () => {
  test.each(["123 456", "123-456", "１２３４５６", " 123456 "])(
    "are taken as people type them: %j",
    async (typed) => {
      const home = await householdPortal();
      const { digits } = home.access.invite(MEMBER);
      const isWide = typed.includes("１");
      let at = 0;
      const text = typed.replaceAll(/\d|[１-６]/g, () => {
        const digit = Number(digits[at++]);
        return isWide ? String.fromCodePoint(0xff10 + digit) : String(digit);
      });
      const answer = await home.browser().post(`${PORTAL}/pair`, { digits: text, name: "P" });
      expect(answer.status).toBe(303);
    },
  );

  test("that are not six are no guess", async () => {
    const home = await householdPortal();
    const { digits } = home.access.invite(MEMBER);
    const phone = home.browser();
    for (const text of ["", "12345", "1234567", "abcdef", "<b>"]) {
      const answer = await phone.post(`${PORTAL}/pair`, { digits: text, name: "P" });
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain('role="alert"');
    }
    expect((await phone.post(`${PORTAL}/pair`, { digits, name: "P" })).status).toBe(303);
  });

  test("that are wrong, and those whose time is over, are told apart", async () => {
    const home = await householdPortal();
    const phone = home.browser();
    const { digits } = home.access.invite(MEMBER);
    const wrong = await phone.post(`${PORTAL}/pair`, { digits: other(digits), name: "P" });
    expect(wrong.status).toBe(403);
    expect(seen(await wrong.text())).toContain("Those are not the digits");
    home.world.pass(11 * 60_000);
    const late = await phone.post(`${PORTAL}/pair`, { digits, name: "P" });
    expect(seen(await late.text())).toContain("No digits are good at this moment");
  });

  test("cannot be guessed: the page says for how long nobody may try, and from where", async () => {
    const home = await householdPortal();
    const { digits } = home.access.invite(MEMBER);
    const guess = (address: string) =>
      home.browser(undefined, address).post(`${PORTAL}/pair`, { digits: other(digits), name: "P" });
    for (let i = 0; i < 5; i += 1) await guess("192.168.1.66");
    const here = await guess("192.168.1.66");
    expect(here.status).toBe(429);
    expect(Number(here.headers.get("retry-after"))).toBe(600);
    expect(seen(await here.text())).toContain("from this address. Try again in 10 minutes");
    for (let i = 0; i < 15; i += 1) await guess(`192.168.2.${i}`);
    const everywhere = seen(await (await guess("192.168.3.1")).text());
    expect(everywhere).toContain("from everywhere. Try again in 10 minutes");
  });

  test("stay good where the door cannot write down who came", async () => {
    const home = await householdPortal();
    writeFileSync(home.world.dir, "a file where the folder should be");
    const { digits } = home.access.invite(MEMBER);
    const phone = home.browser();
    const answer = await phone.post(`${PORTAL}/pair`, { digits, name: "P" });
    expect(answer.status).toBe(503);
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect(seen(await answer.text())).toContain("nothing was paired. They are still good.");
    rmSync(home.world.dir);
    expect((await phone.post(`${PORTAL}/pair`, { digits, name: "P" })).status).toBe(303);
  });

  test("that are typed on a device the door knows pair nothing a second time", async () => {
    const home = await householdPortal();
    const phone = await home.paired("Phone");
    const { digits } = home.access.invite(MEMBER);
    expect((await phone.post(`${PORTAL}/pair`, { digits, name: "P" })).status).toBe(303);
    expect(home.access.devices.list()).toHaveLength(1);
    expect(home.access.isInviting()).toBe(true);
  });
});

describe("the page that asks for the digits", () => {
  test("brings up a phone's number keys and reads codes, and guesses the device's name", async () => {
    const home = await householdPortal();
    const page = await (await home.browser().get(`${PORTAL}/pair`)).text();
    expect(page).toContain('inputmode="numeric" autocomplete="one-time-code"');
    expect(page).toContain('name="name" value="iPhone"');
  });

  test("tells the first that it becomes the owner, and nobody after", async () => {
    const home = await householdPortal();
    const first = seen(await (await home.browser().get(`${PORTAL}/pair`)).text());
    expect(first).toContain("this device becomes the owner");
    await home.paired("Laptop");
    const next = seen(await (await home.browser().get(`${PORTAL}/pair`)).text());
    expect(next).not.toContain("becomes the owner");
  });

  test("speaks Japanese to who reads that, also after wrong digits", async () => {
    const home = await householdPortal();
    const phone = home.browser();
    const page = await phone.get(`${PORTAL}/pair`, { "accept-language": "ja" });
    expect(await page.text()).toContain('<html lang="ja">');
    const wrong = await phone.post(`${PORTAL}/pair`, { lang: "ja", digits: "1", name: "P" });
    expect(seen(await wrong.text())).toContain("数字は6桁です");
  });

  test("repeats what was typed as text, and never as markup", async () => {
    const home = await householdPortal();
    const name = `"><script>alert(1)</script>`;
    const answer = await home.browser().post(`${PORTAL}/pair`, { digits: "1", name });
    expect(await answer.text()).not.toContain("<script>");
  });
});

describe("/enter", () => {
  const n = "a".repeat(43);
  test.each([
    { to: "evil.example", n, path: "/" },
    { to: "genkan.local", n, path: "/" },
    { to: "wiki.local:9999", n, path: "/" },
    { to: "wiki.local", n, path: "//evil.example" },
    { to: "wiki.local", n, path: "/\\evil.example" },
    { to: "wiki.local", n: "curtailed", path: "/" },
  ])("leads to no place but an app of the plan: $to $path", async (fields) => {
    const home = await householdPortal();
    const query = new URLSearchParams(fields).toString();
    for (const who of [home.browser(), await home.paired("Phone")]) {
      const answer = await who.get(`${PORTAL}/enter?${query}`);
      expect(answer.status).toBe(400);
      expect(answer.headers.get("location")).toBeNull();
      expect(await answer.text()).not.toMatch(/evil|9999|curtailed/);
    }
  });

  test("tells the code to the app's host alone, and nobody by a referrer", async () => {
    const home = await householdPortal();
    const phone = await home.paired("Phone");
    const query = new URLSearchParams({ to: "wiki.local", n, path: "/a?b" }).toString();
    const answer = await phone.get(`${PORTAL}/enter?${query}`);
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toMatch(
      /^https:\/\/wiki\.local\/\.genkan\/enter\?code=[\w-]{43}&path=%2Fa%3Fb$/,
    );
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });
});

test("a session that is old gets a new token on the way, and goes on", async () => {
  const home = await householdPortal();
  const phone = await home.paired("Phone");
  const before = phone.cookiesAt("genkan.local");
  home.world.pass(8 * DAY);
  await phone.get(`${PORTAL}/devices`);
  expect(phone.cookiesAt("genkan.local")).not.toBe(before);
  expect((await phone.get(`${PORTAL}/devices`)).status).toBe(200);
});

test("a guest is told when the visit ends, and is a stranger after it", async () => {
  const home = await householdPortal();
  await home.paired("Laptop");
  const expires = home.world.clock.now() + 2 * DAY;
  const guest = await home.paired("Visitor", { role: "guest", expires });
  const { text } = await guest.open(`${PORTAL}/pair`);
  expect(seen(text)).toContain("The visit ends in 2 days");
  expect(await guest.open("https://wiki.local/")).toMatchObject({ text: "this is wiki" });
  home.world.pass(2 * DAY);
  expect((await guest.open("https://wiki.local/")).at).toContain("/enter?");
});

/** Fields the page's form carries along, as a browser sends them. */
function hiddenIn(html: string): Record<string, string> {
  const found = [...html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
  return Object.fromEntries(
    found.map(([, name = "", value = ""]) => [name, value.replaceAll("&amp;", "&")]),
  );
}

function other(digits: string): string {
  return String((Number(digits) + 1) % 1_000_000).padStart(6, "0");
}
