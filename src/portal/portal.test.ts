import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createLog, silentLog, type LogEntry } from "../kernel/log.ts";
import { PLAIN_PATHS } from "../model/plan.ts";
import { HOME_SCOPE } from "../model/scope.ts";
import type { DoorPlace, RootSource } from "./needs.ts";
import { createPortal } from "./portal.tsx";

const der = Buffer.from("the bytes of a certificate");
const hex = createHash("sha256").update(der).digest("hex").toUpperCase();
const root: RootSource = {
  pem: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
  der,
  fingerprint256: hex.match(/../g)?.join(":") ?? "",
  words: ["harbor", "velvet", "orbit", "maple"],
  scope: HOME_SCOPE,
  notAfter: Date.UTC(2036, 10, 21),
};
const place = (): DoorPlace => ({
  plainOrigin: "http://192.168.1.20",
  secureOrigin: "https://genkan.local",
});
const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1";
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/605.1";

const EVERYWHERE = [...PLAIN_PATHS, "/.well-known/genkan", "/nowhere"];

async function ask(path: string, init: RequestInit = {}, more: Partial<RootSource> = {}) {
  const options = { root: { ...root, ...more }, place, version: "9.8.7", log: silentLog };
  const portal = createPortal(options);
  return portal.fetch(new Request(`https://genkan.local${path}`, init));
}
const textOf = async (path: string, init: RequestInit = {}, more: Partial<RootSource> = {}) =>
  (await ask(path, init, more)).text();
/** What a reader sees. */
const seen = (page: string) => page.replace(/<style>[^]*?<\/style>/, "").replace(/<[^>]*>/g, "");

describe("the first page", () => {
  test("shows the four words and the whole fingerprint", async () => {
    const page = seen(await textOf("/"));
    expect(page).toContain("harbor velvet orbit maple");
    expect(page).toContain(root.fingerprint256);
  });

  test("says in words what the root may vouch for, and until when", async () => {
    const page = seen(await textOf("/"));
    expect(page).toContain(
      ".local, .home.arpa, .internal, .lan, .home, .test or .localhost, and for private addresses",
    );
    expect(page).toContain("valid until 21 November 2036");
  });

  test("warns of a root without limits", async () => {
    const page = seen(await textOf("/", {}, { scope: undefined }));
    expect(page).toContain("This root has no limits");
    expect(page).not.toContain("vouch only");
  });

  test("names a single domain, and no addresses where there are none", async () => {
    const page = seen(await textOf("/", {}, { scope: { dns: ["home.arpa"], ip: [] } }));
    expect(page).toContain("names that end in .home.arpa: for no bank");
  });

  test.each([
    [IPHONE, "Let your iPhone in", "/genkan.mobileconfig"],
    ["Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X)", "Let your iPad in", "/genkan.mobileconfig"],
    ["Mozilla/5.0 (Linux; Android 16; Pixel 9)", "Let your phone in", "/root.crt"],
    [MAC, "Let your Mac in", "/genkan.mobileconfig"],
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Let your PC in", "certutil -user -addstore"],
    ["Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)", "Let your Chromebook in", "/root.crt"],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:153.0)", "Let your computer in", "sh trust.sh"],
  ])("shows %s its own way in", async (agent, title, way) => {
    const page = await textOf("/", { headers: { "user-agent": agent } });
    expect(page).toContain(`<h1>${title}</h1>`);
    expect(page).toContain(way);
  });

  test("offers an iPad that calls itself a Mac its own steps, without a script", async () => {
    const page = await textOf("/", { headers: { "user-agent": MAC } });
    expect(page).toMatch(/Holding an iPad\?[^<]*<a href="\/\?lang=en&amp;device=ipad"/);
  });

  test("offers the command of Genkan where it can be installed, and not to phones", async () => {
    const shown = (device: string) => textOf(`/?device=${device}`);
    for (const device of ["mac", "windows", "linux"]) {
      expect(await shown(device)).toContain("genkan trust ");
    }
    for (const device of ["iphone", "ipad", "android"]) {
      expect(await shown(device)).not.toContain("genkan trust ");
    }
  });

  test("shows the steps of the device its person chose, whatever the browser says", async () => {
    const page = await textOf("/?device=android", { headers: { "user-agent": IPHONE } });
    expect(page).toContain("<h1>Let your phone in</h1>");
    expect(page).not.toContain("mobileconfig");
  });

  test("has a word more for Firefox, where Firefox does not follow the system", async () => {
    const firefox = (system: string) => `Mozilla/5.0 (${system}; rv:153.0) Gecko Firefox/153.0`;
    const on = (system: string) => textOf("/", { headers: { "user-agent": firefox(system) } });
    expect(await on("Android 16; Mobile")).toContain("Secret Settings");
    expect(await on("X11; Linux x86_64")).toContain("View Certificates");
    expect(await textOf("/", { headers: { "user-agent": MAC } })).not.toContain("Firefox");
  });

  test("lets an unknown device choose, and says nothing of what it sent", async () => {
    const page = await textOf("/?device=<b>&lang=xx", {
      headers: { "user-agent": "<script>Toaster</script>" },
    });
    expect(page).toContain("<h2>Which device is this?</h2>");
    expect(page).not.toMatch(/Toaster|xx|<b>&/);
  });

  test("speaks Japanese to who asks for it, and to who chose it", async () => {
    const asked = await textOf("/", { headers: { "accept-language": "ja-JP,en;q=0.5" } });
    expect(asked).toContain('<html lang="ja">');
    expect(asked).toContain("<h1>玄関へようこそ</h1>");
    const chosen = await textOf("/?lang=en", { headers: { "accept-language": "ja" } });
    expect(chosen).toContain('<html lang="en">');
  });

  test("repeats nothing of a foreign Host", async () => {
    const portal = createPortal({ root, place, version: "9.8.7", log: silentLog });
    const answer = await portal.fetch(new Request("http://evil.example/"));
    expect(await answer.text()).not.toContain("evil");
    expect(answer.headers.get("content-security-policy")).not.toContain("evil");
  });

  test("carries its own address and fingerprint in a code, for the next device", async () => {
    expect(await textOf("/")).toContain('<svg class="qr"');
    const alone = () => ({ plainOrigin: undefined, secureOrigin: "https://genkan.local" });
    const portal = createPortal({ root, place: alone, version: "9.8.7", log: silentLog });
    const page = await (await portal.fetch(new Request("https://genkan.local/"))).text();
    expect(page).not.toContain('<svg class="qr"');
  });

  test("says what words on a page prove, and what does", async () => {
    const page = seen(await textOf("/"));
    expect(page).toContain("Words on a page prove nothing by themselves");
    expect(page).toContain("your device itself shows for the certificate it was given");
  });
});

