/*
 * What Canvas' agent-server answers, as far as its UI asks (section 2C.2; SDK:openhands-agent-server/*_router.py, and
 * the shapes the UI reads: AC:src/api/*).
 */
import { type AgentConversation, createConversation } from "../agent/conversation.ts";
import { textOf } from "../agent/events-socket.ts";
import { cookiesOf } from "../minding.ts";
import type { Answer, Ask, Route } from "../stand-in.ts";

export interface CanvasWorld {
  readonly key: string;
  readonly conversations: Map<string, AgentConversation>;
  readonly isReady: () => boolean;
  readonly editorPath: string;
}

export function canvasRoutes(world: CanvasWorld): Route[] {
  return [
    ...health(world),
    ...SETTINGS,
    ...LISTS,
    ...EMPTY,
    ...conversationRoutes(world),
    ...placeRoutes(world),
  ];
}

/** Section 2C.3: nobody is asked for a key here. */
function health({ isReady }: CanvasWorld): Route[] {
  const info = {
    uptime: 1,
    idle_time: 1,
    title: "OpenHands Agent Server",
    version: "1.43.1",
    sdk_version: "1.43.1",
  };
  return [
    ["GET", /^\/(?:alive|health)$/, () => ({ json: { status: "ok" } })],
    [
      "GET",
      /^\/ready$/,
      () =>
        isReady()
          ? { json: { status: "ready" } }
          : { status: 503, json: { status: "initializing" } },
    ],
    ["GET", /^\/server_info$/, () => ({ json: { ...info, docs: "/docs", redoc: "/redoc" } })],
  ];
}

const STORED = {
  agent_settings: {
    agent: "CodeActAgent",
    llm: { model: "stand-in/model", api_key: "**********" },
  },
  conversation_settings: { confirmation_mode: false },
  llm_api_key_is_set: true,
  misc_settings: { app_preferences: { language: "en", user_consents_to_analytics: false } },
};

const SETTINGS: readonly Route[] = [
  ["GET", /^\/api\/settings$/, () => ({ json: STORED })],
  ["PATCH", /^\/api\/settings$/, () => ({ json: STORED })],
  ["GET", /^\/api\/settings\/(?:agent|conversation)-schema$/, () => ({ json: { sections: [] } })],
  ["GET", /^\/api\/settings\/secrets$/, () => ({ json: { secrets: [] } })],
];

const PROFILE = { name: "default", model: "stand-in/model", api_key_set: true };

const LISTS: readonly Route[] = [
  [
    "GET",
    /^\/api\/profiles$/,
    () => ({ json: { profiles: [PROFILE], active_profile: "default" } }),
  ],
  [
    "GET",
    /^\/api\/agent-profiles$/,
    () => ({ json: { profiles: [], active_agent_profile_id: null } }),
  ],
  ["GET", /^\/api\/llm\/models$/, () => ({ json: { models: ["stand-in/model"] } })],
  ["GET", /^\/api\/llm\/models\/verified$/, () => ({ json: { models: {} } })],
  ["GET", /^\/api\/llm\/providers$/, () => ({ json: { providers: ["stand-in"] } })],
];

/** Nothing of it is installed; the automation server does not run, as after `--frontend-only`. */
const EMPTY: readonly Route[] = [
  ["POST", /^\/api\/skills$/, () => ({ json: { skills: [], sources: {} } })],
  ["POST", /^\/api\/hooks$/, () => ({ json: { hooks: [] } })],
  ["GET", /^\/api\/plugins\/installed$/, () => ({ json: { plugins: [] } })],
  ["GET", /^\/api\/canvas-extensions\/installed$/, () => ({ json: { extensions: [] } })],
  ["GET", /^\/api\/workspaces$/, () => ({ json: { workspaces: [], workspaceParents: [] } })],
  ["GET", /^\/api\/automation\/.+$/, () => ({ status: 503, text: "Service Unavailable" })],
  ["POST", /^\/api\/automation\/.+$/, () => ({ status: 503, text: "Service Unavailable" })],
  [
    "POST",
    /^\/api\/bash\/execute_bash_command$/,
    () => ({
      json: {
        id: crypto.randomUUID(),
        command_id: crypto.randomUUID(),
        exit_code: 0,
        stdout: "",
        stderr: "",
      },
    }),
  ],
  ["GET", /^\/api\/git\/(?:changes|commits|diff)$/, () => ({ json: [] })],
];

