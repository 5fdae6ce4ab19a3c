/*
 * What becomes of fields on their way to one kind of place and back, beyond what holds for every app. Steps put it into
 * an exchange; forward.ts and upgrade.ts ask it.
 */
import type { RawHeaders, UpstreamHead } from "./upstream/upstream.ts";

export interface Alters {
  /** A request's fields as the place gets them; given what requestFields made. */
  request(fields: readonly string[]): string[];
  /** An answer's fields, before what holds for every answer. */
  answer(head: UpstreamHead): RawHeaders;
}
