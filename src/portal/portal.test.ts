import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createLog, silentLog, type LogEntry } from "../kernel/log.ts";
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
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/605.1";

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
    [IPHONE, "iPhone or iPad"],
    ["Mozilla/5.0 (Linux; Android 16; Pixel 9) Chrome/156.0", "Android"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1", "Mac"],
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/156.0", "Windows"],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Firefox/153.0", "Linux"],
  ])("shows %s its own instructions first", async (agent, title) => {
    const page = await textOf("/", { headers: { "user-agent": agent } });
    expect(page).toContain(`<div class="here"><b>${title}</b>`);
    expect(page.split(`<b>${title}</b>`)).toHaveLength(2);
  });

  test("lets an unknown device choose, and says nothing of what it sent", async () => {
    const page = await textOf("/", { headers: { "user-agent": "<script>Toaster</script>" } });
    expect(page).toContain("<details open");
    expect(page).not.toContain("Toaster");
  });
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

test.each(["/", "/root.crt", "/root.pem", "/.well-known/genkan", "/nowhere"])(
  "HEAD %s has the status and the headers of GET, and no body",
  async (path) => {
    const get = await ask(path);
    const head = await ask(path, { method: "HEAD" });
    expect(head.status).toBe(get.status);
    expect([...head.headers]).toEqual([...get.headers]);
    expect(await head.text()).toBe("");
  },
);

test.each(["/", "/root.crt", "/root.pem", "/.well-known/genkan", "/nowhere"])(
  "%s is kept by nobody, framed by nobody, sniffed by nobody",
  async (path) => {
    const { headers } = await ask(path);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("access-control-allow-origin")).toBeNull();
    expect(headers.get("server")).toBeNull();
  },
);

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
