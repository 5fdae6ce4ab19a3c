/*
 * What an app is told of its visitor, as request headers. The engine drops all of these that a visitor
 * sent (`X-Genkan-*`) before it sets them. Pure.
 */
import type { Visitor } from "../model/admission.ts";

/** Names and values, ASCII only: a name with other letters is percent-encoded (RFC 3986 section 2.1). */
export function identityHeaders(visitor: Visitor): readonly (readonly [string, string])[] {
  switch (visitor.is) {
    case "nobody":
      return [];
    case "device":
      return [
        ["X-Genkan-Device", visitor.id],
        ["X-Genkan-Name", encodeURIComponent(visitor.name)],
        ["X-Genkan-Role", visitor.role],
      ];
    case "program":
      return [
        ["X-Genkan-Program", visitor.id],
        ["X-Genkan-Name", encodeURIComponent(visitor.name)],
        ["X-Genkan-Role", "program"],
      ];
  }
}
