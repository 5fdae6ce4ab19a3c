/*
 * Hostile pages in real browsers that are let in: a site of somebody else, a hostile app of the household at its
 * own name, another port of the same machine. They ride on the session, frame what they cannot read, plant and
 * steal cookies. What a browser is asked to hold back (SameSite, `__Host-`, frames) is held back here by browsers
 * themselves; what the door does without their help is in test/attacks/sign-in-*.test.ts.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Page } from "playwright-core";
import { describe, expect, test, vi } from "vitest";
import { WebSocketServer } from "ws";
import { chromiumAtHome } from "../support/chromium.ts";
import { firefoxAtHome } from "../support/firefox.ts";
import { openDoor, type OpenDoor } from "../support/genkan.ts";
import { listenForTest } from "../support/listen.ts";
import { tempFolder } from "../support/temp.ts";
import { describeWithTools } from "../support/tools.ts";

const PATIENCE = { timeout: 180_000 };
const SOON = { timeout: 30_000 };

interface NotedApp {
  readonly port: number;
  /** `GET /path`, `WebSocket /path`, as they came. */
  readonly reached: string[];
  /** Every `Cookie` field that came, behind the host it came for. */
  readonly cookies: string[];
}

type Answers = (request: IncomingMessage, response: ServerResponse) => void;

const titled: Answers = (_request, response) => {
  response.setHeader("content-type", "text/html");
  response.end("<!doctype html><title>at your orders</title>");
};

/** Notes whatever reaches it; a WebSocket is welcome. */
async function notedApp(answers: Answers = titled): Promise<NotedApp> {
  const reached: string[] = [];
  const cookies: string[] = [];
  const note = (kind: string, { url = "", headers }: IncomingMessage): void => {
    if (url !== "/favicon.ico") reached.push(`${kind} ${url}`);
    if (headers.cookie !== undefined) cookies.push(`${headers.host} ${headers.cookie}`);
  };
  const server = createServer((request, response) => {
    note(request.method ?? "", request);
    answers(request, response);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket, request) => {
    note("WebSocket", request);
    socket.send("at your orders");
  });
  return { port: await listenForTest(server, sockets), reached, cookies };
}

/** Tries everything a script can against a name (`https://name:port`); what came of it, as JSON. */
const attackOn = (target: string): string => `(async (target) => {
  const soon = (make) => Promise.race([new Promise(make), new Promise((resolve) => setTimeout(resolve, 5000, "silence"))]);
  const asks = (path, options) => fetch(target + path, { credentials: "include", ...options })
    .then(async (answer) => answer.type + " " + answer.status + " " + (await answer.text()).slice(0, 20), () => "refused");
  const element = (name, attribute) => soon((resolve) => {
    const made = document.createElement(name);
    made.onload = () => resolve("loaded");
    made.onerror = () => resolve("refused");
    made[attribute] = target + "/" + name;
    document.body.append(made);
  });
  return JSON.stringify({
    read: await asks("/read", {}),
    blind: await asks("/blind", { mode: "no-cors" }),
    order: await asks("/order", { method: "POST", mode: "no-cors", body: "now" }),
    json: await asks("/json", { method: "PUT", headers: { "content-type": "application/json" }, body: "{}" }),
    beacon: String(navigator.sendBeacon(target + "/beacon", "now")),
    socket: await soon((resolve) => {
      const socket = new WebSocket(target.replace("https:", "wss:") + "/socket");
      socket.onmessage = () => resolve("open");
      socket.onerror = () => resolve("refused");
    }),
    events: await soon((resolve) => {
      const source = new EventSource(target + "/events", { withCredentials: true });
      source.onopen = () => resolve("open");
      source.onerror = () => { source.close(); resolve("refused"); };
    }),
    image: await element("img", "src"),
    script: await element("script", "src"),
    cookies: document.cookie,
  });
})(${JSON.stringify(target)})`;

/** A script may send blindly; it hears and reaches nothing by it. */
const IN_VAIN = {
  read: "refused",
  blind: expect.stringMatching(/^(?:opaque 0 |refused)$/) as string,
  order: expect.stringMatching(/^(?:opaque 0 |refused)$/) as string,
  json: "refused",
  beacon: "true",
  socket: "refused",
  events: "refused",
  image: "refused",
  script: "refused",
  cookies: "",
};

const blank: Answers = (_request, response) => {
  response.setHeader("content-type", "text/html");
  response.end("<!doctype html><title>cat pictures</title><body>");
};

