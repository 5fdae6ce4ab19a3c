/*
 * The events socket of an agent-server, in a sandbox of 1.x and in Canvas alike:
 * SDK:openhands-agent-server/openhands/agent_server/sockets.py. Pure.
 */
import { field, parsed, textField } from "./wire.ts";

/** Close codes of its own. */
export const WRONG_KEY = 4001;
export const UNKNOWN_CONVERSATION = 4004;

/** @param key in the query as 1.x shows it; Canvas shows it in the first frame. */
export function eventsPath(conversation: string, key?: string): string {
  const query = key === undefined ? "" : `?session_api_key=${encodeURIComponent(key)}`;
  return `/sockets/events/${conversation}${query}`;
}

export function authFrame(key: string): string {
  return JSON.stringify({ type: "auth", session_api_key: key });
}

/** The state in one event, `idle` or `running`; undefined for all other events. The first event is the whole state. */
export function readState(text: string): string | undefined {
  const event = parsed(text);
  if (textField(event, "kind") !== "ConversationStateUpdateEvent") return undefined;
  const key = textField(event, "key");
  const value = field(event, "value");
  if (key === "full_state") return textField(value, "execution_status");
  return key === "execution_status" && typeof value === "string" ? value : undefined;
}
