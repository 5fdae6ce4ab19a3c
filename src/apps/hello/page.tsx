/*
 * The hello page. Everything a request carried is put in through hono/jsx, which escapes it; style
 * and script are our constants, the only ones the policy allows.
 */
import { raw } from "hono/html";
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { BROWSER_SCRIPT } from "./browser-script.ts";
import { shownHeaders } from "./headers.ts";
import { STYLE } from "./style.ts";

function sourceHash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

export const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-security-policy": `default-src 'none'; style-src ${sourceHash(STYLE)}; script-src ${sourceHash(BROWSER_SCRIPT)}; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
} as const;

type Seen = Pick<IncomingMessage, "headers" | "rawHeaders">;

export function helloPage(request: Seen): string {
  return rendered(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Hello from behind the door</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <style>{raw(STYLE)}</style>
      </head>
      <body>
        <main>
          <h1>Hello from behind the door</h1>
          <p>
            This page is an app like any other. What you see below came to it through the door; give
            your own app a name with <code>genkan add NAME PORT</code>.
          </p>
          <Connection request={request} />
          <div class="pair">
            <EchoBox />
            <Clock />
          </div>
          <Headers request={request} />
        </main>
        <script>{raw(BROWSER_SCRIPT)}</script>
      </body>
    </html>,
  );
}

function rendered(page: { toString(): string | Promise<string> }): string {
  const text = page.toString();
  if (typeof text !== "string") throw new TypeError("the hello page must render at once");
  return `<!doctype html>${text}`;
}

interface Shown {
  readonly request: Seen;
}

function Connection({ request: { headers } }: Shown) {
  return (
    <section aria-labelledby="connection">
      <h2 id="connection">The way here</h2>
      <dl>
        <dt>Protocol</dt>
        <dd id="protocol">only a browser with JavaScript can say</dd>
        <dt>Secure</dt>
        <dd id="secure">only a browser with JavaScript can say</dd>
        <dt>Name asked for</dt>
        <dd>{headers["x-forwarded-host"] ?? headers.host ?? "none"}</dd>
        <dt>Scheme</dt>
        <dd>{headers["x-forwarded-proto"] ?? "http, not through a door"}</dd>
        <dt>Your address</dt>
        <dd>{headers["x-forwarded-for"] ?? "not told"}</dd>
      </dl>
    </section>
  );
}

function EchoBox() {
  return (
    <section aria-labelledby="echo">
      <h2 id="echo">WebSocket echo</h2>
      <p class="state" role="status">
        Connection: <b id="socket">needs JavaScript</b>
      </p>
      <form id="form">
        <label>
          Say something
          <input id="text" maxlength={200} autocomplete="off" />
        </label>
        <button id="send" disabled>
          Send
        </button>
      </form>
      <ul id="heard" aria-live="polite" aria-label="What came back" />
    </section>
  );
}

function Clock() {
  return (
    <section aria-labelledby="stream">
      <h2 id="stream">Clock, streamed</h2>
      <p class="state" role="status">
        Events: <b id="events">needs JavaScript</b>
      </p>
      <p class="clock" id="clock" />
    </section>
  );
}

function Headers({ request }: Shown) {
  return (
    <section aria-labelledby="headers">
      <h2 id="headers">Headers received</h2>
      <table>
        <tbody>
          {shownHeaders(request.rawHeaders).map(([name, value]) => (
            <tr>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
