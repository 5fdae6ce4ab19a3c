/*
 * `/sockets/events/{conversation}` of an agent-server (SDK:openhands-agent-server/openhands/agent_server/sockets.py).
 *
 * - The key comes in the query (`session_api_key`), as X-Session-API-Key, or as the first frame
 *   `{"type":"auth","session_api_key":…}` within ten seconds. 4001 without it, 4004 for an unknown conversation.
 * - Nobody's Origin is asked for. The first frame out is the whole state; then what there was, if asked for.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { split } from "../stand-in.ts";
import type { AgentConversation } from "./conversation.ts";

export interface EventsNeeds {
  readonly conversation: (id: string) => AgentConversation | undefined;
  readonly isKey: (text: unknown) => boolean;
  /** Notes something odd. */
  readonly note: (what: string) => void;
  /** Other sockets, on which nothing ever comes: their path. */
  readonly isQuiet?: (path: string) => boolean;
}

/** How clients showed their keys, in order: `query`, `header`, `first frame`. */
type ShownBy = "query" | "header" | "first frame";

export interface EventsSocket {
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly shownBy: readonly ShownBy[];
  /** Subscribers now. */
  readonly open: () => number;
}

const PATH = /^\/sockets\/events\/([0-9a-f-]+)$/;

export function eventsSocket(needs: EventsNeeds): EventsSocket {
  const sockets = new WebSocketServer({ noServer: true });
  const shownBy: ShownBy[] = [];
  const subscribed = new Set<WebSocket>();
  const meet = async (socket: WebSocket, request: IncomingMessage): Promise<void> => {
    const { path, query } = split(request);
    const by = await keyShown(socket, request, needs);
    if (by === undefined) return socket.close(4001, "Authentication failed");
    if (needs.isQuiet?.(path) === true) return undefined;
    shownBy.push(by);
    const conversation = needs.conversation(PATH.exec(path)?.[1] ?? "");
    if (!conversation) return socket.close(4004, "Conversation not found");
    subscribed.add(socket);
    socket.once("close", () => subscribed.delete(socket));
    subscribe(socket, conversation, query);
    socket.on("message", (data: Buffer) => hear(data, conversation, needs));
  };
  return {
    shownBy,
    open: () => subscribed.size,
    upgrade: (request, socket, head) => {
      const { path } = split(request);
      if (!PATH.test(path) && needs.isQuiet?.(path) !== true) {
        needs.note(`nobody expected a WebSocket at ${path}`);
        socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
        return;
      }
      sockets.handleUpgrade(request, socket, head, (open) => void meet(open, request));
    },
  };
}

async function keyShown(
  socket: WebSocket,
  request: IncomingMessage,
  { isKey, note }: EventsNeeds,
): Promise<ShownBy | undefined> {
  const inQuery = split(request).query.get("session_api_key");
  if (inQuery !== null) return isKey(inQuery) ? "query" : undefined;
  const inField = request.headers["x-session-api-key"];
  if (inField !== undefined) return isKey(inField) ? "header" : undefined;
  const first = await firstFrame(socket);
  if (first === undefined) return undefined;
  const { type, session_api_key: key } = first;
  if (type !== "auth") note(`the first frame was ${JSON.stringify(type)}`);
  return type === "auth" && isKey(key) ? "first frame" : undefined;
}

/** The first frame, or undefined: too late, or gone before. */
function firstFrame(socket: WebSocket): Promise<Record<string, unknown> | undefined> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(undefined), 10_000);
    socket.once("close", () => {
      clearTimeout(late);
      resolve(undefined);
    });
    socket.once("message", (data: Buffer) => {
      clearTimeout(late);
      resolve(JSON.parse(data.toString("utf8")) as Record<string, unknown>);
    });
  });
}

function subscribe(
  socket: WebSocket,
  conversation: AgentConversation,
  query: URLSearchParams,
): void {
  const send = (event: unknown): void => socket.send(JSON.stringify(event));
  send(conversation.snapshot());
  const since = query.get("after_timestamp") ?? "";
  const isWanted = query.get("resend_all") === "true" || query.has("resend_mode");
  for (const event of isWanted ? conversation.events() : []) {
    if (String(event["timestamp"]) >= since) send(event);
  }
  socket.once("close", conversation.listen(send));
}

/** `{"role":"user","content":[{"type":"text","text":…}]}` (section 2C.3). */
function hear(data: Buffer, conversation: AgentConversation, { note }: EventsNeeds): void {
  const said = JSON.parse(data.toString("utf8")) as { role?: unknown; content?: unknown };
  const text = textOf(said.content);
  if (said.role === "user" && text !== undefined) conversation.say(text);
  else note(`a frame nobody expected: ${data.toString("utf8").slice(0, 200)}`);
}

export function textOf(content: unknown): string | undefined {
  if (!Array.isArray(content)) return undefined;
  const texts = (content as { type?: unknown; text?: unknown }[]).flatMap(({ type, text }) =>
    type === "text" && typeof text === "string" ? [text] : [],
  );
  return texts.length === 0 ? undefined : texts.join("\n");
}
