/*
 * A conversation of 1.x: its start task until READY, its sandbox until RUNNING, the agent-server's socket until `idle`,
 * then the editor (V1dev:openhands/app_server/{app_conversation,sandbox}/*).
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Finding } from "../../../kernel/check.ts";
import { type DeepRun, deleteAfterwards, notBegun, SLOW, stuck, tookTooLong } from "./deep-run.ts";
import { well } from "./facts.ts";
import { placeIn } from "./look-sandbox.ts";
import { agentState, type AgentPlace, editorTrouble } from "./sandbox.ts";
import { field, textField, type Wire } from "./wire.ts";

const CONVERSATIONS = "/api/v1/app-conversations";
/** Milliseconds between two looks. */
const BETWEEN = 1_000;
/** Looks for the conversation that is to be deleted, when nobody waited for it. */
const LAST_LOOKS = 60;

export async function deep1(run: DeepRun): Promise<Finding> {
  const { door } = run.facts;
  const begun = door.ask({ method: "POST", path: CONVERSATIONS, json: {}, patienceMs: SLOW });
  deleteAfterwards(run, begun, {
    idIn: ({ json }) => lateId(door, textField(json, "id")),
    pathOf: (id) => `${CONVERSATIONS}/${id}`,
  });
  const heard = await begun;
  const task = textField(heard.json, "id");
  if (task === undefined) return notBegun(run, heard);
  run.progress.pass(textField(heard.json, "status") ?? "WORKING");
  const id = await followTask(run, task);
  if (typeof id !== "string") return id;
  const place = await followSandbox(run, id);
  if ("state" in place) return place;
  return followAgent(run, place, id);
}

/** @returns the conversation's id, or what broke. */
async function followTask(run: DeepRun, task: string): Promise<string | Finding> {
  while (run.progress.left() > 0) {
    const now = await taskNow(run.facts.door, task);
    const status = textField(now, "status");
    if (status === "ERROR") return stuck(run, `it said: ${textField(now, "detail") ?? status}`);
    if (status !== undefined) run.progress.pass(status);
    const id = textField(now, "app_conversation_id");
    if (id !== undefined && status === "READY") return id;
    await wait(BETWEEN, undefined, { signal: run.signal });
  }
  return tookTooLong(run);
}

async function followSandbox(run: DeepRun, id: string): Promise<AgentPlace | Finding> {
  while (run.progress.left() > 0) {
    const conversation = await conversationNow(run.facts.door, id);
    const status = textField(conversation, "sandbox_status");
    if (status === "ERROR") return stuck(run, "its sandbox is in error");
    const place = placeIn(conversation);
    if (place) return place;
    await wait(BETWEEN, undefined, { signal: run.signal });
  }
  return tookTooLong(run);
}

async function followAgent(run: DeepRun, place: AgentPlace, id: string): Promise<Finding> {
  const { facts, progress } = run;
  for (;;) {
    const state = await agentState(facts, place, run.signal);
    if (typeof state !== "string") return state;
    progress.pass(state);
    if (state === "error" || state === "stuck") return stuck(run, `its state is ${state}`);
    if (state === "idle") break;
    if (progress.left() === 0) return tookTooLong(run);
    await wait(BETWEEN, undefined, { signal: run.signal });
  }
  const editor = await editorOf(facts.door, id);
  const trouble = editor === undefined ? undefined : await editorTrouble(facts, editor);
  const seen = editor === undefined ? "it has no editor" : "its editor opens through the door";
  return trouble ?? well(`it was idle, which is awaiting input; ${seen}`);
}

async function editorOf(door: Wire, id: string): Promise<string | undefined> {
  const sandbox = textField(await conversationNow(door, id), "sandbox_id");
  if (sandbox === undefined) return undefined;
  const query = new URLSearchParams({ id: sandbox }).toString();
  const { json } = await door.ask({ path: `/api/v1/sandboxes?${query}`, patienceMs: SLOW });
  const exposed = field(firstOf(json), "exposed_urls");
  const urls: unknown[] = Array.isArray(exposed) ? exposed : [];
  return textField(
    urls.find((each) => textField(each, "name") === "VSCODE"),
    "url",
  );
}

async function conversationNow(door: Wire, id: string): Promise<unknown> {
  const { json } = await door.ask({ path: `${CONVERSATIONS}?ids=${id}`, patienceMs: SLOW });
  return firstOf(json);
}

async function taskNow(door: Wire, task: string): Promise<unknown> {
  const path = `${CONVERSATIONS}/start-tasks?ids=${task}`;
  return firstOf((await door.ask({ path, patienceMs: SLOW })).json);
}

function firstOf(json: unknown): unknown {
  return Array.isArray(json) ? (json as unknown[])[0] : undefined;
}

/** A conversation has no id before its sandbox runs: there is nothing to delete by until then. */
async function lateId(door: Wire, task: string | undefined): Promise<string | undefined> {
  if (task === undefined) return undefined;
  for (let look = 0; look < LAST_LOOKS; look++) {
    const now = await taskNow(door, task);
    const id = textField(now, "app_conversation_id");
    if (id !== undefined || textField(now, "status") === "ERROR") return id;
    await wait(BETWEEN);
  }
  return undefined;
}
