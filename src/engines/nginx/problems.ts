/*
 * What nginx knows of a failure -> what the visitor is told, in the words and codes of the built-in engine.
 */
import type { PlannedApp } from "../../model/plan.ts";
import type { Problem } from "../needs.ts";
import type { Upstream } from "../../model/target.ts";
import { whyUnreachable } from "./why.ts";

export interface NginxFailure {
  /** The status nginx would answer with. */
  readonly status: number;
  /** Whether it was refused because of `limit_conn`. */
  readonly isBusy: boolean;
  /** `$upstream_bytes_sent` and `$upstream_bytes_received`: one number per attempt. */
  readonly sent: string;
  readonly received: string;
  /** Whose it was. */
  readonly app: Pick<PlannedApp, "upstream" | "access"> | undefined;
  readonly trusted: readonly string[];
}

type Refusal = Pick<Problem, "status" | "code" | "blame" | "why">;

/** What the maps and nginx itself refuse. */
const REFUSALS: Readonly<Record<number, Omit<Refusal, "status">>> = {
  403: {
    code: "DOOR_FOREIGN_ORIGIN",
    blame: "visitor",
    why: "another site asked for it in the visitor's name",
  },
  405: { code: "DOOR_METHOD_REFUSED", blame: "visitor", why: "the door does not take the method" },
  421: {
    code: "DOOR_UNKNOWN_HOST",
    blame: "visitor",
    why: "no such name, or a connection made for another one",
  },
  508: {
    code: "DOOR_LOOP",
    blame: "door",
    why: "the request has come through this door before",
  },
};

const BUSY = {
  status: 503,
  code: "DOOR_BUSY",
  blame: "visitor",
  why: "too many requests at once from one address",
} as const;
const CLOSED = {
  status: 503,
  code: "DOOR_CLOSED",
  blame: "door",
  why: "the gate did not answer",
} as const;

export async function refusalOf(failure: NginxFailure): Promise<Refusal> {
  const { status, isBusy, app: asked } = failure;
  const known = REFUSALS[status];
  if (known) return { status, ...known };
  if (isBusy) return BUSY;
  if (status === 503 && asked && asked.access !== "open") return CLOSED;
  if (asked && (status === 502 || status === 504)) return failureOf(asked.upstream, failure);
  return { status, code: "DOOR_ERROR", blame: "door", why: "nginx gave up" };
}

async function failureOf(upstream: Upstream, failure: NginxFailure): Promise<Refusal> {
  const { status, sent, received, trusted } = failure;
  const app = { blame: "app" } as const;
  if (sumOf(sent) === 0) {
    return { ...app, status: 502, ...(await whyUnreachable(upstream, trusted)) };
  }
  if (status === 504) {
    return { ...app, status, code: "APP_SILENT", why: "the app did not answer" };
  }
  return sumOf(received) === 0
    ? { ...app, status, code: "APP_CLOSED", why: "the app closed the connection without an answer" }
    : { ...app, status, code: "APP_GARBAGE", why: "what the app answered is no HTTP" };
}

/** `0`, `-`, `120, 0`, `120 : 0`. */
function sumOf(numbers: string): number {
  return (numbers.match(/\d+/g) ?? []).reduce((sum, digits) => sum + Number(digits), 0);
}
