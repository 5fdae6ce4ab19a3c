/*
 * The gate as engines ask it. Access says who knocks and whether they may; here that becomes what an engine can do:
 * let in, or give an answer. Whatever goes wrong lets nobody in.
 */
import type { Access } from "../access/access.ts";
import { NONCE_COOKIE, nonceCookie, ownCookie, sessionCookie } from "../access/cookies.ts";
import { SESSION_COOKIE } from "../model/own-fields.ts";
import type { Answered } from "../access/gate.ts";
import { identityHeaders } from "../access/identity.ts";
import { hashOf, newSecret } from "../access/secrets.ts";
import { IDLE_LIMIT } from "../access/sessions.ts";
import type { Admission, Gate, Knock, Pages } from "../engines/needs.ts";
import type { Log } from "../kernel/log.ts";
import { kindOf } from "../model/admission.ts";
import { isPath } from "../portal/sign-in/target.ts";
import { createRefusals, type Refusals } from "./refusals.ts";

export interface AdmissionNeeds {
  /** Undefined where what is kept of who may come in cannot be read. */
  readonly access: Pick<Access, "gate" | "audit" | "renew" | "onEnd"> | undefined;
  readonly problem: Pages["problem"];
  /** The portal's host for visitors of this one. */
  readonly portalNear: (host: string) => string;
  readonly steadyNow: () => number;
  readonly log: Log;
}

export function createGate(needs: AdmissionNeeds): Gate {
  const { access, log } = needs;
  const world: World = { ...needs, refusals: createRefusals(needs) };
  return {
    judge(knock) {
      try {
        return judge(world, knock);
      } catch (why) {
        log.error("gate.failed", { why });
        return BARE;
      }
    },
    onEnd: (listener) => access?.onEnd(listener) ?? (() => undefined),
  };
}

interface World extends AdmissionNeeds {
  readonly refusals: Refusals;
}

/** For when not even a page can be made. */
const BARE: Admission = {
  is: "answer",
  status: 503,
  headers: { "cache-control": "no-store" },
  body: "",
  why: "closed",
};

function judge(world: World, knock: Knock): Admission {
  const { access } = world;
  if (!access) return answer(world, knock, CLOSED);
  const { app, target } = knock;
  const query = target.indexOf("?");
  const answered = access.gate.answer({
    app: app.name,
    access: app.access,
    openPaths: app.openPaths,
    method: knock.method,
    path: query === -1 ? target : target.slice(0, query),
    host: knock.host,
    address: knock.address,
    cookies: knock.cookies,
    authorization: knock.authorization,
    isWebSocket: knock.isWebSocket,
    fetchMode: knock.fetchMode,
    fetchDest: knock.fetchDest,
    accept: knock.accept,
  });
  const { verdict } = answered;
  switch (verdict.is) {
    case "let-in":
      return letIn({ ...world, access }, knock, answered);
    case "to-portal":
      return verdict.isUnsent ? answer(world, knock, SIGN_IN) : toPortal(world, knock);
    case "sign-in-needed":
      return answer(world, knock, SIGN_IN);
    case "refused":
      return answer(world, knock, verdict.why === "owners-only" ? OWNERS_ONLY : OTHER_APP);
    case "closed":
      return answer(world, knock, CLOSED);
  }
}

type Renewing = Pick<World, "log"> & { readonly access: Pick<Access, "renew"> };

function letIn(world: Renewing, knock: Knock, { visitor, isStale }: Answered): Admission {
  const isRenewed = isStale && kindOf(knock) === "navigation";
  return {
    is: "let-in",
    identity: identityHeaders(visitor),
    device: visitor.is === "nobody" ? undefined : visitor.id,
    renew: isRenewed ? () => renewed(world, knock) : undefined,
  };
}

/** Only where a page is answered: of requests that run side by side, one brings the new token. */
async function renewed(
  { access, log }: Renewing,
  { cookies, host }: Knock,
): Promise<string | undefined> {
  const token = ownCookie(cookies, SESSION_COOKIE);
  try {
    const next = token === undefined ? undefined : await access.renew(token, host);
    return next === undefined ? undefined : sessionCookie(next, IDLE_LIMIT / 1000);
  } catch (why) {
    log.warn("session.not-renewed", { why }); // the old token stays good: there will be another page
    return undefined;
  }
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly blame: "visitor" | "door";
}

const SIGN_IN: Refusal = { status: 401, code: "DOOR_SIGN_IN_NEEDED", blame: "visitor" };
const OWNERS_ONLY: Refusal = { status: 403, code: "DOOR_OWNERS_ONLY", blame: "visitor" };
const OTHER_APP: Refusal = { status: 403, code: "DOOR_OTHER_APP", blame: "visitor" };
const CLOSED: Refusal = { status: 503, code: "DOOR_CLOSED", blame: "door" };

/** A page where a person's browser opens one, JSON for everything else, whatever it says that it takes. */
function answer(world: World, knock: Knock, refusal: Refusal): Admission {
  const { status, code } = refusal;
  world.refusals.note(knock, code);
  const accept = kindOf(knock) === "navigation" ? knock.accept : undefined;
  const about = { ...refusal, id: knock.id, method: knock.method };
  if (status !== 401) return { is: "answer", status, why: code, ...world.problem(about, accept) };
  const page = world.problem({ ...about, signIn: `https://${placeOf(knock)}/` }, accept);
  // RFC 9110 section 11.6.1; browsers ask nobody for a password because of this one.
  const headers = { ...page.headers, "www-authenticate": "Bearer" };
  return { is: "answer", status, why: code, headers, body: page.body };
}

/** Longest way back, in characters; what is longer, or may be none (`//a`), leads to the app's first page. */
const LONGEST_WAY_BACK = 4096;

/** Off to the portal; the nonce stays in this browser, and only its hash goes along. */
function toPortal({ portalNear }: World, knock: Knock): Admission {
  const { host, port, target, cookies } = knock;
  // Two pages opened at once share one, or the first to come back would find the other's.
  const nonce = ownCookie(cookies, NONCE_COOKIE) ?? newSecret();
  const path = target.length > LONGEST_WAY_BACK || !isPath(target) ? "/" : target;
  const way = new URLSearchParams({ to: placeOf(knock), n: hashOf(nonce), path });
  const location = `https://${placeOf({ host: portalNear(host), port: knock.portalPort ?? port })}/enter?${way.toString()}`;
  const headers = { location, "set-cookie": nonceCookie(nonce), "cache-control": "no-store" };
  return { is: "answer", status: 303, headers, body: "", why: "to-portal" };
}

const HTTPS_PORT = 443;

/** As a URL has it. */
function placeOf({ host, port }: Pick<Knock, "host" | "port">): string {
  return port === HTTPS_PORT ? host : `${host}:${port}`;
}
