/*
 * A person's browser as the stories about the sign-in need it: cookies kept by host, redirects walked one by
 * one, and every field it sends under the story's control, so that a story can also be the attacker's browser.
 */
import { readFileSync } from "node:fs";
import { request } from "node:https";
import type { OpenDoor } from "../support/genkan.ts";

interface Sending {
  readonly method?: string;
  /** Beside Host and the cookies kept; an array is sent as fields of their own. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
  /** Where it comes from, of the addresses of loopback. */
  readonly from?: string;
}

export interface Answer {
  /** 0 where the door ended the connection instead. */
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
  /** Where it sends the visitor, or "". */
  readonly location: string;
}

export interface Browser {
  /** By host. */
  readonly jar: Map<string, Map<string, string>>;
  /** One request, as a script of the page sends it unless `headers` say otherwise. */
  ask(url: string, sending?: Sending): Promise<Answer>;
  /** One page, as if its address were typed; no redirect is followed. */
  open(url: string, sending?: Sending): Promise<Answer>;
  /** Opens a page and follows where it is sent, with all addresses on the way. */
  walk(url: string): Promise<Answer & { readonly way: readonly string[] }>;
  /** Sends a form of the page's own origin. */
  submit(url: string, fields: Readonly<Record<string, string>>, sending?: Sending): Promise<Answer>;
  /** `name=value` of the door's session at a host, or "". */
  sessionAt(host: string): string;
}

const PAGE = {
  accept: "text/html,*/*;q=0.8",
  "sec-fetch-mode": "navigate",
  "sec-fetch-dest": "document",
};

export function createBrowser(door: OpenDoor): Browser {
  const jar: Browser["jar"] = new Map();
  const ca = readFileSync(door.ready.root.path);

  async function ask(url: string, sending: Sending = {}): Promise<Answer> {
    const { hostname } = new URL(url);
    const cookies = Array.from(jar.get(hostname) ?? [], (pair) => pair.join("=")).join("; ");
    const kept = cookies === "" ? {} : { cookie: cookies };
    const headers = { ...kept, ...sending.headers };
    const answer = await send(url, { ...sending, headers }, ca);
    keep(jar, hostname, answer.headers["set-cookie"]);
    return answer;
  }
  const open: Browser["open"] = (url, sending = {}) =>
    ask(url, { ...sending, headers: { ...PAGE, ...sending.headers } });
  return {
    jar,
    ask,
    open,
    async walk(url) {
      const way = [url];
      let answer = await open(url);
      while (answer.location !== "" && way.length < 10) {
        const next = new URL(answer.location, way.at(-1)).href;
        way.push(next);
        answer = await open(next);
      }
      return { ...answer, way };
    },
    submit: (url, fields, { headers, ...more } = {}) => {
      const own = { origin: new URL(url).origin, "sec-fetch-site": "same-origin" };
      const type = { "content-type": "application/x-www-form-urlencoded" };
      const body = new URLSearchParams(fields).toString();
      return open(url, { method: "POST", body, ...more, headers: { ...own, ...type, ...headers } });
    },
    sessionAt(host) {
      const value = jar.get(host)?.get("__Host-genkan");
      return value === undefined ? "" : `__Host-genkan=${value}`;
    },
  };
}

function send(url: string, sending: Sending, ca: Buffer): Promise<Answer> {
  const { hostname, port, host, pathname, search } = new URL(url);
  const { method = "GET", headers, body = "", from = "127.0.0.1" } = sending;
  return new Promise((resolve) => {
    const none: Answer = { status: 0, headers: {}, body: "", location: "" };
    const outgoing = request({
      host: "127.0.0.1",
      localAddress: from,
      port,
      servername: hostname,
      method,
      path: pathname + search,
      headers: { host, ...headers, ...(body === "" ? {} : { "content-length": body.length }) },
      ca,
      agent: false,
    });
    outgoing.on("error", () => resolve(none));
    outgoing.on("response", (response) => {
      let heard = "";
      response.setEncoding("latin1").on("data", (text: string) => (heard += text));
      response.on("error", () => undefined); // told by close
      response.on("close", () => {
        const { statusCode: status = 0 } = response;
        const { location = "" } = response.headers;
        resolve({ status, headers: response.headers, body: heard, location });
      });
    });
    outgoing.end(body);
  });
}

/** RFC 6265bis section 4.1.3.2: a browser takes a `__Host-` cookie only where it is Secure and for the whole host. */
export function mayBeKept(name: string, field: string): boolean {
  if (!/^__Host-/i.test(name)) return true;
  return (
    /; *Secure(?:;|$)/i.test(field) && /; *Path=\/(?:;|$)/i.test(field) && !/; *Domain/i.test(field)
  );
}

function keep(jar: Browser["jar"], host: string, setCookie: string | string[] | undefined): void {
  const own = jar.get(host) ?? new Map<string, string>();
  for (const field of [setCookie ?? []].flat()) {
    const [, name = "", value = ""] = /^\s*([^=;]+?)\s*=([^;]*)/.exec(field) ?? [];
    if (name === "" || !mayBeKept(name, field)) continue;
    if (/; *Max-Age=0(?:;|$)/i.test(field)) own.delete(name);
    else own.set(name, value);
  }
  jar.set(host, own);
}
