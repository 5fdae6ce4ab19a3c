/*
 * Checking a device, as routes of the portal: the page, the report of its script, and what the welcome page
 * asks for to see whether the device trusts the door yet. Called once by portal.tsx, before it refuses
 * everything but GET and HEAD.
 */
import { createHash, randomBytes } from "node:crypto";
import { type Context, Hono } from "hono";
import { isIpAddress } from "../../model/hostname.ts";
import { COMMON_HEADERS, pageHeaders } from "../content-policy.ts";
import { visitorOf } from "../device.ts";
import { languageFor } from "../language.ts";
import type { DoorPlace } from "../needs.ts";
import { checkPage } from "./check-page.tsx";
import { CHECK_SCRIPT } from "./check-script.ts";
import type { CheckedDevice, DeviceList } from "./device-list.ts";
import { judge, type Known, type Row, type State, type Verdict } from "./judge.ts";
import type { LimitsPorts } from "./limits-ports.ts";
import type { Met, Validity } from "./needs.ts";
import { LONGEST_OBSERVED, readObserved } from "./observed.ts";
import { PROBE_PATHS, probeAnswer } from "./probe.ts";
import { createRate, type Rate } from "./rate.ts";
import { checkWords, say } from "./say.ts";
import type { CheckWords, Facts } from "./words.ts";

export interface CheckNeeds {
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly place: () => DoorPlace;
  /** Where the door's pages are shown over plain http: `http://genkan.local`. */
  readonly plainOrigins: () => readonly string[];
  /** Of the certificate the door shows for a name or address. */
  readonly certificate: (host: string) => Promise<Validity>;
  /** Undefined where they could not be opened. */
  readonly ports: LimitsPorts | undefined;
  readonly hasLimits: boolean;
  readonly devices: DeviceList;
}

interface CheckEnv {
  readonly Bindings: { readonly met?: Met };
}
type CheckContext = Context<CheckEnv>;

/** Reports a minute: of one address, and of all. */
const RATE = [12, 120] as const;

export function mountCheck(app: Hono, needs: CheckNeeds): void {
  const rate = createRate(...RATE);
  const routes = new Hono<CheckEnv>();
  routes.get("/check", (context) => showPage(context, needs));
  routes.post("/check/result", (context) => takeReport(context, needs, rate));
  for (const path of PROBE_PATHS) routes.get(path, (context) => probe(context, needs));
  app.route("/", routes);
}

async function showPage(context: CheckContext, needs: CheckNeeds): Promise<Response> {
  const { ports, version, place } = needs;
  const words = wordsFor(context);
  const known = await knownOf(context, needs, false);
  const isByAddress = isIpAddress(known.host);
  const html = checkPage({
    words,
    shown: say(judge(undefined, known), words, factsOf(known, ports)),
    witnessPort: isByAddress ? undefined : ports?.witness,
    canaryPort: isByAddress ? undefined : ports?.canary,
    byName: isByAddress ? `${place().secureOrigin}/check?lang=${words.lang}` : undefined,
    version,
  });
  const headers = new Headers(pageHeaders(CHECK_SCRIPT, reachOf(context, isByAddress, ports)));
  headers.append("set-cookie", cookieOf(cookieIn(context) ?? randomBytes(16).toString("hex")));
  return new Response(html, { headers });
}

/** What the script may ask besides its own origin; old Safaris do not count a WebSocket to it. */
function reachOf(
  context: CheckContext,
  isByAddress: boolean,
  ports: LimitsPorts | undefined,
): string[] {
  const { host, hostname } = new URL(context.req.url);
  const both = isByAddress ? [] : [ports?.witness, ports?.canary];
  const others = both.filter((port) => port !== undefined);
  return [`wss://${host}`, ...others.map((port) => `https://${hostname}:${port}`)];
}

async function takeReport(context: CheckContext, needs: CheckNeeds, rate: Rate): Promise<Response> {
  const { req } = context;
  const length = Number(req.header("content-length"));
  if (!/^application\/json\b/.test(req.header("content-type") ?? "")) return bare(415);
  if (!(length > 0 && length <= LONGEST_OBSERVED)) return bare(413);
  if (!rate.admit(metOf(context).from, needs.now())) return bare(429);
  const observed = readObserved(await req.text());
  if (!observed) return bare(400);
  const id = cookieIn(context);
  const known = await knownOf(context, needs, id !== undefined);
  const verdicts = judge(observed, known);
  needs.devices.note(deviceOf(context, verdicts, { id, now: needs.now() }));
  const shown = say(verdicts, wordsFor(context), factsOf(known, needs.ports));
  const headers = { ...COMMON_HEADERS, "content-type": "application/json" };
  return new Response(`${JSON.stringify(shown)}\n`, { headers });
}

function probe({ req }: CheckContext, { plainOrigins }: CheckNeeds): Response {
  const answer = probeAnswer(req.path, req.header("origin"), plainOrigins());
  return answer ? new Response(answer.body, { headers: answer.headers }) : bare(404);
}

function bare(status: number): Response {
  return new Response(undefined, { status, headers: COMMON_HEADERS });
}

function wordsFor({ req }: CheckContext): CheckWords {
  return checkWords(languageFor(req.query("lang"), req.header("accept-language")));
}

function metOf({ env }: CheckContext): Met {
  return env.met ?? { protocol: "unknown", from: "unknown", at: "unknown" };
}

async function knownOf(
  context: CheckContext,
  { certificate, now, hasLimits, ports }: CheckNeeds,
  keptCookie: boolean,
): Promise<Known> {
  const host = new URL(context.req.url).hostname.replace(/^\[|\]$/g, "");
  const met = metOf(context);
  const reached = ports?.reached(met.from) ?? { witness: false, canary: false };
  return {
    host,
    met,
    now: now(),
    certificate: await certificate(host),
    keptCookie,
    hasLimits,
    reached,
  };
}

function factsOf({ host, met }: Known, ports: LimitsPorts | undefined): Facts {
  const both = [ports?.witness, ports?.canary].filter((port) => port !== undefined);
  return { host, from: met.from, at: met.at, ports: both.join(", ") };
}

function deviceOf(
  context: CheckContext,
  verdicts: readonly Verdict[],
  { id, now }: { readonly id: string | undefined; readonly now: number },
): CheckedDevice {
  const { from } = metOf(context);
  const kind = visitorOf(context.req.header("user-agent")).device ?? "other";
  const states = verdicts.map(({ row, state }) => [row, state]);
  return {
    // Without a cookie a device cannot be told from others of its kind at its address.
    id: createHash("sha256")
      .update(id ?? `${from} ${kind}`)
      .digest("hex")
      .slice(0, 16),
    at: new Date(now).toISOString(),
    kind,
    from,
    rows: Object.fromEntries(states) as Record<Row, State>, // judge gives each row
  };
}

/** `__Host-`: for this host alone, over https alone (RFC 6265bis section 4.1.3.2). */
const COOKIE = "__Host-genkan-check";
/** Seconds; a device that is checked again within a month keeps its row. */
const COOKIE_LIFE = 30 * 24 * 60 * 60;

function cookieOf(id: string): string {
  return `${COOKIE}=${id}; Max-Age=${COOKIE_LIFE}; Path=/; Secure; HttpOnly; SameSite=Strict`;
}

function cookieIn({ req }: CheckContext): string | undefined {
  return /(?:^|;\s*)__Host-genkan-check=([0-9a-f]{32})(?:;|$)/.exec(
    req.header("cookie") ?? "",
  )?.[1];
}
