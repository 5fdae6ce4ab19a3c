/*
 * What the door answers below `/.genkan/` at the hosts of apps, where no app is ever asked: taking a
 * session for the portal's code, and signing out of this one app. Called by pages.ts.
 */
import { randomBytes } from "node:crypto";
import { GenkanError } from "../../kernel/errors.ts";
import { portalNear } from "../../model/plan.ts";
import type { Met } from "../check/needs.ts";
import { languageFor } from "../language.ts";
import type { Problem } from "../needs.ts";
import { notLetInPage, signedOutPage } from "./at-app-page.tsx";
import { page, readForm, refusal, seeOther } from "./answers.ts";
import type { SignInNeeds, SignInWorld } from "./needs.ts";
import { authorityOf, isPath } from "./target.ts";
import { cookiesOf, placeOf, wordsIn } from "./visit.ts";
import type { SignInWords } from "./words.ts";

export type MetAtApp = Met & {
  /** The app's host in its one spelling. */
  readonly host: string;
};

interface AtApp {
  readonly request: Request;
  readonly world: SignInWorld;
  readonly host: string;
  /** The visitor's address. */
  readonly from: string;
  /** `https://openhands.local`, as the visitor has it in the address bar. */
  readonly origin: string;
  readonly words: SignInWords;
}

export interface AtAppOptions extends Omit<SignInWorld, keyof SignInNeeds> {
  readonly signIn?: SignInNeeds | undefined;
}

/** @returns what answers such a request; never rejects. */
export function createAtApp(
  options: AtAppOptions,
): (request: Request, met: MetAtApp | undefined) => Promise<Response> {
  const { signIn, log } = options;
  const world = signIn && { ...options, ...signIn };
  return async (request, met) => {
    if (!world || !met) {
      return refusal(request, { status: 503, code: "DOOR_CLOSED", blame: "door" });
    }
    try {
      return await answerAtApp(request, met, world);
    } catch (error) {
      const id = randomBytes(4).toString("hex");
      log.error("page.failed", { id, error });
      return refusal(request, { status: 500, code: "PORTAL_FAILED", blame: "door", id });
    }
  };
}

function answerAtApp(
  request: Request,
  { host, from }: MetAtApp,
  world: SignInWorld,
): Response | Promise<Response> {
  const { pathname } = new URL(request.url);
  const { port } = placeOf(request);
  const words = wordsIn(
    languageFor(undefined, request.headers.get("accept-language") ?? undefined),
  );
  const origin = `https://${authorityOf(host, port)}`;
  const at = { request, world, host, from, origin, words };
  switch (`${request.method} ${pathname}`) {
    case "GET /.genkan/enter":
      return enterApp(at);
    case "POST /.genkan/sign-out":
      return leaveApp(at);
    case "GET /.genkan/signed-out":
      return page(signedOutPage(words, placesOf(at)));
    default:
      return refusal(request, NOTHING_THERE);
  }
}

const NOTHING_THERE: Problem = { status: 404, code: "DOOR_NO_SUCH_PAGE", blame: "visitor" };

/** A code is taken once; who reloads, or comes back through the history, has a session by then. */
async function enterApp(at: AtApp): Promise<Response> {
  const { request, world, host, origin, words } = at;
  const { access, cookies } = world;
  const { searchParams } = new URL(request.url);
  const path = searchParams.get("path");
  if (!isPath(path)) {
    return refusal(request, { status: 400, code: "PORTAL_NO_SUCH_WAY", blame: "visitor" });
  }
  if (deviceAt(at) !== undefined) return seeOther(origin + path);
  const nonce = cookies.nonceIn(cookiesOf(request));
  const code = searchParams.get("code") ?? "";
  try {
    const token = nonce === undefined ? undefined : await access.takeOver(code, { host, nonce });
    if (token === undefined) {
      return page(notLetInPage(words, { version: world.version, again: path }), 403);
    }
    return seeOther(origin + path, [cookies.session(token), cookies.noNonce]);
  } catch (thrown) {
    return notKept(at, thrown);
  }
}

async function leaveApp(at: AtApp): Promise<Response> {
  const { request, world, host, origin } = at;
  const form = await readForm(request);
  if (form instanceof Response) return form;
  const device = deviceAt(at);
  try {
    if (device !== undefined) await world.access.signOut(device, host);
  } catch (thrown) {
    return notKept(at, thrown);
  }
  return seeOther(`${origin}/.genkan/signed-out`, [world.cookies.noSession]);
}

function deviceAt({ request, world, host, from }: AtApp): string | undefined {
  const cookies = cookiesOf(request);
  const shown = { host, cookies, authorization: undefined, address: from };
  const { visitor } = world.access.gate.identify(shown);
  return visitor.is === "device" ? visitor.id : undefined;
}

function notKept({ request, world, host }: AtApp, thrown: unknown): Response {
  if (!(thrown instanceof GenkanError)) throw thrown;
  world.log.error("session.not-kept", { host, code: thrown.code, why: thrown.message });
  return refusal(request, { status: 503, code: "DOOR_NOT_KEPT", blame: "door" });
}

function placesOf({ request, world, host }: AtApp) {
  const plan = world.plan();
  const route = plan?.routes.get(host);
  const { port } = placeOf(request);
  return {
    version: world.version,
    app: route?.kind === "app" ? route.app.name : host,
    portal: plan && `https://${authorityOf(portalNear(plan, host), port)}`,
  };
}
