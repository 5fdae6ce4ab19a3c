/*
 * Sessions: sessions.json. One for each device and host, found by the hash of its token; a token
 * that is old is given anew, and the old one goes once the new one was seen.
 */
import { hashOf, newSecret } from "./secrets.ts";
import { type Change, is, openRows, type Rows, rowChecker } from "./rows.ts";

/** All times are milliseconds since the epoch, by the wall clock. */
export interface Session {
  readonly device: string;
  readonly host: string;
  /** SHA-256 of the token. */
  readonly hash: string;
  /** When the device signed in here: the limit for all of it counts from then. */
  readonly begunAt: number;
  /** When the token was made. */
  readonly issuedAt: number;
  readonly seenAt: number;
  /** The token before this one, good until `previousUntil`, or while that is null: until the new one is seen. */
  readonly previous: string | null;
  readonly previousUntil: number | null;
}

export interface Sessions {
  /** Begins one, in place of what the device had at this host. @returns the token. @throws FILE_NOT_WRITABLE */
  begin(device: string, host: string): Promise<string>;
  /** The session a token belongs to at this host, and now; notes that it was seen. Takes the same time however many there are. */
  find(token: string, host: string): Session | undefined;
  /** Whether a device is signed in anywhere. */
  isSignedIn(device: string): boolean;
  /** Whether the token is old enough to be given anew. */
  isStale(session: Session): boolean;
  /**
   * A new token in place of a stale one; undefined where this one is not stale, has ended meanwhile, or is being
   * renewed already: of two answers on their way only one may carry a new token. @throws FILE_NOT_WRITABLE
   */
  rotate(token: string, host: string): Promise<string | undefined>;
  /** @throws FILE_NOT_WRITABLE */
  endAll(device: string): Promise<void>;
  /** Signs a device out at one host. @throws FILE_NOT_WRITABLE */
  end(device: string, host: string): Promise<void>;
  /**
   * Takes away what is over, and what belongs to no device: pairing that was cut off in the middle. Where all is
   * over at once it is more likely the clock that is wrong, and nothing goes. @throws FILE_NOT_WRITABLE
   */
  sweep(isDevice: (id: string) => boolean): Promise<void>;
  count(): number;
  /** @throws FILE_NOT_WRITABLE */
  flush(): Promise<void>;
}

const DAY = 24 * 3600 * 1000;
/** Milliseconds without a visit, and from sign-in on, after which a session ends. */
export const IDLE_LIMIT = 60 * DAY;
export const WHOLE_LIMIT = 365 * DAY;
/** Milliseconds after which a token is given anew. */
export const ROTATE_AFTER = 7 * DAY;
/** Milliseconds an old token is good for after the new one was seen: requests that were on their way. */
const GRACE = 60_000;
/** Milliseconds: how exact `seenAt` is. */
const SEEN_EVERY = 60_000;
export const MOST_SESSIONS = 10_000;

const isSession = rowChecker<Session>({
  device: is.text,
  host: is.text,
  hash: is.text,
  begunAt: is.time,
  issuedAt: is.time,
  seenAt: is.time,
  previous: (value): value is string | null => value === null || is.text(value),
  previousUntil: is.timeOrNull,
});

const keyOf = ({ device, host }: Pick<Session, "device" | "host">): string => `${device} ${host}`;

/** @throws as openRows */
export async function openSessions(path: string, now: () => number): Promise<Sessions> {
  const index = createIndex();
  const rows = await openRows<Session>({ path, keyOf, isRow: isSession, onChange: index.follow });
  index.follow({ put: [...rows.all().values()] }, new Map());
  const isStale = ({ issuedAt }: Session): boolean => now() - issuedAt > ROTATE_AFTER;

  function find(token: string, host: string): Session | undefined {
    const hash = hashOf(token);
    const session = rows.get(index.keyOf(hash) ?? "");
    if (!session || session.host !== host) return undefined;
    const at = now();
    if (!isGood(session, hash, at)) return undefined;
    return noteSeen(rows, session, { at, isNew: hash === session.hash });
  }
  const renew = createRenewal(rows, now);
  return {
    find,
    async begin(device, host) {
      const token = newSecret();
      const at = now();
      const times = { begunAt: at, issuedAt: at, seenAt: at };
      const session = { device, host, hash: hashOf(token), ...times, ...NO_PREVIOUS };
      await rows.change({ put: [session], drop: surplus(rows.all(), keyOf(session)) });
      return token;
    },
    isSignedIn: (device) =>
      [...rows.all().values()].some((one) => one.device === device && isGood(one, one.hash, now())),
    isStale,
    async rotate(token, host) {
      const session = find(token, host);
      return session && isStale(session) ? renew(session, hashOf(token)) : undefined;
    },
    endAll: (device) => rows.change({ drop: keysOf(rows.all(), device) }),
    end: (device, host) => rows.change({ drop: [keyOf({ device, host })] }),
    async sweep(isDevice) {
      const at = now();
      const isClockSound = [...rows.all().values()].some((one) => isWithinLimits(one, at));
      const isKept = (session: Session): boolean =>
        isDevice(session.device) && (!isClockSound || isWithinLimits(session, at));
      const drop = [...rows.all()].flatMap(([key, session]) => (isKept(session) ? [] : [key]));
      if (drop.length > 0) await rows.change({ drop });
    },
    count: () => rows.all().size,
    flush: () => rows.flush(),
  };
}

