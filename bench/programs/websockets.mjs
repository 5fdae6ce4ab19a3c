/*
 * Visitors with WebSockets: `websockets.mjs PORT NAME SOCKETS SECONDS`. Opens them, says so on a line, sends a
 * message on each and the next when its echo is there, for SECONDS; none are sent where that is 0, and it waits to
 * be ended. Prints how many are open and how many messages went round.
 */
import { WebSocket } from "ws";

const [port, name, count, seconds] = process.argv.slice(2);
const MESSAGE = Buffer.alloc(100, "genkan ");
/** Addresses of its own for every few hundred: doors hold one address to a number of connections. */
const PER_ADDRESS = 400;
/** @type {WebSocket[]} */
const open = [];
let echoes = 0;

/** @param {number} nth @returns {Promise<boolean>} */
function openOne(nth) {
  return new Promise((resolve) => {
    /** @type {import("ws").ClientOptions & { servername: string }} */
    const options = {
      servername: name ?? "",
      headers: { host: name ?? "" },
      localAddress: `127.0.0.${2 + Math.floor(nth / PER_ADDRESS)}`,
      rejectUnauthorized: false,
      perMessageDeflate: false,
      handshakeTimeout: 10_000,
    };
    const socket = new WebSocket(`wss://127.0.0.1:${port}/socket.io/`, options);
    socket.on("error", () => resolve(false));
    socket.on("open", () => {
      open.push(socket);
      resolve(true);
    });
  });
}

const AT_ONCE = 50;
for (let nth = 0; nth < Number(count); nth += AT_ONCE) {
  const batch = Array.from({ length: Math.min(AT_ONCE, Number(count) - nth) }, (_, i) => nth + i);
  const results = await Promise.all(batch.map(openOne));
  if (results.includes(false)) break;
}
console.log(JSON.stringify({ open: open.length }));

if (Number(seconds) > 0) {
  for (const socket of open) {
    socket.on("message", () => {
      echoes += 1;
      socket.send(MESSAGE);
    });
    socket.send(MESSAGE);
  }
  setTimeout(
    () => {
      console.log(JSON.stringify({ echoes }));
      process.exitCode = 0;
      for (const socket of open) socket.terminate();
    },
    Number(seconds) * 1000,
  );
}
