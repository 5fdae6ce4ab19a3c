/*
 * Which requests are answered with what may name ports of sandboxes, and how the app is asked then: for the whole
 * answer, as it is now, in a form that can be read. Pure; called by forward.ts.
 */
import { matchesPattern } from "../../../model/path-pattern.ts";
import type { SandboxRules } from "../../../model/plan.ts";
import type { Exchange } from "../exchange.ts";
import { without } from "../headers.ts";
import type { RawHeaders } from "../upstream/upstream.ts";

/** HEAD is told nothing of content that GET would not get. */
const ASK_FOR_ANSWERS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH"]);
const READ_ONLY = new Set(["GET", "HEAD"]);

/** Whether the answer to this request may name ports of the app's sandboxes. */
export function mayName({ method, path }: Exchange, { named }: SandboxRules): boolean {
  if (!ASK_FOR_ANSWERS.has(method)) return false;
  const query = path.indexOf("?");
  const bare = query === -1 ? path : path.slice(0, query);
  return named.some((pattern) => matchesPattern(pattern, bare));
}

/** Which codings the visitor reads does not matter: the door reads the answer, and packs nothing again. */
const FORM: ReadonlySet<string> = new Set(["accept-encoding"]);
/**
 * The visitor's copy, or its part of one, is of what the door made of an earlier answer. Where something is changed
 * these are conditions of the change (RFC 9110 section 13.1), and they stay.
 */
const FORM_AND_COPY: ReadonlySet<string> = new Set([
  ...FORM,
  "a-im",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "range",
]);

/** A request's fields as the app gets them where its answer is read by the door. */
export function askingWhole(fields: RawHeaders, method: string): string[] {
  const kept = without(fields, READ_ONLY.has(method) ? FORM_AND_COPY : FORM);
  return [...kept, "Accept-Encoding", "identity"];
}
