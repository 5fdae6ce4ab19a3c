/*
 * Agent Canvas on one port: the real UI, an agent-server's API and sockets behind it, and the editor under
 * /vscode (section 2C.1; AC:scripts/static-server.mjs, SDK:openhands-agent-server/*).
 *
 *   const canvas = await startCanvas({ ui: folder });      // of describeWithCanvas
 *   …
 *   expectNothingOdd(canvas);
 *   await canvas.stop();
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { type AgentConversation } from "../agent/conversation.ts";
import { type EventsSocket, eventsSocket } from "../agent/events-socket.ts";
import { corsOfLocalhost } from "../cors.ts";
import { minding } from "../minding.ts";
import { type Ask, type First, type Place, serve, type Served, type StandIn } from "../stand-in.ts";
import { startVsCode, type VsCode } from "../vs-code.ts";
import { canvasRoutes } from "./canvas-routes.ts";
import { staticFile } from "./static-files.ts";

export interface CanvasOptions extends Place {
  /** The folder with the UI's index.html; without it the UI is an empty page. */
  readonly ui?: string;
  /** `LOCAL_BACKEND_API_KEY`. */
  readonly key?: string;
  /** Whether devices get the key with the page (`AGENT_CANVAS_ALLOW_LAN_SESSION_KEY`); they do unless told. */
  readonly hasKeyInPage?: boolean;
  /** Until this is called it is not ready: `/ready` answers 503. */
  readonly isReady?: () => boolean;
  /** Paths that may be asked for besides its own: probes of others. */
  readonly mayCome?: RegExp;
}

export interface Canvas extends StandIn {
  readonly key: string;
  readonly conversations: ReadonlyMap<string, AgentConversation>;
  readonly socket: EventsSocket;
  readonly editor: VsCode;
}

const EDITOR_PATH = "/vscode";

export async function startCanvas(options: CanvasOptions = {}): Promise<Canvas> {
  const key = options.key ?? randomBytes(32).toString("base64url");
  const isKey = (text: unknown): boolean => typeof text === "string" && isSame(text, key);
  const conversations = new Map<string, AgentConversation>();
  const editor = await startVsCode(key, {}, EDITOR_PATH);
  const socket = eventsSocket({
    conversation: (id) => conversations.get(id),
    isKey,
    note: (what) => served.note(what),
    isQuiet: (path) => path === "/sockets/bash-events",
  });
  const world = {
    key,
    conversations,
    isReady: options.isReady ?? (() => true),
    editorPath: EDITOR_PATH,
  };
  const { ui, hasKeyInPage = true } = options;
  const served: Served = await serve(
    {
      name: "Canvas",
      mind: minding((name) => COOKIES.has(name)),
      first: guarded(isKey),
      routes: canvasRoutes(world),
      otherwise: (ask) => {
        if (BACKEND.test(ask.path)) return { status: 404, json: { detail: "Not Found" } };
        if (ui === undefined) return { html: "<!doctype html><title>OpenHands</title>" };
        return staticFile(
          { folder: ui, key: hasKeyInPage ? key : undefined, editorPath: EDITOR_PATH },
          ask,
        );
      },
      mayCome: ({ path }) => !BACKEND.test(path) || options.mayCome?.test(path) === true,
      upgrade: (request, tcp, head) => {
        if (request.url?.startsWith(`${EDITOR_PATH}/`) === true) {
          editor.server.emit("upgrade", request, tcp, head);
        } else socket.upgrade(request, tcp, head);
      },
      elsewhere: ({ url }) =>
        url?.startsWith(`${EDITOR_PATH}/`) === true ? editor.server : undefined,
    },
    options,
  );
  return {
    ...served,
    get unexpected() {
      return [...served.unexpected, ...editor.unexpected];
    },
    key,
    conversations,
    socket,
    editor,
    stop: async () => {
      await editor.stop();
      await served.stop();
    },
  };
}

/** The editor shares the origin, so its cookie comes everywhere (section 2C.4). */
const COOKIES: ReadonlySet<string> = new Set([
  "oh_workspace_session_key",
  "vscode-tkn",
  "ui-session",
]);

const BACKEND =
  /^\/(?:api|sockets|vscode)\/|^\/(?:server_info|alive|health|ready|docs|redoc|openapi\.json)$/;

/** Every route under /api/ wants the key (SDK:…/dependencies.py), but for those a frame asks with its cookie. */
function guarded(isKey: (text: unknown) => boolean): (ask: Ask) => First {
  const cors = corsOfLocalhost();
  return (ask) => {
    const { fields, instead } = cors(ask);
    const isOpen = !ask.path.startsWith("/api/") || isKey(ask.headers["x-session-api-key"]);
    const isPreview = /^\/api\/conversations\/[^/]+\/workspace\//.test(ask.path);
    const refused =
      isOpen || isPreview ? undefined : { status: 401, json: { detail: "Unauthorized" } };
    return { fields, instead: instead ?? refused };
  };
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
