/*
 * An app as the door's first one was: OpenHands 0.36 talks to its page over Socket.IO on port 3000. The
 * page waits for the client until the server has spoken to it, and then for the person. For tests
 * (socket-io-app.ts), and for hosts of their own (programs/openhands.ts).
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { Server as HttpServer } from "node:http";
import { Server } from "socket.io";

export interface SocketIoServer {
  readonly port: number;
  /** Transports of the clients that are connected now, as the server sees them. */
  readonly transports: () => string[];
  /** How often the page was asked for. */
  readonly requests: () => number;
  close(): Promise<void>;
}

/** Every message below 8 MB passes: what is tested is the door, not this limit. */
const LONGEST_MESSAGE = 8_000_000;

/** Listens on 127.0.0.1, on port 3000 where that is free. */
export async function listenSocketIo(): Promise<SocketIoServer> {
  let requests = 0;
  const http = createServer((request, response) => {
    requests += 1;
    const isPage = request.url?.split("?")[0] === "/";
    response.writeHead(isPage ? 200 : 404, { "content-type": "text/html; charset=utf-8" });
    response.end(isPage ? PAGE : "");
  });
  const io = new Server(http, { maxHttpBufferSize: LONGEST_MESSAGE });
  io.on("connection", (socket) => {
    socket.emit("state", "agent is awaiting user input");
    socket.on("echo", (data: unknown, answer: (data: unknown) => void) => answer(data));
  });
  const port = (await listen(http, 3000)) ?? (await listen(http, 0));
  if (port === undefined) throw new Error("no port was given");
  return {
    port,
    requests: () => requests,
    transports: () => [...io.sockets.sockets.values()].map(({ conn }) => conn.transport.name),
    close: () => io.close(),
  };
}

/** The port, or undefined where somebody else has it. */
async function listen(server: HttpServer, port: number): Promise<number | undefined> {
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "EADDRINUSE") return undefined;
    throw thrown;
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : undefined;
}

/** `?transports=polling,websocket` chooses how the client connects, by WebSocket unless told. Reconnects quickly, so that tests need not wait. */
const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>OpenHands</title>
<link rel="icon" href="data:,">
<h1>OpenHands</h1>
<p id="state">waiting for the client</p>
<script src="/socket.io/socket.io.js"></script>
<script>
  const state = document.getElementById("state");
  const transports = new URLSearchParams(location.search).get("transports")?.split(",") ?? ["websocket"];
  const socket = io({ transports, reconnectionDelay: 100, reconnectionDelayMax: 400 });
  socket.on("state", (text) => { state.textContent = text; });
  socket.on("disconnect", () => { state.textContent = "waiting for the client"; });
</script>
</html>
`;
