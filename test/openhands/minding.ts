/*
 * What must not come to what stands behind the door: the door's own cookies and inner fields, cookies of
 * the UI at a sandbox, and the other way round.
 */
import type { IncomingHttpHeaders } from "node:http";

/** The door's fields that tell an app who it is; every other `X-Genkan-` is for the door alone. */
const IDENTITY = /^x-genkan-(?:device|program|name|role)$/;

/** @param cookies which cookies may come. */
export function minding(
  cookies: (name: string, value: string) => boolean,
): (headers: IncomingHttpHeaders) => readonly string[] {
  return (headers) => [
    ...cookiesOf(headers.cookie)
      .filter(([name, value]) => !cookies(name, value))
      .map(([name]) => `the cookie ${name} came`),
    ...Object.keys(headers)
      .filter((name) => name.startsWith("x-genkan-") && !IDENTITY.test(name))
      .map((name) => `the field ${name} came`),
  ];
}

/** Names and values of a `Cookie` field, in order. */
export function cookiesOf(cookie: string | undefined): [string, string][] {
  const pairs = (cookie ?? "").split(/;\s*/).filter((pair) => pair !== "");
  return pairs.map((pair) => {
    const [name = "", ...value] = pair.split("=");
    return [name, value.join("=")];
  });
}
