/*
 * The gate in front of every app: who is it (session or token), and may they (model/admission.ts).
 * Synchronous, and one hash and one look-up in cost: engines ask it for every request. What goes wrong
 * in here lets nobody in.
 */
import type { Log } from "../kernel/log.ts";
import {
  admit,
  type Entry,
  type KindFacts,
  kindOf,
  type Verdict,
  type Visitor,
} from "../model/admission.ts";
import { isLoopback, isOwnMachinesName } from "../model/source.ts";
import { ownCookie } from "./cookies.ts";
import { SESSION_COOKIE } from "../model/own-fields.ts";
import type { Devices } from "./devices.ts";
import type { Sessions } from "./sessions.ts";
import { bearerOf, type Tokens } from "./tokens.ts";

/** What a request brings to say who sent it. */
export interface Credentials {
  /** The host the visitor asked for, in its one spelling. */
  readonly host: string;
  /** Every `Cookie` header. */
  readonly cookies: readonly string[];
  readonly authorization: string | undefined;
  /** Where it comes from, as the socket says. */
  readonly address: string;
}

export interface Identified {
  readonly visitor: Visitor;
  /** The session's token is old: give a new one when a page is answered (Access.renew). */
  readonly isStale: boolean;
  /** `Authorization` holds a token of ours, good or not: it never reaches the app. */
  readonly isTokenOurs: boolean;
}

/** A request for an app. */
export interface Knock extends Credentials, KindFacts {
  readonly app: string;
  readonly access: Entry["access"];
  readonly openPaths: Entry["openPaths"];
  readonly method: string;
  /** As the visitor sent it, encoded, without the query. */
  readonly path: string;
}

export interface Answered extends Identified {
  readonly verdict: Verdict;
}

export interface Gate {
  /** Who sent this; never throws. */
  identify(credentials: Credentials): Identified;
  /** Who sent this, and what becomes of it; notes that the device was here. Never throws. */
  answer(knock: Knock): Answered;
}

export interface GateParts {
  readonly devices: Pick<Devices, "alive" | "saw">;
  readonly sessions: Pick<Sessions, "find" | "isStale">;
  readonly tokens: Pick<Tokens, "find">;
  /** Whether this device was revoked in this very moment, whatever the files still say. */
  readonly isRevoked: (device: string) => boolean;
  readonly log: Log;
}

const NOBODY = { is: "nobody" } as const;
const STRANGER: Identified = { visitor: NOBODY, isStale: false, isTokenOurs: false };
const CLOSED: Answered = {
  verdict: { is: "closed" },
  visitor: NOBODY,
  isStale: false,
  isTokenOurs: true, // what it was could not be told: the app does not get it
};

export function createGate(parts: GateParts): Gate {
  const { devices, log } = parts;
  function answer(knock: Knock): Answered {
    const { visitor, isStale, isTokenOurs } = identify(parts, knock);
    if (visitor.is === "device") devices.saw(visitor.id, knock);
    // Field by field: copying whole objects was a third of what a request costs here.
    const { app, access, openPaths, method, path } = knock;
    const kind = kindOf(knock);
    const verdict = admit({ app, access, openPaths, visitor, method, path, kind });
    return { verdict, visitor, isStale, isTokenOurs };
  }
  return {
    identify: (credentials) => orElse(CLOSED, log, () => identify(parts, credentials)),
    answer: (knock) => orElse(CLOSED, log, () => answer(knock)),
  };
}

function orElse<T>(closed: T, log: Log, look: () => T): T {
  try {
    return look();
  } catch (why) {
    log.error("gate.failed", { why });
    return closed;
  }
}

/** A token that is shown counts, and a bad one is not made good by a cookie: whoever sent it meant it. */
function identify(parts: GateParts, credentials: Credentials): Identified {
  const { host, cookies, authorization, address } = credentials;
  const bearer = bearerOf(authorization);
  if (bearer !== undefined) {
    const token = parts.tokens.find(bearer);
    const visitor: Visitor = token
      ? { is: "program", id: token.id, name: token.name, apps: token.apps }
      : NOBODY;
    return { visitor, isStale: false, isTokenOurs: true };
  }
  // A browser shows the sessions it has below .localhost to whatever listens on a port of its machine, a container
  // included. Whoever got one that way comes from elsewhere.
  if (isOwnMachinesName(host) && !isLoopback(address)) return STRANGER;
  const cookie = ownCookie(cookies, SESSION_COOKIE);
  const session = cookie === undefined ? undefined : parts.sessions.find(cookie, host);
  const device = session && parts.devices.alive(session.device);
  if (!session || !device || parts.isRevoked(device.id)) {
    return STRANGER;
  }
  const { id, name, role } = device;
  const visitor: Visitor = { is: "device", id, name, role };
  return { visitor, isStale: parts.sessions.isStale(session), isTokenOurs: false };
}
