/*
 * What went wrong -> what the visitor is told. Pure: the place that throws knows nothing of status
 * codes, and nobody else decides one.
 */
import { messageOf } from "../../kernel/errors.ts";
import type { Problem } from "../needs.ts";
import {
  type FailureKind,
  UnsendableRequestError,
  UpstreamFailureError,
} from "./upstream/upstream.ts";

/** A problem before it has an id and an app. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly blame: Problem["blame"];
  /** Half a sentence. For the log always, on pages only with app troubles. */
  readonly why: string;
  /** The connection must not be used again: the request may not end where it seems to. */
  readonly close?: boolean;
}

export function badRequest(why: string): Refusal {
  return { status: 400, code: "DOOR_BAD_REQUEST", blame: "visitor", why, close: true };
}

export function unknownHost(why: string): Refusal {
  return { status: 421, code: "DOOR_UNKNOWN_HOST", blame: "visitor", why };
}

export function methodRefused(method: string): Refusal {
  const why = `the door does not take ${method}`;
  return { status: 405, code: "DOOR_METHOD_REFUSED", blame: "visitor", why, close: true };
}

/** RFC 8441 section 4 leaves the status to us; RFC 9220 shows 501. */
export function protocolRefused(): Refusal {
  const why = "the door carries no other protocol than WebSocket";
  return { status: 501, code: "DOOR_PROTOCOL_REFUSED", blame: "visitor", why };
}

/** @param phase whether the answer's head was already on its way. */
export function refusalFor(thrown: unknown, phase: "head" | "content"): Refusal | undefined {
  if (thrown instanceof UnsendableRequestError) return badRequest(thrown.message);
  if (thrown instanceof UpstreamFailureError) {
    if (thrown.kind === "aborted") return undefined; // the visitor left; nobody is to blame
    const code = phase === "content" ? "APP_BROKE_OFF" : CODES[thrown.kind];
    const status = thrown.kind === "silent" ? 504 : 502;
    return { status, code, blame: "app", why: thrown.message };
  }
  return { status: 500, code: "DOOR_ERROR", blame: "door", why: messageOf(thrown) };
}

const CODES: Record<Exclude<FailureKind, "aborted">, string> = {
  unreachable: "APP_UNREACHABLE",
  tls: "APP_TLS",
  closed: "APP_CLOSED",
  garbage: "APP_GARBAGE",
  silent: "APP_SILENT",
};
