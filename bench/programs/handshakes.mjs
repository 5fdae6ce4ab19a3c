/*
 * Shakes hands over TLS 1.3 as fast as it can: `handshakes.mjs PORT NAME SECONDS new|resumed`. Prints how
 * many there were and how many of them were resumed.
 */
import { connect } from "node:tls";

const [port, servername = "", seconds, kind] = process.argv.slice(2);
const AT_ONCE = 8;
const end = Date.now() + Number(seconds) * 1000;
/** @type {Buffer | undefined} */
let session;
let done = 0;
let resumed = 0;

/** @param {boolean} isFirst @returns {Promise<void>} */
function shakeHands(isFirst) {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: "127.0.0.1",
      port: Number(port),
      servername,
      rejectUnauthorized: false,
      ALPNProtocols: ["http/1.1"],
      ...(session ? { session } : {}),
    });
    socket.once("secureConnect", () => {
      done += 1;
      if (socket.isSessionReused()) resumed += 1;
      if (!isFirst) socket.end();
    });
    if (isFirst) {
      socket.once("session", (ticket) => {
        session = ticket;
        socket.end();
      });
    }
    socket.resume();
    socket.once("error", reject);
    socket.once("close", () => resolve());
  });
}

async function work() {
  while (Date.now() < end) await shakeHands(false);
}

if (kind === "resumed") await shakeHands(true);
done = 0;
await Promise.all(Array.from({ length: AT_ONCE }, work));
console.log(JSON.stringify({ done, resumed }));
