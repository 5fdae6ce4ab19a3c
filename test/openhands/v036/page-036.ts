/*
 * A page that asks of the server what the frontend of 0.36 asks, in the same way: the whole of its traffic,
 * little of its looks.
 *
 * V0:frontend/src/context/ws-client-provider.tsx: io(window.location.host, websocket alone, query).
 * V0:frontend/src/routes/vscode-tab.tsx: vscode-url into an iframe, as it comes.
 * V0:frontend/src/hooks/query/use-active-host.ts, routes/served-tab.tsx: every 3 s a cross-origin GET of each host, without
 *   credentials; the first that succeeds goes into an iframe.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The client of the Socket.IO project, as the built frontend carries it in its assets. */
export function socketClient(): Buffer {
  const entry = createRequire(import.meta.url).resolve("socket.io/package.json");
  return readFileSync(join(dirname(entry), "client-dist/socket.io.min.js"));
}

/**
 * `#state` says the agent's state, `#messages` what was said; `#new` begins a conversation, `#editor` and `#app` are
 * its tabs. It keeps a cookie and a key of its own, which no sandbox may see: `ui-session`, `openhands-key`.
 */
export function page036(): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>OpenHands</title>
<link rel="icon" href="data:,">
<style>
  body { margin: 0; font: 15px system-ui; background: #0d0f11; color: #eee; display: grid; gap: 8px; padding: 12px }
  iframe { width: 100%; height: 220px; border: 1px solid #444; background: #fff }
  #messages { min-height: 60px; border: 1px solid #444; padding: 8px }
</style>
<h1>OpenHands</h1>
<button id="new">Launch from scratch</button>
<p id="state">no conversation</p>
<div id="messages"></div>
<form id="chat"><input id="text"><button>Send</button></form>
<h2>VS Code</h2><iframe id="editor" title="VS Code"></iframe>
<h2>App</h2><p id="host">looking for a host</p><iframe id="app" title="App"></iframe>
<script src="/assets/socket.io.js"></script>
<script>
  const at = (id) => document.getElementById(id);
  const json = async (path, init) => {
    const answer = await fetch(path, init);
    return { status: answer.status, body: await answer.json() };
  };
  const post = (path, body) => json(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  if (!new URLSearchParams(location.search).has("plain")) document.cookie = "ui-session=of-the-ui; path=/; SameSite=Lax";
  localStorage.setItem("openhands-key", "of-the-ui");

  at("new").onclick = async () => {
    const { status } = await json("/api/settings");
    if (status === 404) await post("/api/settings", { llm_model: "stand-in", llm_api_key: "dummy", agent: "CodeActAgent", language: "en" });
    const { body } = await post("/api/conversations", {});
    location.href = "/conversations/" + body.conversation_id + location.search;
  };

  const id = location.pathname.split("/")[2];
  if (location.pathname.startsWith("/conversations/")) {
    const seen = [];
    window.seen = seen;
    const query = { latest_event_id: -1, conversation_id: id, providers_set: "" };
    const socket = io(window.location.host, { transports: ["websocket"], query });
    socket.on("connect_error", (error) => { at("state").textContent = "refused: " + error.message; });
    socket.on("oh_event", (event) => {
      seen.push(event);
      if (event.id !== undefined && !event.status_update) query.latest_event_id = event.id;
      if (event.extras?.agent_state) at("state").textContent = event.extras.agent_state;
      if (event.action === "message") {
        const line = document.createElement("p");
        line.textContent = event.source + ": " + event.message;
        at("messages").append(line);
      }
    });
    at("chat").onsubmit = (event) => {
      event.preventDefault();
      socket.emit("oh_user_action", { action: "message", args: { content: at("text").value, image_urls: [], timestamp: new Date().toISOString() } });
    };

    json("/api/conversations/" + id + "/vscode-url").then(({ body }) => { at("editor").src = body.vscode_url; });

    json("/api/conversations/" + id + "/web-hosts").then(({ body }) => {
      const look = async () => {
        for (const host of Object.keys(body.hosts)) {
          try {
            // axios rejects what is not 2xx.
            const answer = await fetch(host);
            if (!answer.ok) continue;
            at("host").textContent = host;
            at("app").src = host + location.search;
            return;
          } catch (thrown) { console.info(host + ": " + thrown.message); }
        }
        setTimeout(look, 3000);
      };
      void look();
    });
  }
</script>
</html>
`;
}
