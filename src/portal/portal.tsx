/*
 * The door's own site, at https://genkan.local and https://ADDRESS; over plain http its PLAIN_PATHS
 * (model/plan.ts) alone, which the engines see to. Everybody who reaches the door may read it, so it
 * lists no app; but for the report of a device that checks itself it only answers GET and HEAD.
 */
import { Hono, type HonoRequest } from "hono";
import { randomBytes } from "node:crypto";
import type { Log } from "../kernel/log.ts";
import type { Met } from "./check/needs.ts";
import { type CheckNeeds, mountCheck } from "./check/mount.ts";
import { PROOF_SCRIPT } from "./check/proof-script.ts";
import { placesOf, Proof } from "./check/proof.tsx";
import { checkWords } from "./check/say.ts";
import { COMMON_HEADERS, pageHeaders } from "./content-policy.ts";
import { isDevice, visitorOf } from "./device.ts";
import { languageFor } from "./language.ts";
import { mobileconfig, MOBILECONFIG_TYPE } from "./mobileconfig.ts";
import type { DoorPlace, Problem, RootSource } from "./needs.ts";
import { mountPasskeys } from "./passkeys/mount.ts";
import type { PasskeyNeeds } from "./passkeys/needs.ts";
import { PASSKEY_OFFER } from "./passkeys/offer.tsx";
import { answerProblem } from "./problem.ts";
import { mountSignIn } from "./sign-in/mount.ts";
import type { SignInNeeds } from "./sign-in/needs.ts";
import { trustScript } from "./trust-script.ts";
import { welcomePage } from "./welcome/page.tsx";
import { WELCOME_SCRIPT } from "./welcome/script.ts";

export interface PortalOptions {
  readonly root: RootSource;
  /** Where the door is at this moment. */
  readonly place: () => DoorPlace;
  readonly version: string;
  readonly log: Log;
  /** For /check; without it there is no such page. */
  readonly check?: CheckNeeds;
  /** For pairing and signing in; without it nobody is let in here. */
  readonly signIn?: SignInNeeds | undefined;
  /** For passkeys beside it. */
  readonly passkeys?: PasskeyNeeds | undefined;
}

interface PortalEnv {
  readonly Bindings: { readonly met?: Met };
}

export interface Portal {
  fetch(request: Request, env?: { readonly met?: Met }): Response | Promise<Response>;
}

export function createPortal(options: PortalOptions): Portal {
  const { root, version, log } = options;
  const app = new Hono();
  // First: they take reports and forms.
  if (options.check) mountCheck(app, options.check);
  if (options.signIn) mountHousehold(app, options, options.signIn);
  app.use(async ({ req }, next) => {
    if (req.raw.method === "GET" || req.raw.method === "HEAD") return next();
    const refused = respond({ status: 405, code: "PORTAL_READ_ONLY", blame: "visitor" }, req.raw);
    refused.headers.set("allow", "GET, HEAD");
    return refused;
  });
  app.route("/", firstPage(options));
  // No file name is forced on /root.crt: iOS offers to install it only when it is not a download.
  app.get("/root.crt", () => file(Uint8Array.from(root.der), "application/x-x509-ca-cert"));
  app.get("/root.pem", () => {
    const answer = file(root.pem, "application/x-pem-file");
    answer.headers.set("content-disposition", 'attachment; filename="genkan-root.pem"');
    return answer;
  });
  app.get("/genkan.mobileconfig", () => file(mobileconfig(root), MOBILECONFIG_TYPE));
  app.get("/trust.sh", () => file(trustScript(root), "text/plain; charset=utf-8"));
  app.get("/.well-known/genkan", () => {
    const facts = { name: "genkan", version, fingerprint: root.fingerprint256 };
    return file(`${JSON.stringify(facts)}\n`, "application/json");
  });
  app.notFound(({ req }) =>
    respond({ status: 404, code: "PORTAL_NO_SUCH_PAGE", blame: "visitor" }, req.raw),
  );
  app.onError((error, { req }) => {
    const id = randomBytes(4).toString("hex");
    log.error("portal.failed", { id, error });
    return respond({ status: 500, code: "PORTAL_FAILED", blame: "door", id }, req.raw);
  });
  return { fetch: (request, env = {}) => app.fetch(request, env) };
}

function firstPage(options: PortalOptions): Hono<PortalEnv> {
  return new Hono<PortalEnv>().get("/", ({ req, env }) => {
    const isSecure = env.met !== undefined; // of the plain port nothing is told
    return welcome(options, req, isSecure);
  });
}

/** What the household's devices see, and what makes them that. */
function mountHousehold(app: Hono, options: PortalOptions, signIn: SignInNeeds): void {
  const { passkeys, ...more } = options;
  const world = { ...more, ...signIn, ...(passkeys ? { passkeys: PASSKEY_OFFER } : {}) };
  mountSignIn(app, world);
  if (passkeys) mountPasskeys(app, world, passkeys);
}

const SCRIPT = `${WELCOME_SCRIPT}\n${PROOF_SCRIPT}`;

/** The page for the device that asks, or for the one its person chose. */
function welcome(options: PortalOptions, req: HonoRequest, isSecure: boolean): Response {
  const { root, place, version, check, signIn } = options;
  const seen = visitorOf(req.header("user-agent"));
  const chosen = req.query("device");
  const language = languageFor(req.query("lang"), req.header("accept-language"));
  const door = place();
  const places = placesOf(new URL(req.url), door.secureOrigin, check?.ports?.witness);
  const { doors, witness } = places;
  const page = welcomePage({
    root,
    place: door,
    version,
    visitor: isDevice(chosen) ? { ...seen, device: chosen } : seen,
    language,
    script: SCRIPT,
    pairs: signIn !== undefined,
    proof: (
      <Proof
        words={checkWords(language).proof}
        pairs={signIn === undefined ? "never" : isSecure ? "now" : "later"}
        {...places}
      />
    ),
  });
  return new Response(page, {
    headers: pageHeaders(SCRIPT, witness ? [...doors, witness] : doors),
  });
}

function file(body: string | Uint8Array<ArrayBuffer>, type: string): Response {
  return new Response(body, { headers: { ...COMMON_HEADERS, "content-type": type } });
}

function respond(problem: Problem, request: Request): Response {
  const { headers, body } = answerProblem(problem, request.headers.get("accept") ?? undefined);
  return new Response(body, { status: problem.status, headers });
}
