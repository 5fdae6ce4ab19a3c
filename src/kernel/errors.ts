/*
 * A trouble a person can act on: a code, a sentence, the next command. Each feature keeps its
 * catalogue in its own errors.ts; cli/failure.ts and the portal render them. Anything thrown that
 * is not a GenkanError is our bug, and is shown as one.
 */

/** How the process ends: 0 done, 1 failed or "no", 2 wrong usage. */
export type ExitCode = 1 | 2;

export interface Trouble {
  /** Stable for ever, `AREA_WHAT`; listed in docs/errors.md. */
  readonly code: string;
  readonly message: string;
  /** The next thing to do, an imperative that can be pasted where it is a command. */
  readonly fix: string;
  readonly exit?: ExitCode;
}

export class GenkanError extends Error {
  override readonly name: string = "GenkanError";
  readonly code: string;
  readonly fix: string;
  readonly exit: ExitCode;

  constructor(trouble: Trouble, options?: ErrorOptions) {
    super(trouble.message, options);
    this.code = trouble.code;
    this.fix = trouble.fix;
    this.exit = trouble.exit ?? 1;
  }
}

/** One row of a feature's catalogue. `P` names the values the sentences need. */
export interface ErrorSpec<P> {
  readonly says: (p: P) => string;
  readonly fix: (p: P) => string;
  readonly exit?: ExitCode;
}

/** An error whose sentences need no values leaves its row of `P` unknown; it is made with `{}`. */
type Makers<P> = {
  readonly [K in keyof P]: (params: P[K], options?: ErrorOptions) => GenkanError;
};

/**
 * Turns a catalogue into functions that make its errors: `throw pkiErrors.PKI_OUT_OF_SCOPE({ name })`.
 * The code is the key, so a code exists once and its words live beside it.
 */
export function defineErrors<P>(catalogue: {
  readonly [K in keyof P]: ErrorSpec<P[K]>;
}): Makers<P> {
  const maker =
    <K extends keyof P & string>(code: K, spec: ErrorSpec<P[K]>) =>
    (params: P[K], options?: ErrorOptions): GenkanError =>
      new GenkanError(
        { code, message: spec.says(params), fix: spec.fix(params), exit: spec.exit ?? 1 },
        options,
      );
  const codes = Object.keys(catalogue) as (keyof P & string)[];
  const makers = codes.map((code) => [code, maker(code, catalogue[code])] as const);
  return Object.fromEntries(makers) as unknown as Makers<P>; // every key of P was just given its maker
}

/** The system's error code (`ENOENT`, `EADDRINUSE`, ...) of something that was thrown, if it has one. */
export function codeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== "object" || thrown === null || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}

/** What was thrown, as a sentence for a log or a `cause` line. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
