/*
 * A proxy made with http-proxy-3: `http-proxy-3.mjs PORT APP-PORT CERT KEY`.
 */
import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import { createProxyServer } from "http-proxy-3";

const [port, appPort, cert = "", key = ""] = process.argv.slice(2);
const proxy = createProxyServer({
  target: { host: "127.0.0.1", port: Number(appPort) },
  ssl: { cert: readFileSync(cert), key: readFileSync(key) },
  agent: new Agent({ keepAlive: true, maxFreeSockets: 64 }),
  ws: true,
  xfwd: true,
});
// Without a listener the library throws, and one visitor who resets a WebSocket ends the whole proxy.
proxy.on("error", () => undefined);
proxy.listen(Number(port), "127.0.0.1");
