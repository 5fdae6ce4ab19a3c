/*
 * What the script of a passkey button sends and is answered: JSON, with a sentence for its person where the
 * door says no.
 */
import { COMMON_HEADERS } from "../content-policy.ts";
import type { Problem } from "../needs.ts";
import { isFromElsewhere, refusal } from "../sign-in/answers.ts";

/** Bytes; what an authenticator says of itself unasked fits in. */
const LONGEST_JSON = 64 * 1024;

/**
 * What was sent, or the refusal of what is none. The engine has refused other origins already; here it is
 * asked again, since everything behind this changes who is let in.
 */
export async function readJson(
  request: Request,
): Promise<Readonly<Record<string, unknown>> | Response> {
  const refuse = (status: number, code: string): Response =>
    refusal(request, { status, code, blame: "visitor" } satisfies Problem);
  const { headers } = request;
  if (isFromElsewhere(request)) return refuse(403, "DOOR_FOREIGN_ORIGIN");
  // A form of another site cannot send this type, whatever its browser tells of origins.
  if (!/^application\/json\b/.test(headers.get("content-type") ?? "")) {
    return refuse(415, "PORTAL_NO_FORM");
  }
  const length = Number(headers.get("content-length"));
  if (!(length > 0 && length <= LONGEST_JSON)) return refuse(413, "PORTAL_TOO_LARGE");
  return objectIn(await request.text()) ?? refuse(400, "PORTAL_NO_FORM");
}

export function json(status: number, body: object, cookies: readonly string[] = []): Response {
  const headers = new Headers({ ...COMMON_HEADERS, "content-type": "application/json" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(`${JSON.stringify(body)}\n`, { status, headers });
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}
