/*
 * Whether a sandbox of 1.x that runs already is reached through the door; nothing is started for it.
 */
import type { Finding } from "../../../kernel/check.ts";
import { type ProbeFacts, well } from "./facts.ts";
import { CONVERSATIONS } from "./recognise.ts";
import { agentState, type AgentPlace } from "./sandbox.ts";
import { field, textField } from "./wire.ts";

export async function lookAtSandbox(facts: ProbeFacts, signal: AbortSignal): Promise<Finding> {
  const { is } = await facts.recognised();
  if (is === "canvas") return well("it has no ports of sandboxes");
  if (is === "0.36") return well(`seen with --deep alone: genkan doctor ${facts.app} --deep`);
  const { json } = await facts.door.ask({ path: CONVERSATIONS });
  const items = field(json, "items");
  const running = Array.isArray(items) ? items.map(placeIn).find(Boolean) : undefined;
  if (!running) return well(`none runs now; to start one: genkan doctor ${facts.app} --deep`);
  const state = await agentState(facts, running, signal);
  return typeof state === "string" ? well(`a conversation is ${state}`) : state;
}

/** Where the agent-server of a conversation is; undefined while its sandbox does not run. */
export function placeIn(conversation: unknown): AgentPlace | undefined {
  const id = textField(conversation, "id");
  const url = textField(conversation, "conversation_url");
  const key = textField(conversation, "session_api_key");
  const runs = textField(conversation, "sandbox_status") === "RUNNING";
  if (!runs || id === undefined || url === undefined || key === undefined) return undefined;
  return { url, conversation: id, key };
}