test("the root comes as a profile for Apple's devices and inside a script for Linux", async () => {
  const profile = await ask("/genkan.mobileconfig");
  expect(profile.headers.get("content-type")).toBe("application/x-apple-aspen-config");
  expect(await profile.text()).toContain(`<data>${der.toString("base64")}</data>`);
  const script = await ask("/trust.sh");
  expect(script.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(await script.text()).toMatch(/^#!\/bin\/sh\n/);
});

test("the root comes as DER for devices and as PEM for programs", async () => {
  const crt = await ask("/root.crt");
  expect(crt.headers.get("content-type")).toBe("application/x-x509-ca-cert");
  expect(Buffer.from(await crt.arrayBuffer())).toEqual(der);
  const pem = await ask("/root.pem");
  expect(pem.headers.get("content-disposition")).toBe('attachment; filename="genkan-root.pem"');
  expect(await pem.text()).toBe(root.pem);
});

test("programs learn whose door it is", async () => {
  expect(JSON.parse(await textOf("/.well-known/genkan"))).toEqual({
    name: "genkan",
    version: "9.8.7",
    fingerprint: root.fingerprint256,
  });
});

test("a page that does not exist is a 404 that repeats nothing of the address", async () => {
  const path = "/<script>alert(1)</script>?a=<b>";
  const page = await ask(path, { headers: { accept: "text/html" } });
  expect(page.status).toBe(404);
  expect(page.headers.get("x-genkan-problem")).toBe("PORTAL_NO_SUCH_PAGE");
  expect(await page.text()).not.toMatch(/alert|a=/);
  expect(JSON.parse(await textOf(path))).toMatchObject({ error: { code: "PORTAL_NO_SUCH_PAGE" } });
});

test.each(["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"])(
  "%s is refused everywhere",
  async (method) => {
    for (const path of ["/", "/root.crt", "/nowhere"]) {
      const answer = await ask(path, { method });
      expect(answer.status).toBe(405);
      expect(answer.headers.get("allow")).toBe("GET, HEAD");
    }
  },
);

test.each(EVERYWHERE)(
  "HEAD %s has the status and the headers of GET, and no body",
  async (path) => {
    const get = await ask(path);
    const head = await ask(path, { method: "HEAD" });
    expect(head.status).toBe(get.status);
    expect([...head.headers]).toEqual([...get.headers]);
    expect(await head.text()).toBe("");
  },
);

test.each(EVERYWHERE)("%s is kept by nobody, framed by nobody, sniffed by nobody", async (path) => {
  const { headers } = await ask(path);
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(headers.get("access-control-allow-origin")).toBeNull();
  expect(headers.get("server")).toBeNull();
});

test("a failure of our own is a 500 whose id is in the log", async () => {
  const entries: LogEntry[] = [];
  const broken: RootSource = {
    ...root,
    get words(): string[] {
      throw new Error("the disk is gone");
    },
  };
  const log = createLog(
    () => 0,
    (entry) => entries.push(entry),
  );
  const portal = createPortal({ root: broken, place, version: "1", log });
  const answer = await portal.fetch(new Request("https://genkan.local/"));
  expect(answer.status).toBe(500);
  const text = await answer.text();
  expect(text).not.toContain("disk");
  expect(JSON.parse(text).error.id).toBe(entries[0]?.["id"]);
  expect(entries).toMatchObject([
    { level: "error", event: "portal.failed", error: { message: "the disk is gone" } },
  ]);
});
