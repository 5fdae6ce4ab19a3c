/*
 * What an app answered to one of our questions, and readers for it that believe nothing. Made by ask.ts, read by the
 * presets. Pure.
 */

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** At most ASK_LIMIT bytes of it; empty where it came packed. */
  readonly text: string;
}

/** The answers by path; a path nobody answered is missing. */
export type Answers = ReadonlyMap<string, Answer>;

/** What a JSON body says; undefined where it is none. */
export function jsonOf(answer: Answer | undefined): unknown {
  if (answer === undefined || !/^\s*["{[\d]/.test(answer.text)) return undefined;
  try {
    return JSON.parse(answer.text) as unknown;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

/** A value inside a JSON body, by the keys that lead there. */
export function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (found, key) => (Object.hasOwn(Object(found), key) ? Object(found)[key] : undefined),
    value,
  );
}

/** A version as it may be shown: digits and dots, and a short word behind; undefined for anything else. */
export function versionAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const text = valueAt(value, ...keys);
  const isVersion = typeof text === "string" && /^v?\d+(?:\.\d+){1,3}[\w.+-]{0,16}$/.test(text);
  return isVersion ? text.replace(/^v/, "") : undefined;
}
