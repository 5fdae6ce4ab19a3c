/*
 * What the readiness probe needs of the world: a way to the app, through the door or straight to it. daemon/ hands it
 * in; everything else in this folder is knowledge of OpenHands alone.
 */

export interface Wish {
  readonly method?: "GET" | "POST" | "DELETE";
  /** With the query. */
  readonly path: string;
  /** `X-Session-API-Key`. */
  readonly key?: string | undefined;
  readonly cookie?: string | undefined;
  /** The body. */
  readonly json?: unknown;
  /** Milliseconds; 5 seconds unless told. */
  readonly patienceMs?: number;
}

export interface Heard {
  readonly status: number;
  /** The door's code, where the door itself answered. */
  readonly problem: string | undefined;
  readonly text: string;
  /** Undefined where it is no JSON. */
  readonly json: unknown;
  readonly location: string | undefined;
  /** `name=value` of each cookie that is set. */
  readonly cookies: readonly string[];
}

export interface Wire {
  /** @throws the system's or TLS's error; an Error for no answer in time. */
  ask(wish: Wish): Promise<Heard>;
  /** Opens a WebSocket, as the app's own page would. An aborted signal closes it. */
  dial(path: string, signal: AbortSignal): Promise<Dialled>;
}

export type Dialled =
  | { readonly is: "open"; readonly line: Line }
  | { readonly is: "refused"; readonly why: string };

export interface Line {
  /** The next frame, in order; `nothing` after so many milliseconds. */
  hear(patienceMs: number): Promise<Word>;
  say(text: string): void;
  close(): void;
}

export type Word =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "closed"; readonly code: number }
  | { readonly is: "nothing" };

/** What is at `name` in something that came as JSON; undefined for all else. */
export function field(json: unknown, name: string): unknown {
  if (typeof json !== "object" || json === null) return undefined;
  return Object.hasOwn(json, name) ? (json as Record<string, unknown>)[name] : undefined;
}

export function textField(json: unknown, name: string): string | undefined {
  const value = field(json, name);
  return typeof value === "string" ? value : undefined;
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}
