/*
 * What nginx knows of a failure -> what the visitor is told, in the words and codes of the built-in engine.
 */
import type { Upstream } from "../../model/target.ts";
import type { Problem } from "../needs.ts";
import { whyUnreachable } from "./why.ts";

export interface NginxFailure {
  /** The status nginx would answer with. */
  readonly status: number;
  /** `$upstream_bytes_sent` and `$upstream_bytes_received`: one number per attempt. */
  readonly sent: string;
  readonly received: string;
  readonly upstream: Upstream | undefined;
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
  503: {
    code: "DOOR_BUSY",
    blame: "visitor",
    why: "too many requests at once from one address",
  },
  508: {
    code: "DOOR_LOOP",
    blame: "door",
    why: "the request has come through this door before",
  },
};

export async function refusalOf(failure: NginxFailure): Promise<Refusal> {
  const { status, sent, received, upstream, trusted } = failure;
  const known = REFUSALS[status];
  if (known) return { status, ...known };
  if (!upstream || (status !== 502 && status !== 504)) {
    return { status: 500, code: "DOOR_ERROR", blame: "door", why: `nginx gave up with ${status}` };
  }
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
