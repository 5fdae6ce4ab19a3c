/*
 * The editor in a sandbox: openvscode-server with a connection token. What matters at a door is how it keeps
 * its token in a cookie and how its page finds its WebSocket.
 *
 * OVS:src/vs/server/node/webClientServer.ts _handleRoot: `?tkn=` answers 302 with the cookie vscode-tkn
 *   (SameSite=Lax, a week, readable by scripts) and a Location without the token; the page's remoteAuthority is
 *   X-Original-Host, X-Forwarded-Host or Host.
 * OVS:src/vs/server/node/remoteExtensionHostAgentServer.ts: 403 "Forbidden." without a valid token, /version free.
 * OVS:src/vs/workbench/browser/web.main.ts: the page reads the token from document.cookie, and says it in its
 *   WebSocket's first message; the server answers nothing to a wrong one and hangs up.
 */
import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { cookiesOf, minding } from "./minding.ts";
import { type Answer, type Ask, type Place, type Served, serve, split } from "./stand-in.ts";

const EDITOR_COOKIE = "vscode-tkn";
const COMMIT = "/oss-1f2e3d4c";

export interface VsCode extends Served {
  readonly token: string;
  /** The remoteAuthority of every page it gave, in order. */
  readonly authorities: readonly string[];
  /** WebSockets that are open and have shown the token. */
  readonly connected: () => number;
}

/**
 * @param token what it wants to be shown: `--connection-token`.
 * @param base in front of every path: `--server-base-path /vscode`.
 */
export async function startVsCode(token: string, place: Place = {}, base = ""): Promise<VsCode> {
  const authorities: string[] = [];
  const sockets = new WebSocketServer({ noServer: true });
  const proven = new Set<WebSocket>();
  const page = (ask: Ask): Answer => {
    const shown = ask.query.get("tkn");
    if (shown !== null) return withoutToken(ask, shown);
    const authority = authorityOf(ask.headers);
    authorities.push(authority);
    return { html: pageOf(authority, base), headers: { "content-security-policy": CSP } };
  };
  const served = await serve(
    {
      name: "VS Code",
      mind: minding((name) => name === EDITOR_COOKIE),
      first: (ask) => (mayCome(ask, token, base) ? {} : { instead: FORBIDDEN }),
      routes: [
        ["GET", at(`${base}/version`), () => ({ text: COMMIT })],
        ["GET", at(`${base}/`), page],
        ["GET", at(`${base}${COMMIT}/static/out/main.js`), () => ({ text: "", headers: SCRIPT })],
        ["GET", /^\/favicon\.ico$/, () => ({ bytes: Buffer.alloc(0) })],
      ],
      upgrade: (request, socket, head) => {
        const { path, query } = split(request);
        if (path !== `${base}${COMMIT}` || !query.has("reconnectionToken")) {
          served.note(`nobody expected a WebSocket at ${path}`);
          socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
          return;
        }
        sockets.handleUpgrade(request, socket, head, (open) => {
          open.once("message", (data: Buffer) => {
            const said = JSON.parse(data.toString("utf8")) as { type: string; auth: string };
            if (said.type !== "auth" || !isSame(said.auth, token)) {
              served.note("its page did not know the token");
              open.close();
              return;
            }
            proven.add(open);
            open.once("close", () => proven.delete(open));
            open.send(JSON.stringify({ type: "sign" }));
          });
        });
      },
    },
    place,
  );
  return { ...served, token, authorities, connected: () => proven.size };
}

const FORBIDDEN: Answer = { status: 403, text: "Forbidden." };
const SCRIPT = { "content-type": "text/javascript" };
/** Of the original's fields the ones a door could break. */
const CSP =
  "default-src 'self'; img-src 'self' https: data: blob:; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss: https:;";

function at(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(".", "[.]")}$`);
}

function mayCome({ path, query, headers }: Ask, token: string, base: string): boolean {
  if (path === `${base}/version`) return true;
  const shown = query.get("tkn");
  if (shown !== null) return isSame(shown, token);
  return cookiesOf(headers.cookie).some(
    ([name, value]) => name === EDITOR_COOKIE && isSame(decodeURIComponent(value), token),
  );
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function withoutToken({ path, query, headers }: Ask, token: string): Answer {
  const kept = new URLSearchParams(query);
  kept.delete("tkn");
  const base = headers["x-forwarded-prefix"] ?? path;
  const location = kept.size === 0 ? String(base) : `${String(base)}?${kept.toString()}`;
  const cookie = `${EDITOR_COOKIE}=${encodeURIComponent(token)}; Max-Age=604800; SameSite=Lax`;
  return { status: 302, headers: { location, "set-cookie": cookie } };
}

function authorityOf(headers: IncomingHttpHeaders): string {
  const first = headers["x-original-host"] ?? headers["x-forwarded-host"] ?? headers.host ?? "";
  return String(first);
}

/** `body.dataset.state` says how far it came: opening, connected, lost. */
function pageOf(authority: string, base: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Editor</title>
<style>body { margin: 0; font: 15px system-ui; background: #1e1e1e; color: #ddd; padding: 16px }</style>
<body data-state="opening" data-authority="${authority}">
<h1>Editor</h1>
<p id="state">opening</p>
<script>
  // OVS:src/vs/base/browser/dom.ts getCookieValue
  const token = document.cookie.match("(^|[^;]+)\\\\s*vscode-tkn\\\\s*=\\\\s*([^;]+)")?.pop();
  const say = (text) => { document.body.dataset.state = text; document.getElementById("state").textContent = text; };
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const { authority } = document.body.dataset;
  const socket = new WebSocket(scheme + "://" + authority + "${base}${COMMIT}?reconnectionToken=" + crypto.randomUUID() + "&reconnection=false&skipWebSocketFrames=false");
  socket.onopen = () => socket.send(JSON.stringify({ type: "auth", auth: token ?? "00000000000000000000" }));
  socket.onmessage = () => say("connected");
  socket.onclose = () => say("lost");
</script>
<script src="${base}${COMMIT}/static/out/main.js"></script>
</body>
</html>
`;
}
