/*
 * Reading header fields where they lie: name, value, name, value, as on the wire. Pure; on the path
 * of every request, so nothing is copied that need not be.
 */
import type { RawHeaders } from "./upstream/upstream.ts";

/** The values of a field, in order; `name` is in lower case. */
export function valuesOf(headers: RawHeaders, name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const field = headers[i] ?? "";
    // The length says no to nearly all of them before anything is made lower case.
    if (field.length === name.length && field.toLowerCase() === name) {
      values.push(headers[i + 1] ?? "");
    }
  }
  return values;
}

/** The members of a comma-separated list in lower case, over all lines of the field; RFC 9110 section 5.6.1. */
export function tokensOf(headers: RawHeaders, name: string): string[] {
  return valuesOf(headers, name)
    .flatMap((value) => value.split(","))
    .map((token) => token.trim().toLowerCase())
    .filter((token) => token !== "");
}

/** Fields with other values; undefined takes one out. @param change given names in lower case */
export function mapped(
  fields: RawHeaders,
  change: (name: string, value: string) => string | undefined,
): string[] {
  const kept: string[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] ?? "";
    const value = change(name.toLowerCase(), fields[i + 1] ?? "");
    if (value !== undefined) kept.push(name, value);
  }
  return kept;
}