interface Index {
  keyOf(hash: string): string | undefined;
  readonly follow: (change: Change<Session>, before: ReadonlyMap<string, Session>) => void;
}

/** From the hash of a token, the present or the previous one, to its session. */
function createIndex(): Index {
  const keys = new Map<string, string>();
  const hashesOf = ({ hash, previous }: Session): string[] =>
    previous === null ? [hash] : [hash, previous];
  const forget = (session: Session | undefined): void => {
    for (const hash of session ? hashesOf(session) : []) keys.delete(hash);
  };
  return {
    keyOf: (hash) => keys.get(hash),
    follow: ({ put = [], drop = [] }, before) => {
      for (const key of drop) forget(before.get(key));
      for (const session of put) {
        forget(before.get(keyOf(session)));
        for (const hash of hashesOf(session)) keys.set(hash, keyOf(session));
      }
    },
  };
}

/**
 * Gives a session a new token; undefined where that is under way, or the session has ended.
 * @param shown the hash of the token that was shown: be it the newest or not, it becomes the previous one, for the
 *   newest may never have arrived.
 */
function createRenewal(rows: Rows<Session>, now: () => number) {
  const renewing = new Set<string>();
  return async (session: Session, shown: string): Promise<string | undefined> => {
    const key = keyOf(session);
    if (renewing.has(key)) return undefined;
    renewing.add(key);
    const next = newSecret();
    const previous = { previous: shown, previousUntil: null };
    const renewed = { hash: hashOf(next), issuedAt: now(), ...previous };
    let isThere = false;
    const written = rows.change(() => {
      const current = rows.get(key);
      if (current?.hash !== session.hash) return {}; // ended meanwhile, or begun anew
      isThere = true;
      return { put: [{ ...current, ...renewed }] };
    });
    await written.finally(() => renewing.delete(key));
    return isThere ? next : undefined;
  };
}

const NO_PREVIOUS = { previous: null, previousUntil: null } as const;

/** A clock that was set back makes ages negative: that is no age, and nothing ends by it. */
function isWithinLimits({ seenAt, begunAt }: Session, now: number): boolean {
  return now - seenAt <= IDLE_LIMIT && now - begunAt <= WHOLE_LIMIT;
}

function isGood(session: Session, hash: string, now: number): boolean {
  if (!isWithinLimits(session, now)) return false;
  if (hash === session.hash) return true;
  return session.previousUntil === null || now < session.previousUntil;
}

function noteSeen(
  rows: Rows<Session>,
  session: Session,
  { at, isNew }: { readonly at: number; readonly isNew: boolean },
): Session {
  const endsPrevious = isNew && session.previous !== null && session.previousUntil === null;
  if (!endsPrevious && at - session.seenAt < SEEN_EVERY) return session;
  const seen = {
    ...session,
    seenAt: Math.max(session.seenAt, at),
    previousUntil: endsPrevious ? at + GRACE : session.previousUntil,
  };
  rows.note(keyOf(session), seen);
  return seen;
}

function keysOf(rows: ReadonlyMap<string, Session>, device: string): string[] {
  return [...rows].flatMap(([key, session]) => (session.device === device ? [key] : []));
}

/** Where there is no room, the one that was not seen for longest makes it. */
function surplus(rows: ReadonlyMap<string, Session>, key: string): string[] {
  if (rows.has(key) || rows.size < MOST_SESSIONS) return [];
  const oldest = [...rows].reduce((a, b) => (b[1].seenAt < a[1].seenAt ? b : a));
  return [oldest[0]];
}
