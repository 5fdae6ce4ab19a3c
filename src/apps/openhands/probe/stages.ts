/*
 * The stages of a conversation that begins, in words; each is told as it passes. Ids of 0.36 are those of
 * V0:frontend/src/i18n/translation.json, states of 1.x those of V1dev:app_conversation_models.py. Pure.
 */

const OF_036: Readonly<Record<string, string>> = {
  loading: "the agent is loading",
  STATUS$STARTING_RUNTIME: "the sandbox is being started",
  STATUS$STARTING_CONTAINER: "the sandbox's image is being built",
  STATUS$PREPARING_CONTAINER: "the sandbox's container is being prepared",
  STATUS$CONTAINER_STARTED: "the sandbox's container has started",
  STATUS$WAITING_FOR_CLIENT: "waiting for the client: the sandbox's server must answer the app",
  STATUS$SETTING_UP_WORKSPACE: "the workspace is being set up",
  awaiting_user_input: "the agent is awaiting user input",
};

const OF_1: Readonly<Record<string, string>> = {
  WORKING: "the app works on it",
  WAITING_FOR_SANDBOX: "waiting for the sandbox",
  PREPARING_REPOSITORY: "the repository is being prepared",
  RUNNING_SETUP_SCRIPT: "the setup script runs",
  SETTING_UP_GIT_HOOKS: "git hooks are being set up",
  SETTING_UP_SKILLS: "skills are being set up",
  STARTING_CONVERSATION: "the conversation is being started in its sandbox",
  READY: "the conversation is there",
  idle: "the agent is idle: it awaits input",
};

/** @returns undefined for what is no stage: 0.36 clears its status with a space. */
export function stageOf(id: string): string | undefined {
  if (id.trim() === "") return undefined;
  return OF_036[id] ?? OF_1[id] ?? `it says ${id}`;
}

/** Milliseconds. Until its container runs, an image of some gigabytes may be pulled. */
export const FIRST_RUN = 600_000;
export const WARM = 180_000;

/** Whether the image is there, and what is to come is quick. */
export function isWarm(id: string): boolean {
  return WARM_FROM.has(id);
}

const WARM_FROM: ReadonlySet<string> = new Set([
  "STATUS$CONTAINER_STARTED",
  "STATUS$WAITING_FOR_CLIENT",
  "PREPARING_REPOSITORY",
  "STARTING_CONVERSATION",
  "READY",
]);
