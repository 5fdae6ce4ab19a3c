/*
 * What the welcome page asks for over https: a picture and a text, which come only to devices that trust the
 * door. Readable by the door's own pages over plain http alone: other sites shall not learn who has one.
 */
import { COMMON_HEADERS } from "../content-policy.ts";

export interface ProbeAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const PROBES: Readonly<Record<string, { readonly type: string; readonly body: string }>> = {
  "/probe.svg": {
    type: "image/svg+xml",
    body: '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>\n',
  },
  "/probe.json": { type: "application/json", body: "{}\n" },
};
export const PROBE_PATHS = Object.keys(PROBES);

/**
 * The answer at this path; undefined where there is none.
 * @param origin who asks (RFC 6454 section 7). @param readers origins that may read it.
 */
export function probeAnswer(
  path: string,
  origin: string | undefined,
  readers: readonly string[],
): ProbeAnswer | undefined {
  const probe = PROBES[path];
  if (!probe) return undefined;
  const mayRead = origin !== undefined && readers.includes(origin);
  return {
    headers: {
      ...COMMON_HEADERS,
      "content-type": probe.type,
      vary: "Origin",
      ...(mayRead ? { "access-control-allow-origin": origin } : {}),
    },
    body: probe.body,
  };
}
