/*
 * The sandbox's key in a request: OpenHands' page and programs show it in a field, and in the query of a WebSocket, to
 * which browsers add no fields (SDK:openhands-agent-server, dependencies.py and sockets.py).
 */
import type { SandboxPlace } from "../../needs.ts";
import type { Exchange } from "../exchange.ts";
import { valuesOf } from "../fields.ts";

const FIELD = "x-session-api-key";
const QUERY = "session_api_key";

export function showsKey({ headers, asks, path }: Exchange, { isKey }: SandboxPlace): boolean {
  const [inField, ...more] = valuesOf(headers, FIELD);
  if (inField !== undefined) return more.length === 0 && isKey(inField);
  if (asks !== "websocket") return false;
  const [inQuery, ...others] = new URLSearchParams(path.replace(/^[^?]*/, "")).getAll(QUERY);
  return inQuery !== undefined && others.length === 0 && isKey(inQuery);
}
