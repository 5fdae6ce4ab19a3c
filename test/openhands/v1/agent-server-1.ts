/*
 * The agent-server in a sandbox of 1.x, on a random port of its own: asked by the UI's page from another
 * origin, with the sandbox's key (SDK:openhands-agent-server/openhands/agent_server/{api,middleware,dependencies,
 * conversation_router,event_router,file_router,git_router,vscode_router}.py).
 */
import { timingSafeEqual } from "node:crypto";
import { createConversation, type AgentConversation } from "../agent/conversation.ts";
import { type EventsSocket, eventsSocket, textOf } from "../agent/events-socket.ts";
import { corsOfLocalhost } from "../cors.ts";
import { minding } from "../minding.ts";
import { type Answer, type Ask, type Place, type Route, serve, type Served } from "../stand-in.ts";

export interface AgentServer extends Served {
  readonly conversation: AgentConversation;
  readonly socket: EventsSocket;
  /** Files that were uploaded: path and content. */
  readonly files: ReadonlyMap<string, string>;
}

export interface AgentServerSpec extends Place {
  readonly conversation: string;
  readonly key: string;
  /** `OH_ALLOW_CORS_ORIGINS_0`; nobody's besides localhost's unless told. */
  readonly origins?: readonly string[];
  readonly vscodeUrl: () => string;
}

export async function startAgentServer(spec: AgentServerSpec): Promise<AgentServer> {
  const conversation = createConversation(spec.conversation);
  const files = new Map<string, string>();
  const isKey = (text: unknown): boolean => typeof text === "string" && isSame(text, spec.key);
  const cors = corsOfLocalhost(spec.origins);
  const socket = eventsSocket({
    conversation: (id) => (id.replaceAll("-", "") === spec.conversation ? conversation : undefined),
    isKey,
    note: (what) => served.note(what),
  });
  const served: Served = await serve(
    {
      name: "agent-server",
      mind: minding(() => false),
      first: (ask) => {
        const { fields, instead } = cors(ask);
        const isOpen = !ask.path.startsWith("/api/") || isKey(ask.headers["x-session-api-key"]);
        return { fields, instead: instead ?? (isOpen ? undefined : UNAUTHORIZED) };
      },
      routes: [...OPEN_ROUTES, ...routesOf(conversation, files), ...editorRoutes(spec.vscodeUrl)],
      upgrade: socket.upgrade,
    },
    spec,
  );
  return { ...served, conversation, socket, files };
}

const UNAUTHORIZED: Answer = { status: 401, json: { detail: "Unauthorized" } };

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

const OPEN_ROUTES: readonly Route[] = [
  ["GET", /^\/(?:alive|health)$/, () => ({ json: { status: "ok" } })],
  ["GET", /^\/ready$/, () => ({ json: { status: "ready" } })],
  ["GET", /^\/server_info$/, () => ({ json: { uptime: 1, idle_time: 1, version: "1.26.0" } })],
];

function routesOf(conversation: AgentConversation, files: Map<string, string>): Route[] {
  const here = `/api/conversations/${conversation.id}`;
  return [
    [
      "GET",
      at(here),
      () => ({ json: { id: conversation.id, execution_status: conversation.status() } }),
    ],
    [
      "POST",
      at(`${here}/(?:pause|run|events/respond_to_confirmation)`),
      () => ({ json: { success: true } }),
    ],
    ["POST", at(`${here}/events`), (ask) => sayBy(conversation, ask)],
    [
      "GET",
      at(`${here}/events/search`),
      () => ({ json: { items: conversation.events(), next_page_id: null } }),
    ],
    ["GET", at(`${here}/events/count`), () => ({ json: conversation.events().length })],
    ["POST", /^\/api\/file\/upload\/(.+)$/, (ask) => upload(files, ask)],
    [
      "GET",
      /^\/api\/git\/changes\/(.+)$/,
      () => ({ json: [{ status: "ADDED", path: "notes.txt" }] }),
    ],
    ["GET", /^\/api\/git\/diff\/(.+)$/, () => ({ json: { modified: "玄関\n", original: "" } })],
  ];
}

function editorRoutes(vscodeUrl: () => string): Route[] {
  return [["GET", /^\/api\/vscode\/url$/, () => ({ json: { url: vscodeUrl() } })]];
}

function at(path: string): RegExp {
  return new RegExp(`^${path}$`);
}

function sayBy(conversation: AgentConversation, { body }: Ask): Answer {
  const { role, content } = JSON.parse(body) as { role?: unknown; content?: unknown };
  const text = textOf(content);
  if (role !== "user" || text === undefined) return { status: 422, json: { detail: "no message" } };
  conversation.say(text);
  return { json: { success: true } };
}

/** The path is one encoded segment, `%2Fworkspace%2Fnotes.txt`; the file is the part `file` of a form. */
function upload(files: Map<string, string>, { parts, body, headers }: Ask): Answer {
  const boundary = /boundary=(.+)$/.exec(headers["content-type"] ?? "")?.[1];
  const file = /name="file"[^]*?\r\n\r\n([^]*?)\r\n--/.exec(body)?.[1];
  if (boundary === undefined || file === undefined) {
    return { status: 422, json: { detail: [{ loc: ["body", "file"], msg: "Field required" }] } };
  }
  files.set(decodeURIComponent(parts[0] ?? ""), file);
  return { json: { success: true } };
}
