/*
 * A page that asks of the app server and of the sandboxes what the frontend of 1.x asks, in the same way.
 *
 * V1dev:frontend/src/utils/websocket-url.ts: the scheme is the page's, host and path prefix are conversation_url's.
 * V1dev:frontend/src/api/{conversation-service,event-service,git-service}/*: REST at that host, X-Session-API-Key, no credentials.
 * V1dev:frontend/src/utils/vscode-url-helper.ts, routes/vscode-tab.tsx: `localhost` becomes the page's host name; an iframe where
 *   the scheme is the page's, a button otherwise.
 * V1dev:frontend/src/hooks/query/use-unified-active-host.ts: every 3 s a cross-origin GET of each worker, without credentials.
 */

export interface PageSpec1 {
  /** How the page shows its key to the events socket: until the middle of 2026 in the query. */
  readonly auth: "query" | "first frame";
  /** Whether it keeps a path in front of `/api/conversations/`; 1.0 and 1.1 do not. */
  readonly keepsPrefix: boolean;
}

/**
 * `#state` says the conversation's state, `#messages` what was said; `#new` begins one, `#upload` puts a file into the
 * sandbox and `#changes` says what git sees, `#editor` and `#app` are the tabs. `ui-session` and `openhands-key` are its own.
 */
export function page1({ auth, keepsPrefix }: PageSpec1): string {
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
<button id="new">New conversation</button>
<p id="state">no conversation</p>
<div id="messages"></div>
<form id="chat"><input id="text"><button>Send</button></form>
<p><button id="upload">Upload notes.txt</button> <span id="uploaded"></span> <span id="changes"></span></p>
<h2>Code</h2><p id="code"></p><iframe id="editor" title="VS Code"></iframe>
<h2>App</h2><p id="host">looking for a host</p><iframe id="app" title="App"></iframe>
<script>
  const at = (id) => document.getElementById(id);
  const json = async (path, init) => {
    const answer = await fetch(path, init);
    if (!answer.ok) throw new Error(path + ": " + answer.status);
    return answer.json();
  };
  const post = (path, body) => json(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  if (!new URLSearchParams(location.search).has("plain")) document.cookie = "ui-session=of-the-ui; path=/; SameSite=Lax";
  localStorage.setItem("openhands-key", "of-the-ui");

  at("new").onclick = async () => {
    if ((await fetch("/api/settings")).status === 404) await post("/api/settings", { llm_model: "stand-in", llm_api_key: "dummy", agent: "CodeActAgent", language: "en" });
    let [task] = [await post("/api/v1/app-conversations", {})];
    while (task.status !== "READY") {
      at("state").textContent = task.status;
      if (task.status === "ERROR") return;
      await new Promise((resolve) => setTimeout(resolve, 50));
      [task] = await json("/api/v1/app-conversations/start-tasks?ids=" + task.id);
    }
    location.href = "/conversations/" + task.app_conversation_id + location.search;
  };

  const open = async (id) => {
    const [conversation] = await json("/api/v1/app-conversations?ids=" + id);
    const { conversation_url: url, session_api_key: key, sandbox_id } = conversation;
    const { host, pathname } = new URL(url);
    const prefix = ${keepsPrefix} ? pathname.split("/api/conversations")[0] : "";
    const isSecure = location.protocol === "https:";
    const inQuery = ${auth === "query"} ? "&session_api_key=" + encodeURIComponent(key) : "";
    const socket = new WebSocket((isSecure ? "wss://" : "ws://") + host + prefix + "/sockets/events/" + id + "?resend_all=true" + inQuery);
    if (!inQuery) socket.onopen = () => socket.send(JSON.stringify({ type: "auth", session_api_key: key }));
    socket.onclose = ({ code }) => { at("state").textContent = "Disconnected " + code; };
    socket.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      if (event.kind === "ConversationStateUpdateEvent") {
        at("state").textContent = event.key === "full_state" ? event.value.execution_status : event.value;
      }
      if (event.kind === "MessageEvent") {
        const line = document.createElement("p");
        line.textContent = event.source + ": " + event.llm_message.content[0].text;
        at("messages").append(line);
      }
    };
    at("chat").onsubmit = (event) => {
      event.preventDefault();
      socket.send(JSON.stringify({ role: "user", content: [{ type: "text", text: at("text").value }] }));
    };

    const sandbox = location.protocol + "//" + host + prefix;
    const headers = { "X-Session-API-Key": key };
    at("upload").onclick = async () => {
      try {
        const form = new FormData();
        form.append("file", new File(["玄関\\n"], "notes.txt", { type: "text/plain" }));
        const answer = await fetch(sandbox + "/api/file/upload/" + encodeURIComponent("/workspace/project/notes.txt"), { method: "POST", headers, body: form });
        at("uploaded").textContent = "upload " + answer.status;
        const changes = await json(sandbox + "/api/git/changes/" + encodeURIComponent("/workspace/project"), { headers });
        at("changes").textContent = changes.map(({ status, path }) => status + " " + path).join(", ");
      } catch (thrown) { at("uploaded").textContent = "upload failed: " + thrown.message; }
    };

    const [{ exposed_urls: exposed }] = await json("/api/v1/sandboxes?id=" + sandbox_id);
    const editor = new URL(exposed.find(({ name }) => name === "VSCODE").url);
    if (editor.hostname === "localhost") editor.hostname = location.hostname;
    if (editor.protocol === location.protocol) at("editor").src = editor.href;
    else at("code").textContent = "Open in a new tab";

    const look = async () => {
      for (const { name, url } of exposed) {
        if (!name.startsWith("WORKER_")) continue;
        try {
          const answer = await fetch(url);
          if (!answer.ok) continue;
          at("host").textContent = url;
          at("app").src = url + location.search;
          return;
        } catch (thrown) { console.info(url + ": " + thrown.message); }
      }
      setTimeout(look, 3000);
    };
    void look();
  };
  const found = location.pathname.match(/^\\/conversations\\/([0-9a-f]+)/);
  if (found) void open(found[1]);
</script>
</html>
`;
}
