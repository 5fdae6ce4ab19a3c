/*
 * A conversation of an agent-server: its events, and its state (SDK:openhands-sdk/openhands/sdk/{event,conversation},
 * openhands-agent-server/…/event_service.py). Both later generations speak it.
 */
import { randomUUID } from "node:crypto";

type AgentEvent = Readonly<Record<string, unknown>>;

export interface AgentConversation {
  /** 32 hexadecimal digits, or a UUID: as it was made. */
  readonly id: string;
  /** `idle` is its "awaiting user input"; `running`, `finished`. */
  readonly status: () => string;
  /** Everything kept, in order. */
  readonly events: () => readonly AgentEvent[];
  /** What every subscriber is sent first: the whole state. */
  snapshot(): AgentEvent;
  listen(hear: (event: AgentEvent) => void): () => void;
  /** A message of the person; the agent answers at once. */
  say(text: string): void;
}

/** What the agent says to every message, in front of it. */
export const AGENT_ANSWER = "I read:";

export function createConversation(id: string): AgentConversation {
  const kept: AgentEvent[] = [];
  const listeners = new Set<(event: AgentEvent) => void>();
  let status = "idle";
  const tell = (kind: string, source: string, more: AgentEvent): void => {
    const event = { id: randomUUID(), timestamp: timestamp(), kind, source, ...more };
    kept.push(event);
    for (const hear of listeners) hear(event);
  };
  const become = (next: string): void => {
    status = next;
    tell("ConversationStateUpdateEvent", "environment", { key: "execution_status", value: next });
  };
  return {
    id,
    status: () => status,
    events: () => kept,
    snapshot: () => ({
      id: randomUUID(),
      timestamp: timestamp(),
      kind: "ConversationStateUpdateEvent",
      source: "environment",
      key: "full_state",
      value: { id, execution_status: status, workspace: { working_dir: "/workspace/project" } },
    }),
    listen: (hear) => {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
    say: (text) => {
      tell("MessageEvent", "user", message("user", text));
      become("running");
      tell("MessageEvent", "agent", message("assistant", `${AGENT_ANSWER} ${text}`));
      become("finished");
    },
  };
}

function message(role: string, text: string): AgentEvent {
  const content = [{ type: "text", text }];
  return { llm_message: { role, content }, activated_skills: [], extended_content: [] };
}

/** Without a zone, as Python's isoformat of a naive time. */
function timestamp(): string {
  return new Date().toISOString().replace("Z", "000");
}
