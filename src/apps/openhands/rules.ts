/*
 * Which answers of which generation name ports of sandboxes, and where in them. A table: read it beside OpenHands'
 * sources. `openhands` alone means every generation's rules: their routes and bodies do not collide.
 *
 * 0.36: V0:openhands/server/routes/conversation.py (vscode-url, web-hosts).
 * 1.x: V1dev:openhands/app_server/app_conversation/app_conversation_router.py, sandbox/sandbox_router.py, and the older
 *   routes openhands/server/routes/manage_conversations.py, which it still has, those of 0.36 with them.
 *   `POST /api/v1/app-conversations/stream-start` tells states as they come and is asked by no page: reading it whole
 *   would hold it back until its end, so it passes as it is.
 * Agent Canvas: nothing. Its editor is a path of its own port (`/vscode`), and `/api/vscode/url` answers with the
 *   `base_url` its page sends along, which is the door's (AC:src/api, section "Browser behaviour" of its sources).
 */
import type { PathPattern } from "../../model/path-pattern.ts";
import type { PresetName } from "../../model/preset.ts";
import type { Generation } from "./place.ts";

/** How an answer names places; what each means is in dialects.ts. */
export type Dialect = "vscode-url" | "web-hosts" | "conversations" | "sandboxes" | "legacy";

export interface Rule {
  readonly named: PathPattern;
  readonly generation: Generation;
  readonly dialect: Dialect;
}

const OF_036: readonly Rule[] = [
  { named: "/api/conversations/*/vscode-url", generation: "0.36", dialect: "vscode-url" },
  { named: "/api/conversations/*/web-hosts", generation: "0.36", dialect: "web-hosts" },
];

const V1 = "/api/v1/app-conversations";
const SANDBOXES = "/api/v1/sandboxes";
const of1 = (named: PathPattern, dialect: Dialect): Rule => ({ named, generation: "1", dialect });

const OF_1: readonly Rule[] = [
  of1(V1, "conversations"), // GET gives conversations, POST a start task
  of1(`${V1}/search`, "conversations"),
  of1(`${V1}/start-tasks`, "conversations"),
  of1(`${V1}/start-tasks/search`, "conversations"),
  of1(SANDBOXES, "sandboxes"),
  of1(`${SANDBOXES}/*`, "sandboxes"), // search, and one by its id
  of1("/api/conversations", "legacy"),
  of1("/api/conversations/*", "legacy"),
];

const BY_PRESET: Readonly<Partial<Record<PresetName, readonly Rule[]>>> = {
  openhands: [...OF_036, ...OF_1],
  "openhands@0.36": OF_036,
  "openhands@1": [...OF_036, ...OF_1],
};

/** None for a preset whose answers name no sandboxes. */
export function rulesOf(preset: PresetName | undefined): readonly Rule[] {
  return (preset && BY_PRESET[preset]) ?? [];
}

/** Paths whose answers are to be read; undefined for an app without sandboxes. */
export function namedPaths(preset: PresetName | undefined): readonly PathPattern[] | undefined {
  const rules = rulesOf(preset);
  return rules.length === 0 ? undefined : rules.map(({ named }) => named);
}

/**
 * Agent Canvas lets pages of a workspace be shown by the one (SDK:openhands-agent-server, workspace session), and its
 * editor, a path of its own port, keeps its token in the other (OVS:src/vs/server/node/webClientServer.ts).
 */
const CANVAS_COOKIES = ["oh_workspace_session_key", "vscode-tkn"];

/** Cookies the app's own page is known to use; 0.36 and 1.x use none (V0:openhands/server/app.py, V1dev the same). */
export function ownCookies(preset: PresetName | undefined): readonly string[] {
  return preset === "openhands" ? CANVAS_COOKIES : [];
}
