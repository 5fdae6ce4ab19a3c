/*
 * The kinds of answers the pages of sign-in give, and what is read of their forms.
 */
import { isForeign } from "../../model/origin.ts";
import { COMMON_HEADERS, pageHeaders } from "../content-policy.ts";
import type { Problem } from "../needs.ts";
import { answerProblem } from "../problem.ts";
import type { Language } from "../language.ts";

/** A page with forms. @param script its one inline script. */
export function page(html: string, status = 200, script?: string): Response {
  return new Response(html, { status, headers: pageHeaders(script, [], "forms") });
}

/** On to an address with GET, whatever the method was (RFC 9110 section 15.4.4). */
export function seeOther(location: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ ...COMMON_HEADERS, location });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(undefined, { status: 303, headers });
}

export function refusal(request: Request, problem: Problem): Response {
  const { headers, body } = answerProblem(problem, request.headers.get("accept") ?? undefined);
  return new Response(body, { status: problem.status, headers });
}

/** An address of the portal's in the same language. */
export function pathTo(
  path: string,
  lang: Language,
  more: readonly [string, string][] = [],
): string {
  const query = new URLSearchParams([["lang", lang], ...more]);
  return `${path}?${query.toString()}`;
}

/** Bytes; the way back of somebody who signs in is the longest thing in a form. */
const LONGEST_FORM = 32 * 1024;

/**
 * What a form of ours sent (HTML, section 4.10.21.8), or the refusal of what is none. The engine has refused
 * other origins already; here it is asked again, since everything behind this changes who is let in.
 */
export async function readForm(request: Request): Promise<URLSearchParams | Response> {
  const { headers } = request;
  if (isFromElsewhere(request)) {
    return refusal(request, { status: 403, code: "DOOR_FOREIGN_ORIGIN", blame: "visitor" });
  }
  const length = Number(headers.get("content-length"));
  const isForm = /^application\/x-www-form-urlencoded\b/.test(headers.get("content-type") ?? "");
  if (!isForm || Number.isNaN(length)) {
    return refusal(request, { status: 400, code: "PORTAL_NO_FORM", blame: "visitor" });
  }
  if (length > LONGEST_FORM) {
    return refusal(request, { status: 413, code: "PORTAL_TOO_LARGE", blame: "visitor" });
  }
  const text = length > 0 ? await request.text() : "";
  return new URLSearchParams(text);
}

/** Whether a page of another origin is behind a request that may change something. */
export function isFromElsewhere({ url, method, headers }: Request): boolean {
  const origin = headers.get("origin");
  const claim = {
    method,
    isWebSocket: false,
    authority: new URL(url).host,
    origins: origin === null ? [] : [origin],
    fetchSite: headers.get("sec-fetch-site") ?? undefined,
  };
  return isForeign(claim, []);
}
