/*
 * Who asks the portal for what: the host it was asked under, the language, and the device, where its
 * session says so. Every route of sign-in begins here.
 */
import type { Context } from "hono";
import type { Role } from "../../model/admission.ts";
import { parseAuthority } from "../../model/hostname.ts";
import type { Met } from "../check/needs.ts";
import { type Language, languageFor } from "../language.ts";
import type { SignInWorld } from "./needs.ts";
import { EN } from "./words-en.tsx";
import { JA } from "./words-ja.tsx";
import type { SignInWords } from "./words.ts";

export interface SignInEnv {
  readonly Bindings: { readonly met?: Met };
}
export type SignInContext = Context<SignInEnv>;

export interface KnownDevice {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

export interface Visit {
  readonly context: SignInContext;
  readonly world: SignInWorld;
  /** The portal's host as it was asked for, in its one spelling. */
  readonly host: string;
  /** The door's port as the visitor sees it. */
  readonly port: number;
  /** The visitor's address. */
  readonly from: string;
  readonly words: SignInWords;
  /** Undefined for strangers. */
  readonly device: KnownDevice | undefined;
  readonly isStale: boolean;
}

const WORDS = { en: EN, ja: JA } as const;
const HTTPS_PORT = 443;
const STRANGER = { device: undefined, isStale: false } as const;

/** @param said what a form sent along; its language is the one its page was in. */
export function visitOf(context: SignInContext, world: SignInWorld, said?: URLSearchParams): Visit {
  const { req, env } = context;
  const { host, port } = placeOf(req.raw);
  const chosen = said?.get("lang") ?? req.query("lang");
  return {
    context,
    world,
    host,
    port,
    from: env.met?.from ?? "unknown",
    words: wordsIn(languageFor(chosen, req.header("accept-language"))),
    // Over plain http nobody is known: what comes that way came past no door of ours.
    ...(env.met
      ? identify(world, { host, cookies: cookiesOf(req.raw), address: env.met.from })
      : STRANGER),
  };
}

/** The host a request was sent to, in its one spelling, and the door's port as the visitor sees it. */
export function placeOf({ url }: Request): { readonly host: string; readonly port: number } {
  const asked = parseAuthority(new URL(url).host);
  return { host: asked?.host ?? "", port: asked?.port ?? HTTPS_PORT };
}

export function wordsIn(language: Language): SignInWords {
  return WORDS[language];
}

function identify(
  { access }: SignInWorld,
  shown: { readonly host: string; readonly cookies: readonly string[]; readonly address: string },
): Pick<Visit, "device" | "isStale"> {
  // Programs have no business here: a token opens apps, and changes nothing at the door.
  const { visitor, isStale } = access.gate.identify({ ...shown, authorization: undefined });
  if (visitor.is !== "device") return STRANGER;
  const { id, name, role } = visitor;
  return { device: { id, name, role }, isStale };
}

/** `Cookie` fields; those that came in pieces (RFC 9113 section 8.2.3) were joined on the way here. */
export function cookiesOf({ headers }: Request): readonly string[] {
  const field = headers.get("cookie");
  return field === null ? [] : [field];
}

/** An answer with a new token for a session that is old, where there is one. */
export async function renewed(
  { context, world, host, isStale }: Visit,
  answer: Response,
): Promise<Response> {
  const token = isStale ? world.cookies.sessionIn(cookiesOf(context.req.raw)) : undefined;
  if (token === undefined || answer.headers.has("set-cookie")) return answer;
  try {
    const next = await world.access.renew(token, host);
    if (next !== undefined) answer.headers.append("set-cookie", world.cookies.session(next));
  } catch (why) {
    world.log.warn("session.not-renewed", { why }); // the old one stays good; the next page tries again
  }
  return answer;
}
