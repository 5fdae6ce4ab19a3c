/*
 * What every proxy has behind it: `app.mjs PORT`. Small and larger answers, a download of any size, uploads
 * counted, WebSockets echoed. The first two are written to the socket as they are, so that this program leaves
 * its core to the load.
 */
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { WebSocketServer } from "ws";

const port = Number(process.argv[2]);
const TEXT = { "content-type": "text/plain" };
const BLOCK = Buffer.alloc(256 * 1024, "genkan ");
const SEARCH = "GET /api/v1/app-conversations/search?bytes=";
/** OpenHands gives no more conversations at a time. */
const MOST = 100;
/** @type {Map<string, Buffer>} */
const SMALL = new Map();
for (const size of [100, 10_000]) SMALL.set(`GET /${size} `, answerOf(size));
const sandboxes = await Promise.all([1, 2, 3, 4, 5].map(openSandbox));
for (const size of [10_000, 1_000_000]) {
  SMALL.set(`${SEARCH}${size} `, wholeAnswer("application/json", conversations(size)));
}

const http = createHttpServer((request, response) => {
  if (request.url?.startsWith("/bytes/")) {
    send(response, Number(request.url.slice("/bytes/".length)));
  } else {
    count(request, response);
  }
});
http.keepAliveTimeout = 60_000;
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
sockets.on("connection", (socket) => {
  socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
});

createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => undefined); // proxies come and go
  socket.on("data", (/** @type {Buffer} */ chunk) => {
    const head = chunk.toString("latin1");
    const answer = SMALL.get(head.slice(0, head.indexOf(" ", 4) + 1));
    if (answer) {
      if (/^connection: close/im.test(head)) socket.end(answer);
      else socket.write(answer);
      return;
    }
    // Anything else is for Node's server, and so is all that follows on this connection.
    socket.removeAllListeners("data");
    socket.pause();
    socket.unshift(chunk);
    http.emit("connection", socket);
    socket.resume();
  });
}).listen(port, "127.0.0.1");

/** @param {number} size */
function answerOf(size) {
  return wholeAnswer("text/plain", BLOCK.subarray(0, size));
}

/** @param {string} type @param {Buffer} content */
function wholeAnswer(type, content) {
  const date = "Wed, 25 Nov 2026 00:00:00 GMT";
  const length = content.length;
  const head = `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\nDate: ${date}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), content]);
}

/** Somebody who listens where a sandbox is said to be; its port is given. @returns {Promise<number>} */
function openSandbox() {
  const sandbox = createServer((socket) => socket.destroy());
  return new Promise((resolve) => {
    sandbox.listen(0, "127.0.0.1", () => {
      const address = sandbox.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
}

/** A page of OpenHands' conversations, of about this many bytes; five have a sandbox that runs. @param {number} size */
function conversations(size) {
  const count = Math.min(MOST, Math.ceil(size / 400));
  const calls = Math.max(0, Math.floor((size / count - 400) / 105));
  const items = Array.from({ length: count }, (_, nth) => conversation(nth, calls));
  return Buffer.from(JSON.stringify({ items, next_page_id: null }));
}

/** @param {number} nth @param {number} calls of a model, of each of which its metrics tell */
function conversation(nth, calls) {
  const port = sandboxes[nth];
  const usage = { model: "some/model-of-the-year", prompt_tokens: 20_480, completion_tokens: 512 };
  return {
    id: nth.toString(16).padStart(32, "0"),
    title: `Conversation ${nth}: make the tests of the parser say what they mean`,
    sandbox_status: port ? "RUNNING" : "PAUSED",
    execution_status: port ? "idle" : null,
    conversation_url: port ? `http://localhost:${port}/api/conversations/${nth}` : null,
    session_api_key: port ? `key-of-${nth}-${"k".repeat(32)}` : null,
    selected_repository: "somebody/something",
    created_at: "2026-11-25T00:00:00Z",
    metrics: {
      accumulated_cost: 0.25,
      token_usages: Array.from({ length: calls }, () => ({ ...usage, per_turn_token: 20_992 })),
      response_latencies: Array.from({ length: calls }, () => 1.25),
    },
  };
}

/** @param {import("node:http").ServerResponse} response @param {number} size */
function send(response, size) {
  response.writeHead(200, { ...TEXT, "content-length": size });
  let left = size;
  const more = () => {
    while (left > 0) {
      const block = left < BLOCK.length ? BLOCK.subarray(0, left) : BLOCK;
      left -= block.length;
      if (!response.write(block)) return;
    }
    response.end();
  };
  response.on("drain", more);
  more();
}

/** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
function count(request, response) {
  let size = 0;
  request.on("data", (chunk) => (size += chunk.length));
  request.on("end", () => response.end(String(size)));
}
