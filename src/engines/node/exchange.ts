/*
 * One request's facts in one object, from its arrival to its end. http1.ts and http2.ts make it, the
 * steps complete it, and nobody asks a socket again.
 */
import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import type { Route } from "../../model/plan.ts";
import type { DoorRequest, DoorResponse } from "../needs.ts";
import type { Alters } from "./alters.ts";
import type { Connection } from "./connection.ts";
import type { RawHeaders, UpstreamBody } from "./upstream/upstream.ts";
import type { Visitor } from "./visitor.ts";

/** `other`: Node's parser takes some versions that are none (HTTP/0.9, HTTP/2.0 in text); they are refused. */
export type Protocol = "http/1.0" | "http/1.1" | "h2" | "other";

/** What a protocol hands in. */
export interface Arrival {
  readonly protocol: Protocol;
  readonly method: string;
  /** The request target as sent: origin-form, absolute-form or `*`. */
  readonly target: string;
  /** `:authority` of HTTP/2, where there is one. */
  readonly pseudoAuthority: string | undefined;
  /** As sent, without pseudo-header fields. */
  readonly headers: RawHeaders;
  /** `tunnel`: extended CONNECT for something other than a WebSocket. */
  readonly asks: "answer" | "websocket" | "tunnel";
  readonly content: Content;
  readonly connection: Connection;
  readonly visitor: Visitor;
  /** The same request in Node's own form, for the pages. */
  readonly nodeForm: () => { request: DoorRequest; response: DoorResponse };
}

/** The content of a request, if it has any. */
interface Content {
  readonly stream: Readable;
  /** The head is all there is, unless framing fields say otherwise (HTTP/1.1 has no other way to say so). */
  readonly isAbsent: boolean;
  readonly trailers: () => RawHeaders;
  readonly expectContinue: boolean;
  /** Node does not parse it (behind an upgrade), so it cannot be passed on. */
  readonly isUnreadable: boolean;
}

export interface Exchange extends Arrival {
  /** Eight characters, on the page and in the log. */
  readonly id: string;
  /** Of performance.now(). */
  readonly startedAt: number;
  /** In one spelling; set by identify, like the next four. */
  host: string;
  /** Host and port as the visitor wrote them. */
  authority: string;
  port: number;
  /** Origin-form or `*`. */
  path: string;
  body: UpstreamBody | undefined;
  /** Set by findRoute. */
  route: Route | undefined;
  /** Fields that tell the app who asks; set by admit, like the next. */
  identity: Identity;
  /** Gives the `Set-Cookie` value that goes with the answer, if any. */
  renewal: Promise<string | undefined> | undefined;
  /** Set where the portal is at another port than this. */
  portalPort: number | undefined;
  /** Set where fields change more than for every app. */
  alters: Alters | undefined;
}

/** Names and values. */
type Identity = readonly (readonly [string, string])[];
const NOBODY: Identity = [];

export function createExchange(arrival: Arrival): Exchange {
  // Named one by one: a spread of so many costs as much as reading the request.
  return {
    protocol: arrival.protocol,
    method: arrival.method,
    target: arrival.target,
    pseudoAuthority: arrival.pseudoAuthority,
    headers: arrival.headers,
    asks: arrival.asks,
    content: arrival.content,
    connection: arrival.connection,
    visitor: arrival.visitor,
    nodeForm: arrival.nodeForm,
    id: randomUUID().slice(0, 8),
    startedAt: performance.now(),
    host: "",
    authority: "",
    port: 443,
    path: "",
    body: undefined,
    route: undefined,
    identity: NOBODY,
    renewal: undefined,
    portalPort: undefined,
    alters: undefined,
  };
}
