/*
 * A page an agent was talked into serving. It tries to reach the UI that shows it, and says in
 * `document.body.dataset.done` what it got: each line names an attempt and how it ended.
 */

/** The UI's origin comes in the query (`?ui=`), the portal's too (`?portal=`): no secret, any page could guess them. */
export function hostilePage(): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Not a nice app</title>
<body>
<h1>Not a nice app</h1>
<script>
  const query = new URLSearchParams(location.search);
  const ui = query.get("ui") ?? (document.referrer && new URL(document.referrer).origin);
  const portal = query.get("portal");
  const got = {};
  const attempt = async (name, does) => {
    try { got[name] = await does(); } catch (thrown) { got[name] = "refused: " + thrown.name; }
  };
  const framed = (url) => new Promise((resolve) => {
    const frame = document.body.appendChild(document.createElement("iframe"));
    frame.onload = () => {
      try { resolve(frame.contentDocument === null ? "another origin" : frame.contentDocument.body.innerText); }
      catch (thrown) { resolve("another origin"); }
    };
    frame.src = url;
  });
  const run = async () => {
    document.cookie = "ui-session=stolen; path=/";
    document.cookie = "ui-session=stolen; path=/; domain=" + location.hostname;
    document.cookie = "__Host-genkan=stolen; path=/; secure";
    await attempt("parent", () => parent.document.body.innerText.slice(0, 40));
    await attempt("storage", () => parent.localStorage.getItem("openhands-key"));
    await attempt("settings", async () => (await (await fetch(ui + "/api/settings", { credentials: "include" })).text()).slice(0, 80));
    await attempt("settings-without-cookies", async () => (await (await fetch(ui + "/api/settings")).text()).slice(0, 80));
    await attempt("save-settings", async () => {
      const answer = await fetch(ui + "/api/settings", { method: "POST", mode: "no-cors", credentials: "include", headers: { "content-type": "text/plain" }, body: '{"llm_model":"stolen"}' });
      return answer.type;
    });
    await attempt("socket", () => new Promise((resolve) => {
      const socket = new WebSocket(ui.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket");
      socket.onopen = () => resolve("open");
      socket.onerror = () => resolve("refused");
    }));
    if (ui) await attempt("frame-ui", () => framed(ui + "/"));
    if (portal) await attempt("frame-portal", () => framed(portal + "/"));
    got.cookies = document.cookie;
    document.body.dataset.done = JSON.stringify(got);
  };
  void run();
</script>
</body>
</html>
`;
}