function conversationRoutes(world: CanvasWorld): Route[] {
  const all = (): unknown[] => [...world.conversations.values()].map(described);
  const about = (ask: Ask, answer: (conversation: AgentConversation) => Answer): Answer => {
    const found = world.conversations.get(ask.parts[0] ?? "");
    return found ? answer(found) : { status: 404, json: { detail: "Not Found" } };
  };
  return [
    ["POST", /^\/api\/conversations$/, (ask) => begin(world, ask)],
    [
      "GET",
      /^\/api\/conversations\/search$/,
      () => ({ json: { items: all(), next_page_id: null } }),
    ],
    ["GET", /^\/api\/conversations\/count$/, () => ({ json: world.conversations.size })],
    [
      "GET",
      /^\/api\/conversations$/,
      ({ query }) => ({ json: query.getAll("ids").map((id) => found(world, id)) }),
    ],
    [
      "GET",
      /^\/api\/conversations\/([\w-]+)$/,
      (ask) => about(ask, (each) => ({ json: described(each) })),
    ],
    [
      "DELETE",
      /^\/api\/conversations\/([\w-]+)$/,
      (ask) =>
        about(ask, ({ id }) => {
          world.conversations.delete(id);
          return { json: { success: true } };
        }),
    ],
    [
      "GET",
      /^\/api\/conversations\/([\w-]+)\/events\/search$/,
      (ask) => about(ask, (each) => ({ json: { items: sorted(each, ask), next_page_id: null } })),
    ],
    [
      "GET",
      /^\/api\/conversations\/([\w-]+)\/events\/count$/,
      (ask) => about(ask, (each) => ({ json: each.events().length })),
    ],
    [
      "POST",
      /^\/api\/conversations\/([\w-]+)\/events$/,
      (ask) => about(ask, (each) => say(each, ask)),
    ],
    [
      "POST",
      /^\/api\/conversations\/([\w-]+)\/(?:run|pause)$/,
      (ask) => about(ask, () => ({ json: { success: true } })),
    ],
  ];
}

function found({ conversations }: CanvasWorld, id: string): unknown {
  const conversation = conversations.get(id);
  return conversation ? described(conversation) : null;
}

/** One of agent, agent_settings, agent_profile_id and a workspace must be there; 201 (section 2C.3). */
function begin({ conversations }: CanvasWorld, { body }: Ask): Answer {
  const asked = JSON.parse(body) as Record<string, unknown>;
  const hasAgent = ["agent", "agent_settings", "agent_profile_id"].some((name) =>
    isGiven(asked[name]),
  );
  if (!hasAgent || !isGiven(asked["workspace"]))
    return { status: 422, json: { detail: "agent or workspace missing" } };
  const id =
    typeof asked["conversation_id"] === "string" ? asked["conversation_id"] : crypto.randomUUID();
  const conversation = createConversation(id);
  conversations.set(id, conversation);
  const { initial_message: first } = asked as { initial_message?: { content?: unknown } | null };
  const text = textOf(first?.content);
  if (text !== undefined) conversation.say(text);
  return { status: 201, json: described(conversation) };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function say(conversation: AgentConversation, { body }: Ask): Answer {
  const { role, content } = JSON.parse(body) as { role?: unknown; content?: unknown };
  const text = textOf(content);
  if (role !== "user" || text === undefined) return { status: 422, json: { detail: "no message" } };
  conversation.say(text);
  return { json: { success: true } };
}

function sorted(conversation: AgentConversation, { query }: Ask): unknown[] {
  const events = [...conversation.events()];
  return query.get("sort_order") === "TIMESTAMP_DESC" ? events.reverse() : events;
}

function described({ id, status }: AgentConversation): unknown {
  return {
    id,
    title: `Conversation ${id.slice(0, 5)}`,
    created_at: CREATED,
    updated_at: CREATED,
    execution_status: status(),
    agent: { kind: "Agent", llm: { model: "stand-in/model" } },
    workspace: { kind: "LocalWorkspace", working_dir: "/projects" },
  };
}

const CREATED = new Date().toISOString();

function placeRoutes({ key, editorPath }: CanvasWorld): Route[] {
  return [
    ["GET", /^\/api\/vscode\/status$/, () => ({ json: { running: true, enabled: true } })],
    [
      "GET",
      /^\/api\/vscode\/url$/,
      ({ query }) => {
        const folder = encodeURIComponent(query.get("workspace_dir") ?? "/projects");
        return {
          json: { url: `${query.get("base_url") ?? ""}${editorPath}/?tkn=${key}&folder=${folder}` },
        };
      },
    ],
    ["POST", /^\/api\/auth\/workspace-session$/, (ask) => workspaceSession(key, ask)],
    ["GET", /^\/api\/conversations\/[\w-]+\/workspace\/(.+)$/, (ask) => preview(key, ask)],
    ["GET", /^\/api\/file\/home$/, () => ({ json: { home: "/home/openhands" } })],
  ];
}

/** Secure and partitioned behind https alone, which only X-Forwarded-Proto can say (section 2C.2). */
function workspaceSession(key: string, { headers }: Ask): Answer {
  const [proto = ""] = String(headers["x-forwarded-proto"] ?? "").split(",");
  const isSecure =
    proto.trim() === "https" || /^(?:localhost|127\.0\.0\.1)(?::|$)/.test(headers.host ?? "");
  const secure = isSecure ? "; Secure; Partitioned" : "";
  const cookie = `oh_workspace_session_key=${key}; HttpOnly; SameSite=None; Path=/api/conversations${secure}`;
  return { status: 204, headers: { "set-cookie": cookie } };
}

function preview(key: string, { headers }: Ask): Answer {
  const shown = cookiesOf(headers.cookie).find(([name]) => name === "oh_workspace_session_key");
  const isKnown = shown?.[1] === key || headers["x-session-api-key"] === key;
  return isKnown
    ? { text: "a file of the workspace" }
    : { status: 401, json: { detail: "Unauthorized" } };
}
