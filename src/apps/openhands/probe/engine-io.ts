/*
 * The frames of 0.36's socket, read by hand: Engine.IO 4 (socket.io/docs/v4/engine-io-protocol) with Socket.IO 5 in it.
 * What `oh_event` carries: V0:openhands/server/session/{session,agent_session}.py. Pure.
 */
import { field, parsed, textField } from "./wire.ts";

export type Frame036 =
  /** The connection stands: `0{"sid":…}`. */
  | { readonly is: "open" }
  | { readonly is: "ping" }
  /** The namespace is joined: `40{"sid":…}`. */
  | { readonly is: "joined" }
  /** `44{"message":…}`. */
  | { readonly is: "refused"; readonly why: string }
  | { readonly is: "event"; readonly news: News036 }
  | { readonly is: "other" };

export type News036 =
  /** `STATUS$STARTING_RUNTIME` and its kin. */
  | { readonly is: "status"; readonly id: string }
  /** `loading`, `awaiting_user_input`. */
  | { readonly is: "state"; readonly state: string }
  | { readonly is: "error"; readonly why: string }
  | { readonly is: "other" };

export const JOIN = "40";
export const PONG = "3";

/** @param conversation left out: 0.36 refuses that, and starts nothing. */
export function socketPath(conversation?: string): string {
  const about = conversation === undefined ? "" : `conversation_id=${conversation}&`;
  return `/socket.io/?latest_event_id=-1&${about}providers_set=&EIO=4&transport=websocket`;
}

export function readFrame(text: string): Frame036 {
  if (text.startsWith("0{")) return { is: "open" };
  if (text === "2") return { is: "ping" };
  if (text.startsWith("40")) return { is: "joined" };
  if (text.startsWith("44")) {
    const why = textField(parsed(text.slice(2)), "message");
    return { is: "refused", why: why ?? "it gave no reason" };
  }
  if (!text.startsWith("42")) return { is: "other" };
  const event = parsed(text.slice(2));
  if (!Array.isArray(event) || event[0] !== "oh_event") return { is: "other" };
  return { is: "event", news: readNews(event[1]) };
}

/** The last state is sent again with another source and out of order: only `agent_state` counts. */
function readNews(event: unknown): News036 {
  const message = textField(event, "message") ?? "";
  const id = textField(event, "id") ?? "";
  if (field(event, "error") === true) return { is: "error", why: message };
  if (field(event, "status_update") === true) {
    const isError = textField(event, "type") === "error";
    return isError ? { is: "error", why: message || id } : { is: "status", id };
  }
  const state = textField(field(event, "extras"), "agent_state");
  if (state === undefined) return { is: "other" };
  return state === "error"
    ? {
        is: "error",
        why: textField(field(event, "extras"), "reason") || "the agent's state is error",
      }
    : { is: "state", state };
}
