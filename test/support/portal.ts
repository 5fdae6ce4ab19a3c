import { createHash } from "node:crypto";
import { createGate } from "../../src/daemon/admission.ts";
import { signInFor } from "../../src/daemon/sign-in.ts";
import type { Access } from "../../src/access/access.ts";
import type { Gate, Knock } from "../../src/engines/needs.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { type Plan, type PlannedApp, portalNear } from "../../src/model/plan.ts";
import { HOME_SCOPE } from "../../src/model/scope.ts";
import { createPortal } from "../../src/portal/portal.tsx";
import { answerProblem } from "../../src/portal/problem.ts";
import { createAtApp } from "../../src/portal/sign-in/at-app.ts";
import { type AccessWorld, accessWorld, MEMBER } from "./access.ts";
import { planOf } from "./door.ts";

/** A door's pages and gate over a real access, without an engine in between. */
export interface HouseholdPortal {
  readonly access: Access;
  readonly world: AccessWorld;
  readonly plan: Plan;
  /** A browser of its own: it keeps cookies for each host, and sends forms as browsers do. */
  browser(agent?: string, address?: string): TestBrowser;
  /** What comes to the plain port. */
  plain(request: Request): Promise<Response>;
  /** A browser that has paired by its digits. */
  paired(name: string, invitation?: Partial<typeof MEMBER>): Promise<TestBrowser>;
}

