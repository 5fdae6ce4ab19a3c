/*
 * A conversation of 0.36 as its sockets see it: events with ids, status messages that nobody keeps, and states.
 * V0:openhands/server/session/{session,agent_session}.py, openhands/server/listen_socket.py.
 */
import type { Sandbox036 } from "./sandbox-036.ts";

/** What `oh_event` carries; V0:openhands/events/serialization/event.py. */
type OhEvent = Readonly<Record<string, unknown>>;

export interface Conversation036 {
  readonly id: string;
  readonly sandbox: Sandbox036;
  /** The state it is in: loading, awaiting_user_input, running. */
  readonly state: () => string;
  /** What a client that has seen events up to this id is sent first. */
  replay(after: number): readonly OhEvent[];
  /** Is told everything from now on. @returns ends that */
  listen(hear: (event: OhEvent) => void): () => void;
  /** `oh_user_action`. @returns what is wrong with it, if anything is. */
  act(action: unknown): string | undefined;
}

/** In the order they come on a machine that has the image (section 1.3, step 4). */
const STATUSES = [
  "STATUS$STARTING_RUNTIME",
  "STATUS$PREPARING_CONTAINER",
  "STATUS$CONTAINER_STARTED",
  "STATUS$WAITING_FOR_CLIENT",
  " ",
];

/** What the agent says to every message. */
export const AGENT_REPLY = "I read:";

export function beginConversation(id: string, sandbox: Sandbox036): Conversation036 {
  const kept: OhEvent[] = [];
  const listeners = new Set<(event: OhEvent) => void>();
  let state = "loading";
  let begun = false;
  const tell = (event: OhEvent): void => {
    for (const hear of listeners) hear(event);
  };
  const keep = (event: OhEvent): void => {
    const whole = { id: kept.length, timestamp: new Date().toISOString(), ...event };
    kept.push(whole);
    tell(whole);
  };
  const become = (next: string): void => {
    state = next;
    keep(stateEvent(next, "agent"));
  };
  const begin = (): void => {
    begun = true;
    keep(stateEvent("loading", "agent"));
    for (const status of STATUSES) {
      tell({ status_update: true, type: "info", id: status, message: status });
    }
    become("awaiting_user_input");
  };
  return {
    id,
    sandbox,
    state: () => state,
    replay: (after) => {
      const missed = kept.filter((event) => Number(event["id"]) > after);
      return begun ? [...missed, { id: kept.length - 1, ...stateEvent(state, "environment") }] : [];
    },
    listen: (hear) => {
      listeners.add(hear);
      // The loop waits a second for its client, so that it sees the status messages; here, for as long as it takes.
      if (!begun) setImmediate(begin);
      return () => listeners.delete(hear);
    },
    act: (action) => {
      const said = messageOf(action);
      if (said === undefined) return `an action nobody expected: ${JSON.stringify(action)}`;
      keep({
        source: "user",
        action: "message",
        message: said,
        args: { content: said, image_urls: [] },
      });
      become("running");
      const reply = `${AGENT_REPLY} ${said}`;
      keep({
        source: "agent",
        action: "message",
        message: reply,
        args: { content: reply, wait_for_response: true },
      });
      become("awaiting_user_input");
      return undefined;
    },
  };
}

function stateEvent(state: string, source: string): OhEvent {
  const extras = { agent_state: state, reason: "" };
  return { observation: "agent_state_changed", source, extras, content: "", message: "" };
}

/** `{"action":"message","args":{"content":…,"image_urls":[],"timestamp":…}}` (section 1.3, step 6). */
function messageOf(action: unknown): string | undefined {
  if (typeof action !== "object" || action === null) return undefined;
  const { action: kind, args } = action as { action?: unknown; args?: { content?: unknown } };
  return kind === "message" && typeof args?.content === "string" ? args.content : undefined;
}
