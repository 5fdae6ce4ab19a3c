/*
 * Tokens for programs: tokens.json. Each is for certain apps, may end, and is kept as its hash.
 */
import { printable } from "../kernel/printable.ts";
import { TOKEN_PREFIX } from "../model/own-fields.ts";
import { accessErrors } from "./errors.ts";
import { hashOf, newId, newSecret } from "./secrets.ts";
import { is, openRows, rowChecker } from "./rows.ts";

/** All times are milliseconds since the epoch, by the wall clock. */
export interface Token {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the token. */
  readonly hash: string;
  /** Names of apps. */
  readonly apps: readonly string[];
  readonly madeAt: number;
  readonly lastSeen: number;
  readonly expires: number | null;
  /** It was seen to have ended. A clock that is set back does not bring it back. */
  readonly ended: boolean;
}

export interface Tokens {
  list(): readonly Token[];
  /**
   * @returns the token, which is shown this once.
   * @throws TOKEN_NAME_INVALID, TOKEN_NAME_TAKEN, ACCESS_FULL, FILE_NOT_WRITABLE
   */
  create(wish: {
    readonly name: string;
    readonly apps: readonly string[];
    readonly expires: number | null;
  }): Promise<string>;
  /** The row of a token that may be used now; notes that it was seen. */
  find(token: string): Token | undefined;
  /** @throws TOKEN_UNKNOWN, FILE_NOT_WRITABLE */
  remove(name: string): Promise<void>;
  /** @throws FILE_NOT_WRITABLE */
  flush(): Promise<void>;
}

const MOST_TOKENS = 1000;
const LONGEST_NAME = 60;
/** Milliseconds: how exact `lastSeen` is. */
const SEEN_EVERY = 60_000;

const isToken = rowChecker<Token>({
  id: is.text,
  name: is.text,
  hash: is.text,
  apps: is.texts,
  madeAt: is.time,
  lastSeen: is.time,
  expires: is.timeOrNull,
  ended: is.flag,
});

/** @throws as openRows */
export async function openTokens(path: string, now: () => number): Promise<Tokens> {
  const rows = await openRows<Token>({ path, keyOf: ({ hash }) => hash, isRow: isToken });
  const list = (): readonly Token[] => [...rows.all().values()];
  return {
    list,
    async create({ name, apps, expires }) {
      if (name === "" || printable(name, LONGEST_NAME) !== name) {
        throw accessErrors.TOKEN_NAME_INVALID({ name: JSON.stringify(printable(name)) });
      }
      if (list().some((token) => token.name === name)) {
        throw accessErrors.TOKEN_NAME_TAKEN({ name: JSON.stringify(name) });
      }
      if (rows.all().size >= MOST_TOKENS) {
        throw accessErrors.ACCESS_FULL({ what: "tokens", most: MOST_TOKENS });
      }
      const token = `${TOKEN_PREFIX}${newSecret()}`;
      const times = { madeAt: now(), lastSeen: now(), expires, ended: false };
      await rows.change({ put: [{ id: newId(), name, hash: hashOf(token), apps, ...times }] });
      return token;
    },
    find(text) {
      const token = text.startsWith(TOKEN_PREFIX) ? rows.get(hashOf(text)) : undefined;
      if (!token || token.ended) return undefined;
      const at = now();
      if (token.expires !== null && at >= token.expires) {
        rows.note(token.hash, { ...token, ended: true });
        return undefined;
      }
      if (at - token.lastSeen >= SEEN_EVERY) rows.note(token.hash, { ...token, lastSeen: at });
      return token;
    },
    async remove(name) {
      const token = list().find((one) => one.name === name);
      if (!token) throw accessErrors.TOKEN_UNKNOWN({ name: JSON.stringify(name) });
      await rows.change({ drop: [token.hash] });
    },
    flush: () => rows.flush(),
  };
}

/** The token of ours in `Authorization` (RFC 6750 section 2.1), or undefined: then the header is the app's. */
export function bearerOf(authorization: string | undefined): string | undefined {
  const token = /^bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
  return token?.startsWith(TOKEN_PREFIX) ? token : undefined;
}
