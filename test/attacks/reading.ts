/*
 * What an app was sent, read by the letter of RFC 9112: where an engine takes what another refuses, the app must
 * have been sent requests of one meaning each, and every one of them by the door.
 */
import { expect } from "vitest";
import { type Message, readRequests, valuesIn } from "../../scripts/fuzz/read-http.ts";

/** Bytes that are proper requests, whole and nothing else, each with the door's word about the visitor. */
export function requestsOfTheDoor(seen: string): readonly Message[] {
  const { messages, malformed } = readRequests(seen);
  expect(malformed).toBe("");
  expect(seen.slice(0, 2)).not.toMatch(/[\r\n]/);
  for (const { fields } of messages) {
    expect(valuesIn(fields, "host")).toHaveLength(1);
    expect(valuesIn(fields, "x-forwarded-for")).toEqual(["127.0.0.1"]);
  }
  return messages;
}

/** First lines of the requests, without the version. What is in their fields may be improper, but not how they end. */
export function targetsOf(seen: string): string[] {
  expect(seen).not.toMatch(/[^\r]\n|\r[^\n]|\0/);
  const targets = Array.from(
    seen.matchAll(/^([A-Z]+ \S+) HTTP\/1\.1\r$/gm),
    ([, line]) => line ?? "",
  );
  expect(seen.match(/^X-Forwarded-For: .*\r$/gim)).toEqual(
    targets.map(() => "X-Forwarded-For: 127.0.0.1\r"),
  );
  return targets;
}
