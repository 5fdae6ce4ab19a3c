/*
 * Socket.IO as 0.36 speaks it: one namespace, `oh_event` out, `oh_user_action` in, and refusals at connect
 * (V0:openhands/server/listen_socket.py). The server is the real one of the Socket.IO project.
 */
import type { Server as HttpServer } from "node:http";
import { Server, type Socket } from "socket.io";
import type { Conversation036 } from "./conversation-036.ts";

export interface SocketNeeds {
  hasSettings(): boolean;
  conversation(id: string): Conversation036 | undefined;
  note(what: string): void;
}

export interface Sockets036 {
  /** Clients that are connected now, by transport. */
  readonly transports: () => string[];
  /** Drops them all, as a restart would; they come again. */
  drop(): void;
}

export function serveSockets036(http: HttpServer, needs: SocketNeeds): Sockets036 {
  // The page brings its own client, as the built frontend does; cors_allowed_origins='*' asks nobody's origin.
  const io = new Server(http, {
    serveClient: false,
    cors: { origin: "*" },
    maxHttpBufferSize: 8_000_000,
  });
  io.use((socket, next) => {
    const wrong = whyRefused(socket, needs);
    next(wrong);
  });
  io.on("connection", (socket) => {
    const { conversation_id: id, latest_event_id: latest } = socket.handshake.query;
    const conversation = needs.conversation(String(id));
    if (!conversation) return;
    for (const event of conversation.replay(Number(latest ?? -1))) socket.emit("oh_event", event);
    const quiet = conversation.listen((event) => socket.emit("oh_event", event));
    socket.once("disconnect", quiet);
    const act = (action: unknown): void => {
      const wrong = conversation.act(action);
      if (wrong !== undefined) needs.note(wrong);
    };
    socket.on("oh_user_action", act);
    socket.on("oh_action", act);
    socket.onAny((event: string) => {
      if (event !== "oh_user_action" && event !== "oh_action")
        needs.note(`nobody expected the event ${event}`);
    });
  });
  return {
    transports: () => [...io.sockets.sockets.values()].map(({ conn }) => conn.transport.name),
    drop: () => {
      for (const socket of io.sockets.sockets.values()) socket.conn.close();
    },
  };
}

/** CONNECT_ERROR carries `message`, and `data` beside it, as python-socketio sends a refusal. */
function whyRefused({ handshake }: Socket, needs: SocketNeeds): Error | undefined {
  const { query } = handshake;
  const id = query["conversation_id"];
  if (id === undefined || id === "") return new Error("No conversation_id in query params");
  if (query["EIO"] !== "4") needs.note(`the client speaks Engine.IO ${String(query["EIO"])}`);
  if (!needs.hasSettings()) {
    const refusal = new Error("Settings not found");
    return Object.assign(refusal, { data: { msg_id: "CONFIGURATION$SETTINGS_NOT_FOUND" } });
  }
  if (needs.conversation(String(id))) return undefined;
  needs.note(
    "a socket for a conversation that is not there: 0.36 would try to start an agent for it",
  );
  return new Error("Failed to join conversation");
}