export interface TestBrowser {
  get(url: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Sends a form from a page of the same origin, unless the headers say otherwise. */
  post(
    url: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>;
  /** Follows redirects, and pages that go on by themselves, from one to the next; the last answer and where it came from. */
  open(
    url: string,
  ): Promise<{ readonly answer: Response; readonly text: string; readonly at: string }>;
  /** What it would send to a host. */
  cookiesAt(host: string): string;
}

const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/605.1";
const LONGEST_WAY = 10;

/** Of the apps wiki and photos, and ledger, which is for owners only. */
export async function householdPortal(world = accessWorld()): Promise<HouseholdPortal> {
  const access = await world.open();
  const plan = planWithOwnersApp();
  const { clock, steadyNow } = world;
  const signIn = signInFor({ is: "open", access }, { clock, plan: () => plan, ports: () => [] });
  const options = {
    root: ROOT,
    place: () => ({ plainOrigin: "http://192.168.1.20", secureOrigin: "https://genkan.local" }),
    version: "9.8.7",
    log: silentLog,
    signIn: signIn && { ...signIn, isUp: async ({ name }: PlannedApp) => name !== "photos" },
  };
  const portal = createPortal(options);
  const atApp = createAtApp(options);
  const gate = createGate({
    access,
    problem: answerProblem,
    portalNear: (host) => portalNear(plan, host),
    steadyNow,
    log: silentLog,
  });
  async function ask(request: Request, address: string): Promise<Response> {
    const { hostname, pathname } = new URL(request.url);
    const met = { protocol: "h2", from: address, at: "192.168.1.20" };
    const route = plan.routes.get(hostname);
    if (route?.kind !== "app") return portal.fetch(request, { met });
    if (pathname.startsWith("/.genkan/")) return atApp(request, { ...met, host: hostname });
    return atGate(gate, request, { app: route.app, address });
  }
  const browser: HouseholdPortal["browser"] = (agent = IPHONE, address = "192.168.1.31") =>
    createBrowser((request) => ask(request, address), agent);
  return {
    access,
    world,
    plan,
    browser,
    plain: async (request) => portal.fetch(request),
    async paired(name, invitation = {}) {
      const one = browser();
      const { digits } = access.invite({ ...MEMBER, ...invitation });
      await one.post("https://genkan.local/pair", { digits, name });
      return one;
    },
  };
}

/** What a visitor sees of a page. */
export function seen(page: string): string {
  return page
    .replace(/<style>[^]*?<\/style>/, "")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll(/\s+/g, " ");
}

const DER = Buffer.from("the bytes of a certificate");
const HEX = createHash("sha256").update(DER).digest("hex").toUpperCase();
const ROOT = {
  pem: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
  der: DER,
  fingerprint256: HEX.match(/../g)?.join(":") ?? "",
  words: ["harbor", "velvet", "orbit", "maple"],
  scope: HOME_SCOPE,
  notAfter: Date.UTC(2036, 10, 21),
};

function planWithOwnersApp(): Plan {
  const household = planOf({ wiki: 1, photos: 1 }, { access: "household" });
  const owners = planOf({ ledger: 1 }, { access: "owner" });
  return {
    apps: [...household.apps, ...owners.apps],
    routes: new Map([...household.routes, ...owners.routes]),
  };
}

/** As an engine asks the gate; whoever is let in reads the app's name. */
function atGate(
  gate: Gate,
  { url, method, headers }: Request,
  { app, address }: { readonly app: PlannedApp; readonly address: string },
): Response {
  const { hostname, port, pathname, search } = new URL(url);
  const knock: Knock = {
    id: "test",
    app,
    host: hostname,
    port: Number(port || 443),
    method,
    target: pathname + search,
    isWebSocket: false,
    address,
    cookies: headers.has("cookie") ? [headers.get("cookie") ?? ""] : [],
    authorization: undefined,
    fetchMode: headers.get("sec-fetch-mode") ?? undefined,
    fetchDest: undefined,
    accept: headers.get("accept") ?? undefined,
  };
  const admission = gate.judge(knock);
  if (admission.is === "let-in") return new Response(`this is ${app.name}`);
  const { status, body, headers: fields } = admission;
  return new Response(body === "" ? null : body, { status, headers: fields });
}

function createBrowser(ask: (request: Request) => Promise<Response>, agent: string): TestBrowser {
  const jars = new Map<string, Map<string, string>>();
  const cookiesAt = (host: string): string =>
    [...(jars.get(host) ?? [])].map(([name, value]) => `${name}=${value}`).join("; ");

  async function send(url: string, init: RequestInit): Promise<Response> {
    const { hostname } = new URL(url);
    const request = new Request(url, { ...init, redirect: "manual" });
    request.headers.set("user-agent", agent);
    if (!request.headers.has("accept")) request.headers.set("accept", "text/html");
    const cookies = cookiesAt(hostname);
    if (cookies !== "" && !request.headers.has("cookie")) request.headers.set("cookie", cookies);
    const answer = await ask(request);
    for (const line of answer.headers.getSetCookie()) keep(hostname, line);
    return answer;
  }
  function keep(host: string, line: string): void {
    const [, name = "", value = "", rest = ""] = /^([^=]+)=([^;]*)(.*)$/.exec(line) ?? [];
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    if (/Max-Age=0\b/.test(rest)) jar.delete(name);
    else jar.set(name, value);
  }
  return {
    cookiesAt,
    get: (url, headers = {}) =>
      send(url, { headers: { "sec-fetch-mode": "navigate", ...headers } }),
    post(url, fields, headers = {}) {
      const body = new URLSearchParams(fields).toString();
      const own: Record<string, string> = {
        "content-type": "application/x-www-form-urlencoded",
        "content-length": String(body.length),
        origin: new URL(url).origin,
        "sec-fetch-mode": "navigate",
      };
      const all = Object.entries({ ...own, ...headers }).filter(([, value]) => value !== "");
      return send(url, { method: "POST", body, headers: Object.fromEntries(all) });
    },
    async open(url) {
      let at = url;
      for (let step = 0; step < LONGEST_WAY; step += 1) {
        const answer = await this.get(at);
        const text = await answer.text();
        const refresh = /http-equiv="refresh" content="1;url=([^"]*)"/.exec(text)?.[1];
        const next = answer.headers.get("location") ?? refresh?.replaceAll("&amp;", "&");
        if (next === undefined) return { answer, text, at };
        at = new URL(next, at).href;
      }
      throw new Error(`the way never ends; it is at ${at}`);
    },
  };
}
