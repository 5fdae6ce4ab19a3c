/*
 * Passes on answers that may name ports of sandboxes, with the door's own ports named instead. Whatever cannot be
 * read passes as it came: nothing the app says fails because the door looked at it. Called by forward.ts.
 */
import { messageOf } from "../../../kernel/errors.ts";
import type { PlannedApp } from "../../../model/plan.ts";
import type { AnswerRewriter, AskedAnswer } from "../../needs.ts";
import type { Door } from "../door.ts";
import type { Exchange } from "../exchange.ts";
import { tokensOf, valuesOf } from "../fields.ts";
import { relay } from "../stream.ts";
import type { RawHeaders, UpstreamResponse } from "../upstream/upstream.ts";
import { unpackerOf } from "./content-codings.ts";
import { bodyOf, gather } from "./gather.ts";
import { asUtf8, isJson, otherCharset } from "./json-text.ts";
import { rewritten, unpromised } from "./new-head.ts";

export interface Rewriting {
  readonly exchange: Exchange;
  readonly app: PlannedApp;
  readonly rewriter: AnswerRewriter;
  readonly log: Door["log"];
}

/** Without content, or with a part of it only (RFC 9110 section 15.3, RFC 3229 section 10.4.1). */
const NOTHING_WHOLE = new Set([204, 205, 206, 226]);

/**
 * As relay, for an answer that may name ports of sandboxes.
 * @param ours what the door adds to its head.
 * @throws UpstreamFailureError where the app broke off within the content.
 */
export async function relayRewritten(
  answer: UpstreamResponse,
  rewriting: Rewriting,
  ours: RawHeaders,
): Promise<void> {
  const { visitor, method } = rewriting.exchange;
  if (!hasWholeJson(answer)) return relay(answer, visitor, ours);
  if (method === "HEAD") return relay(unpromised(answer), visitor, ours);
  const visible = await readAndRewritten(answer, rewriting);
  return visitor.signal.aborted ? undefined : relay(visible, visitor, ours);
}

function hasWholeJson({ status, headers }: UpstreamResponse): boolean {
  return status >= 200 && status < 300 && !NOTHING_WHOLE.has(status) && isJson(headers);
}

async function readAndRewritten(
  answer: UpstreamResponse,
  rewriting: Rewriting,
): Promise<UpstreamResponse> {
  const { app, rewriter, exchange, log } = rewriting;
  const { same, text, why } = await readText(answer, rewriter.limit);
  if (text) {
    const anew = await rewriter.rewrite(app, askedBy(exchange), text);
    return anew ? rewritten(answer, anew, otherCharset(answer.headers) && typeOf(answer)) : same;
  }
  // The app works as it would without the door's help; its sandboxes are where no browser finds them.
  log.warn("answer.untouched", { id: exchange.id, app: app.name, why });
  return same;
}

interface Read {
  /** The answer as it came, to be passed on as if nobody had read it. */
  readonly same: UpstreamResponse;
  readonly text?: Buffer;
  readonly why?: string;
}

async function readText(answer: UpstreamResponse, limit: number): Promise<Read> {
  const { headers, body, length = 0 } = answer;
  const unpack = unpackerOf(tokensOf(headers, "content-encoding"));
  if (typeof unpack === "string") return { same: answer, why: unpack };
  const parts = length > limit ? undefined : await gather(body, limit);
  if (!parts) return { same: answer, why: `it is longer than ${limit} bytes` };
  const packed = joined(parts, body);
  const same = { ...answer, body: bodyOf([packed]) };
  const content = await unpack(packed, limit).catch(messageOf);
  if (typeof content === "string") return { same, why: content };
  const text = asUtf8(content, otherCharset(headers));
  const isFit = text !== undefined && text.length <= limit;
  return isFit ? { same, text } : { same, why: "it is not written as it says, or too long" };
}

/** Most answers come in one part, which need not be copied; the memory of many is read into again. */
function joined(parts: readonly Buffer[], body: UpstreamResponse["body"]): Buffer {
  const [only, ...more] = parts;
  if (only && more.length === 0) return only;
  const whole = Buffer.concat(parts);
  for (const part of parts) body.passedOn?.(part);
  return whole;
}

function askedBy({ path, host, port }: Exchange): AskedAnswer {
  return { path: path.replace(/\?.*$/s, ""), host, port };
}

/** Its kind of JSON, written in UTF-8 now. */
function typeOf({ headers }: UpstreamResponse): string {
  const [type = ""] = valuesOf(headers, "content-type");
  return `${type.split(";")[0]?.trim()}; charset=utf-8`;
}