describe.each([
  ["node", []],
  ["nginx", ["nginx"]],
] as [string, string[]][])("engine %s", (engine, tools) => {
  describeWithTools("a hostile page in Chromium", ["chromium", "certutil", ...tools], () => {
    test("gets nothing of a household's app or of the portal", PATIENCE, async () => {
      const { door, wiki, page, at } = await letIn(await openHousehold(engine));
      const site = await notedApp(blank);
      const before = await devicesOf(door);
      for (const from of [`http://localhost:${site.port}/`, at("evil")]) {
        await page.goto(from);
        wiki.reached.length = 0;
        const heard = JSON.parse(await page.evaluate<string>(attackOn(at("wiki")))) as object;
        expect([from, heard]).toEqual([from, IN_VAIN]);
        const onPortal = await page.evaluate<string>(attackOn(at("genkan")));
        expect([from, JSON.parse(onPortal)]).toEqual([from, IN_VAIN]);
        expect([from, wiki.reached]).toEqual([from, []]);
        for (const frame of [at("wiki"), at("genkan", "/devices"), at("genkan", "/pair")]) {
          expect([frame, await framedText(page, frame)]).toEqual([
            frame,
            expect.not.stringMatching(/at your orders|"digits"|Laptop/),
          ]);
        }
        const forms = [
          at("wiki", "/order"),
          at("wiki", "/.genkan/sign-out"),
          at("genkan", "/sign-out"),
          at("genkan", `/devices/revoke?id=${before[0]?.id ?? ""}`),
          at("genkan", "/devices/pair"),
        ];
        for (const action of forms) {
          await page.goto(from);
          const form = `<form method="post" action="${action}"><input name="id" value="${before[0]?.id ?? ""}"><button>cats</button></form>`;
          await page.evaluate(`document.body.innerHTML = ${JSON.stringify(form)}`);
          const [answer] = await Promise.all([page.waitForEvent("response"), page.click("button")]);
          expect([action, answer.status()]).toEqual([action, 403]);
        }
        expect([from, wiki.reached]).toEqual([from, []]);
      }
      expect(await devicesOf(door)).toEqual(before);
      await page.goto(at("wiki"));
      expect(await page.title()).toBe("at your orders");
    });

    test("plants no cookie of the door's, and is sent none", PATIENCE, async () => {
      const { wiki, page, at } = await letIn(await openHousehold(engine));
      const sibling = await notedApp((_request, response) => {
        response.setHeader("set-cookie", [
          "__Host-genkan=evil; Path=/; Secure",
          "__Host-genkan=evil; Path=/",
          "__HOST-genkan=evil; Path=/; Secure",
          "=__Host-genkan=evil; Path=/; Secure",
          "genkan=evil; Domain=local; Path=/",
        ]);
        blank(_request, response);
      });
      const ours = async (): Promise<string[]> =>
        (await page.context().cookies())
          .filter(({ name, value }) => /genkan/i.test(name + value))
          .map(({ name, value, domain }) => `${domain} ${name}=${value}`)
          .toSorted();
      const before = await ours();
      expect(before).toHaveLength(3);
      await page.goto(at("evil"));
      await page.evaluate(`
        for (const name of ["__Host-genkan", "__HOST-GENKAN", "__Host-genkan-nonce", "", "genkan"])
          for (const domain of ["local", "wiki.local", "genkan.local", ".local"])
            document.cookie = name + "=evil; Path=/; Secure; Domain=" + domain;
        document.cookie = "__Host-genkan=evil; Path=/; Secure";
        document.cookie = "__Host-genkan=evil; Path=/.genkan/; Secure";
      `);
      for (const host of ["wiki.local", "genkan.local", "evil.local"]) {
        await page.goto(`http://${host}:${sibling.port}/`);
      }
      expect(await ours()).toEqual(before);
      expect(sibling.reached.length).toBeGreaterThanOrEqual(3);
      expect(sibling.cookies.join()).not.toContain("__Host-");
      await page.goto(at("wiki"));
      expect(await page.title()).toBe("at your orders");
      expect(wiki.cookies.join()).not.toContain("genkan");
    });

    test("is a service worker at its own name, and nowhere else", PATIENCE, async () => {
      const worker: Answers = (request, response) => {
        if (request.url !== "/sw.js") return blank(request, response);
        response.setHeader("content-type", "text/javascript");
        response.setHeader("service-worker-allowed", "/");
        response.end(`self.onfetch = (event) => event.respondWith(new Response("mine now"));`);
      };
      const { wiki, page, at } = await letIn(await openHousehold(engine, worker));
      await page.goto(at("evil"));
      await page.evaluate(
        `navigator.serviceWorker.register("/sw.js", { scope: "/" }).then(() => navigator.serviceWorker.ready)`,
      );
      for (const elsewhere of [at("wiki", "/"), at("genkan", "/")]) {
        const register = `navigator.serviceWorker.register("/sw.js", { scope: ${JSON.stringify(elsewhere)} }).then(() => "taken", () => "refused")`;
        expect(await page.evaluate(register)).toBe("refused");
      }
      await page.goto(at("evil", "/again"));
      expect(await page.textContent("body")).toBe("mine now");
      await page.goto(at("wiki", "/honest"));
      expect(await page.title()).toBe("at your orders");
      await page.goto(at("genkan", "/devices"));
      expect(await page.textContent("body")).toContain("Laptop");
      expect(wiki.reached).toContain("GET /honest");
    });
  });

  // What the door cannot prevent: docs/security.md, "Other ports of the same name".
  describeWithTools("another port of the machine", ["chromium", "certutil", ...tools], () => {
    test(
      "is sent sessions below .localhost, where no root vouches for names, and none below .local",
      PATIENCE,
      async () => {
        const household = await openHousehold(engine);
        const port = await notedApp(blank);
        const { page } = await letIn(household, "localhost");
        await page.goto(`http://wiki.localhost:${port.port}/`);
        expect(port.cookies.join()).toContain("__Host-genkan=");
        await page.goto(`http://wiki.local:${port.port}/`);
        expect(port.reached).toHaveLength(2);
        expect(port.cookies.join()).not.toContain("wiki.local:");
      },
    );
  });

  describeWithTools("a hostile page in Firefox", ["firefox-esr", "certutil", ...tools], () => {
    test("gets nothing of a household's app or of the portal", PATIENCE, async () => {
      const { door, wiki, at } = await openHousehold(engine);
      const site = await notedApp(blank);
      const firefox = await firefoxAtHome([door.ready.root.path]);
      await firefox.open(at("wiki"));
      await firefox.evaluate(`(() => {
        document.querySelector("#digits").value = "${door.ready.pairing?.digits ?? ""}";
        document.querySelector("form.pair button").click();
      })()`);
      const title = (): Promise<unknown> => firefox.evaluate("document.title");
      await vi.waitFor(async () => expect(await title()).toBe("at your orders"), SOON);
      await firefox.open(at("evil"));
      for (const from of [`http://localhost:${site.port}/`, at("evil")]) {
        await firefox.open(from);
        wiki.reached.length = 0;
        for (const target of [at("wiki"), at("genkan")]) {
          const heard = String(await firefox.evaluate(attackOn(target)));
          expect([from, target, JSON.parse(heard)]).toEqual([from, target, IN_VAIN]);
        }
        expect([from, wiki.reached]).toEqual([from, []]);
      }
      await firefox.open(at("wiki"));
      expect(await title()).toBe("at your orders");
    });
  });
});

