/*
 * What the page runs in the browser: says what the browser knows of the connection, keeps the
 * WebSocket and the clock going. Texts go into the page as text, never as HTML.
 */

/** Allowed in the page by its hash. */
export const BROWSER_SCRIPT = `(() => {
  const at = (id) => document.getElementById(id);
  const say = (id, text, state) => {
    at(id).textContent = text;
    if (state) at(id).dataset.state = state;
  };
  const names = { "h2": "HTTP/2", "http/1.1": "HTTP/1.1", "h3": "HTTP/3" };
  const loaded = performance.getEntriesByType("navigation")[0];
  const protocol = loaded && loaded.nextHopProtocol;
  say("protocol", names[protocol] || protocol || "the browser does not say");
  say("secure", isSecureContext ? "yes, a secure context" : "no", isSecureContext ? "well" : "unwell");

  let socket;
  let wait = 500;
  const connect = () => {
    say("socket", "connecting", "waiting");
    socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/echo");
    socket.onopen = () => {
      wait = 500;
      say("socket", "open", "well");
      at("send").disabled = false;
    };
    socket.onmessage = ({ data }) => {
      const line = document.createElement("li");
      line.textContent = data;
      at("heard").prepend(line);
      while (at("heard").children.length > 5) at("heard").lastChild.remove();
    };
    socket.onclose = () => {
      at("send").disabled = true;
      say("socket", "closed, trying again", "unwell");
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, 10000);
    };
  };
  connect();
  at("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (socket.readyState !== WebSocket.OPEN || at("text").value === "") return;
    socket.send(at("text").value);
    at("text").value = "";
    at("text").focus();
  });

  const events = new EventSource("/events");
  events.onopen = () => say("events", "open", "well");
  events.onmessage = ({ data }) => say("clock", new Date(data).toLocaleTimeString());
  events.onerror = () => say("events", "closed, trying again", "unwell");
})();`;
