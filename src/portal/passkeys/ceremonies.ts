/*
 * The two ceremonies, each in two requests of a script: what to ask the browser for, and what it answered.
 * Only a device of the household adds a passkey; anybody may try to sign in, so often a minute.
 */
import { GenkanError } from "../../kernel/errors.ts";
import { sourceOf } from "../../model/source.ts";
import { createRate } from "../check/rate.ts";
import type { SignInWorld } from "../sign-in/needs.ts";
import { authorityOf } from "../sign-in/target.ts";
import {
  cookiesOf,
  type KnownDevice,
  type SignInContext,
  type Visit,
  visitOf,
} from "../sign-in/visit.ts";
import { browserOf } from "./browser.ts";
import { json, readJson } from "./json.ts";
import type { Answered, PasskeyNeeds, Place } from "./needs.ts";
import { passkeyWords } from "./offer.tsx";
import type { Refusal } from "./words.ts";

type Handler = (context: SignInContext) => Promise<Response>;
type Said = Readonly<Record<string, unknown>>;

export interface Ceremonies {
  readonly beginAdding: Handler;
  readonly add: Handler;
  readonly beginSignIn: Handler;
  readonly signIn: Handler;
}

/** Requests a minute, of one source and of all: a sign-in is two. */
const RATE = [20, 400] as const;

export function createCeremonies(world: SignInWorld, needs: PasskeyNeeds): Ceremonies {
  const { access, cookies } = needs;
  const rate = createRate(...RATE);
  const asStranger = (hold: (visit: Visit, said: Said) => Promise<Response>): Handler =>
    handler(world, (visit, said) =>
      rate.admit(sourceOf(visit.from), world.now()) ? hold(visit, said) : refused(visit, "busy"),
    );
  const asDevice = (hold: (asked: ByDevice) => Promise<Response>): Handler =>
    handler(world, (visit, said) =>
      visit.device ? hold({ visit, said, device: visit.device }) : refused(visit, "out"),
    );
  return {
    beginAdding: asDevice(async ({ visit, device }) => {
      const { options, key } = await access.beginAdding(device.id, placeOf(visit));
      return json(200, options, [cookies.key(key)]);
    }),
    add: asDevice(async ({ visit, said, device }) => {
      const name = typeof said["name"] === "string" ? said["name"] : "";
      const added = await access.add(device.id, answerIn(visit, said, needs), name);
      return added.is === "added" ? json(200, {}, [cookies.noKey]) : refused(visit, added.why);
    }),
    beginSignIn: asStranger(async (visit) => {
      const { options, key } = await access.beginSignIn(placeOf(visit));
      return json(200, options, [cookies.key(key)]);
    }),
    signIn: asStranger(async (visit, said) => {
      const browser = browserOf(visit.context.req.header("user-agent"));
      const signed = await access.signIn(answerIn(visit, said, needs), browser);
      if (signed.is === "refused") return refused(visit, signed.why);
      return json(200, {}, [world.cookies.session(signed.token), cookies.noKey]);
    }),
  };
}

interface ByDevice {
  readonly visit: Visit;
  readonly said: Said;
  readonly device: KnownDevice;
}

type Hold = (visit: Visit, said: Said) => Response | Promise<Response>;

/** Reads what was sent, and says what the door could not keep. */
function handler(world: SignInWorld, hold: Hold): Handler {
  return async (context) => {
    const said = await readJson(context.req.raw);
    if (said instanceof Response) return said;
    const visit = visitOf(context, world);
    try {
      return await hold(visit, said);
    } catch (thrown) {
      if (!(thrown instanceof GenkanError)) throw thrown;
      world.log.error("passkey.failed", { code: thrown.code, why: thrown.message });
      return json(503, { error: { code: thrown.code, message: thrown.message } });
    }
  };
}

const STATUS: Readonly<Record<Refusal, number>> = {
  late: 400,
  unproven: 403,
  known: 409,
  unknown: 403,
  stopped: 403,
  busy: 429,
  out: 401,
};

function refused({ words }: Visit, why: Refusal): Response {
  const message = passkeyWords(words.lang).refused[why];
  const code = `PASSKEY_${why.toUpperCase()}`;
  const answer = json(STATUS[why], { error: { code, message } });
  if (why === "busy") answer.headers.set("retry-after", "60");
  return answer;
}

function placeOf({ host, from }: Visit): Place {
  return { host, address: from };
}

/**
 * The origin has the door's port, not the one the visitor names: a server on another port of this machine may
 * ask browsers for the same passkeys, and pass on what it is answered.
 */
function answerIn(visit: Visit, { response }: Said, { cookies }: PasskeyNeeds): Answered {
  const { context, world, host } = visit;
  const port = Number(new URL(world.place().secureOrigin).port || 443);
  return {
    ...placeOf(visit),
    response,
    key: cookies.keyIn(cookiesOf(context.req.raw)),
    origin: `https://${authorityOf(host, port)}`,
  };
}