/** A door in front of the wiki and the hostile app, both for the household. */
async function openHousehold(engine: string, hostile: Answers = blank) {
  const [wiki, evil] = [await notedApp(), await notedApp(hostile)];
  const args = ["--engine", engine, "--access", "household"];
  const apps = [`wiki=${wiki.port}`, `evil=${evil.port}`];
  const door = await openDoor(tempFolder(), [...args, ...apps]);
  const at = (name: string, path = "/"): string =>
    `https://${name}.local:${door.httpsPort}${path}`.replace(/\/$/, "");
  return { door, wiki, evil, at };
}

/** A browser that was let in there, and has sessions at the portal and at both apps. */
async function letIn(household: Household, suffix = "local") {
  const { door } = household;
  const browser = await chromiumAtHome([door.ready.root.path]);
  const page = await browser.newPage();
  const at = (app: string): string => `https://${app}.${suffix}:${door.httpsPort}/`;
  await page.goto(at("wiki"));
  await page.fill("#digits", door.ready.pairing?.digits ?? "");
  await page.fill("#name", "Laptop");
  await page.click("form.pair button");
  await page.waitForURL(at("wiki"), SOON);
  await page.goto(at("evil"));
  return { ...household, page };
}

type Household = Awaited<ReturnType<typeof openHousehold>>;

/** What is to be read in a frame of the open page; playwright sees what the page itself does not. */
async function framedText(page: Page, url: string): Promise<string> {
  await page.evaluate(`new Promise((resolve) => {
    const frame = document.createElement("iframe");
    frame.name = "stolen";
    frame.onload = frame.onerror = resolve;
    setTimeout(resolve, 5000);
    frame.src = ${JSON.stringify(url)};
    document.body.replaceChildren(frame);
  })`);
  const frame = page.frame({ name: "stolen" });
  return (await frame?.content()) ?? "";
}

async function devicesOf(door: OpenDoor): Promise<{ id: string; name: string }[]> {
  const { stdout } = await door.genkan("devices", "--json");
  const { devices } = JSON.parse(stdout) as { devices: { id: string; name: string }[] };
  return devices.map(({ id, name }) => ({ id, name }));
}
