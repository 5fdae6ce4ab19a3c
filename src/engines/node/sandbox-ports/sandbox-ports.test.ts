/*
 * Sandboxes' ports on the wire: who is let in, what passes, and what a hostile sandbox or page gets.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect as connectTls } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { parseTarget } from "../../../model/target.ts";
import { planOf, talkOver } from "../../../../test/support/door.ts";
import { listenForTest } from "../../../../test/support/listen.ts";
import { KEY, MAIN_PORT, openSandboxDoor, PAGE } from "../../../../test/support/sandbox-door.ts";

interface Sandbox {
  readonly port: number;
  readonly server: Server;
  readonly seen: IncomingMessage[];
}

type Say = (request: IncomingMessage, response: ServerResponse) => void;

async function sandbox(
  say: Say = (_request, response) => response.end("it works"),
): Promise<Sandbox> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    say(request, response);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket, request) => {
    seen.push(request);
    socket.on("message", (data) => socket.send(data));
  });
  return { port: await listenForTest(server, sockets), server, seen };
}

const keyed = { "x-session-api-key": KEY };

describe("who is let in", () => {
  test("a device that has a session at the app, and the sandbox never sees it", async () => {
    const door = await openSandboxDoor();
    const { port, seen } = await sandbox();
    const at = await door.open("editor", port);
    const { cookie } = await door.home.pair("phone", "openhands.local");
    const answer = await door.ask(at, { headers: { cookie: `${cookie}; ui=1` } });
    expect(answer).toMatchObject({ status: 200, body: "it works" });
    const told = Object.keys(seen[0]?.headers ?? {});
    expect(told.filter((name) => name === "cookie" || name.startsWith("x-genkan-"))).toEqual([]);
    expect(seen[0]?.headers).toMatchObject({
      host: `openhands.local:${at}`,
      "x-forwarded-proto": "https",
      "x-forwarded-host": `openhands.local:${at}`,
      "x-forwarded-port": String(at),
    });
  });

  test.each(["household", "owner", "open"] as const)(
    "nobody without a session, where the app is for %s",
    async (access) => {
      const door = await openSandboxDoor(access);
      const { port, seen } = await sandbox();
      for (const kind of ["editor", "app", "agent-server"] as const) {
        const at = await door.open(kind, port);
        expect((await door.ask(at)).status).toBe(401);
        expect((await door.ask(at, { headers: { "x-session-api-key": "wrong" } })).status).toBe(
          401,
        );
        expect((await door.ask(at, { headers: { cookie: "__Host-genkan=made-up" } })).status).toBe(
          401,
        );
      }
      expect(seen).toEqual([]);
    },
  );

  test("whoever shows the key of this sandbox, once", async () => {
    const door = await openSandboxDoor();
    const { port } = await sandbox();
    const at = await door.open("agent-server", port);
    expect((await door.ask(at, { headers: keyed })).status).toBe(200);
    expect((await door.ask(at, { path: `/?session_api_key=${KEY}` })).status).toBe(401);
  });

  test("a page that is opened without a session is led to the portal, and from there back to this port", async () => {
    const door = await openSandboxDoor();
    const at = await door.open("app", (await sandbox()).port);
    const headers = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    const { status, headers: said } = await door.ask(at, { path: "/deep?a=1", headers });
    expect(status).toBe(303);
    const way = new URL(said.location ?? "");
    expect(way.origin).toBe(`https://genkan.local:${MAIN_PORT}`);
    expect(way.searchParams.get("to")).toBe(`openhands.local:${at}`);
    expect(way.searchParams.get("path")).toBe("/deep?a=1");
  });

  test("below /.genkan/ the door answers, whatever the sandbox would", async () => {
    const door = await openSandboxDoor();
    const { port, seen } = await sandbox();
    const at = await door.open("app", port);
    expect((await door.ask(at, { path: "/.genkan/enter" })).body).toContain("the door's");
    expect(seen).toEqual([]);
  });

  test("a request that is meant for another port of the name is nobody's", async () => {
    const door = await openSandboxDoor();
    const { port, seen } = await sandbox();
    const at = await door.open("app", port);
    for (const host of [
      `openhands.local:${MAIN_PORT}`,
      "openhands.local",
      `openhands.local:${at + 1}`,
    ]) {
      expect((await door.ask(at, { headers: { ...keyed, host } })).status).toBe(421);
    }
    expect(seen).toEqual([]);
  });

  test("no other app's name is known at the port, nor the portal's", async () => {
    const door = await openSandboxDoor();
    const { port, seen } = await sandbox();
    const at = await door.open("app", port);
    for (const name of ["wiki.local", "genkan.local"]) {
      const headers = { ...keyed, host: `${name}:${at}` };
      expect((await door.ask(at, { headers })).status).toBe(421);
    }
    expect(seen).toEqual([]);
  });
});

describe("the app's page, from its own origin", () => {
  const preflight = {
    origin: PAGE,
    "access-control-request-method": "POST",
    "access-control-request-headers": "x-session-api-key, content-type",
  };

  test("may ask the agent-server, which itself knows pages on localhost only", async () => {
    const door = await openSandboxDoor();
    const { port, seen } = await sandbox((_request, response) => {
      response.setHeader("access-control-allow-origin", "http://localhost:3000").end("[]");
    });
    const at = await door.open("agent-server", port);
    const agreed = await door.ask(at, { method: "OPTIONS", headers: preflight });
    expect(agreed.status).toBe(204);
    expect(agreed.headers).toMatchObject({
      "access-control-allow-origin": PAGE,
      "access-control-allow-headers": "x-session-api-key, content-type",
      vary: "Origin",
    });
    expect(seen).toEqual([]);
    const answer = await door.ask(at, { method: "POST", headers: { origin: PAGE, ...keyed } });
    expect(answer).toMatchObject({ status: 200, body: "[]" });
    expect(answer.headers["access-control-allow-origin"]).toBe(PAGE);
    expect(seen[0]?.headers).not.toHaveProperty("origin");
    expect(seen[0]?.headers).toMatchObject(keyed);
  });

  test("can read that it is refused", async () => {
    const door = await openSandboxDoor();
    const at = await door.open("agent-server", (await sandbox()).port);
    const refused = await door.ask(at, { headers: { origin: PAGE, "x-session-api-key": "old" } });
    expect(refused.status).toBe(401);
    expect(refused.headers["access-control-allow-origin"]).toBe(PAGE);
  });

  test("hears whether an app runs in the sandbox, and nothing of what is in it", async () => {
    const door = await openSandboxDoor();
    const { port, seen, server } = await sandbox();
    const at = await door.open("app", port);
    const here = await door.ask(at, { headers: { origin: PAGE, "sec-fetch-mode": "cors" } });
    expect(here).toMatchObject({ status: 200, body: "" });
    expect(here.headers["access-control-allow-origin"]).toBe(PAGE);
    expect(seen).toEqual([]);
    server.close();
    server.closeAllConnections();
    const gone = await door.ask(at, { headers: { origin: PAGE } });
    expect(gone.status).toBe(502);
  });

  test.each([
    "https://evil.example",
    "https://openhands.local:41000",
    "http://openhands.local",
    "https://wiki.local:8443",
    "null",
  ])("no other page is told anything: %s", async (origin) => {
    const door = await openSandboxDoor();
    const { port, seen } = await sandbox();
    const agent = await door.open("agent-server", port);
    const asked = await door.ask(agent, { method: "OPTIONS", headers: { ...preflight, origin } });
    expect(asked.headers).not.toHaveProperty("access-control-allow-origin");
    const order = await door.ask(agent, { method: "POST", headers: { origin, ...keyed } });
    expect(order.status).toBe(403);
    expect(seen).toEqual([]);
  });
});

describe("what a sandbox sends", () => {
  async function answered(
    fields: Record<string, string | string[]>,
    kind: "editor" | "app" = "app",
  ) {
    const door = await openSandboxDoor();
    const { port, seen } = await sandbox((_request, response) => {
      for (const [name, value] of Object.entries(fields)) response.setHeader(name, value);
      response.end();
    });
    const at = await door.open(kind, port);
    const { cookie } = await door.home.pair("phone", "openhands.local");
    const again = (more: string) => door.ask(at, { headers: { cookie: `${cookie}; ${more}` } });
    return { at, seen, again, ...(await again("x=1")) };
  }

  test("a cookie comes back to it, under its own name, and to nobody else", async () => {
    const { at, headers, again, seen } = await answered({
      "set-cookie": ["vscode-tkn=t; SameSite=Lax", "__Host-genkan=mine; Path=/; Secure", "bare"],
    });
    expect(headers["set-cookie"]).toEqual([
      `sandbox-${at}-vscode-tkn=t; SameSite=Lax; Secure; HttpOnly`,
      `sandbox-${at}-__Host-genkan=mine; Path=/; Secure`,
    ]);
    await again(`sandbox-${at}-vscode-tkn=t; sandbox-1-vscode-tkn=other`);
    expect(seen[1]?.headers.cookie).toBe("vscode-tkn=t");
  });

  test("does not sign the person out, or say how the app's name is to be reached", async () => {
    const { headers } = await answered({
      "clear-site-data": '"cookies"',
      "strict-transport-security": "max-age=0",
      "alt-svc": `h2="openhands.local:${MAIN_PORT}"`,
    });
    expect(headers).not.toHaveProperty("clear-site-data");
    expect(headers).not.toHaveProperty("strict-transport-security");
    expect(headers).not.toHaveProperty("alt-svc");
  });

  test("is framed by itself and the app's page only, with its own policy in force", async () => {
    const { headers } = await answered(
      { "content-security-policy": "default-src 'none'" },
      "editor",
    );
    expect(headers["content-security-policy"]).toBe(
      `default-src 'none', frame-ancestors 'self' https://openhands.local ${PAGE}`,
    );
    expect(headers["referrer-policy"]).toBe("no-referrer");
  });

  test.each([
    ["http://localhost:PORT/a?b", "https://openhands.local:AT/a?b"],
    ["http://127.0.0.1:PORT", "https://openhands.local:AT"],
    ["//localhost:PORT/", "https://openhands.local:AT/"],
    ["http://localhost:PORT9/", "http://localhost:PORT9/"],
    ["http://localhost.evil:PORT/", "http://localhost.evil:PORT/"],
    ["https://genkan.local/devices", "https://genkan.local/devices"],
    ["/here", "/here"],
  ])(
    "a redirect to itself leads to where the visitor has it, others stay: %s",
    async (sent, got) => {
      const door = await openSandboxDoor();
      const { port } = await sandbox((request, response) => {
        const { localPort } = request.socket;
        response.writeHead(302, { location: sent.replace("PORT", String(localPort)) }).end();
      });
      const at = await door.open("app", port);
      const { cookie } = await door.home.pair("phone", "openhands.local");
      const { headers } = await door.ask(at, { headers: { cookie } });
      expect(headers.location).toBe(got.replace("PORT", String(port)).replace("AT", String(at)));
    },
  );
});

describe("WebSockets", () => {
  async function dial(
    at: number,
    ca: string,
    options: { path?: string; headers?: Record<string, string> },
  ) {
    const socket = new WebSocket(`wss://openhands.local:${at}${options.path ?? "/"}`, {
      lookup: (_host, _options, done) => done(null, [{ address: "127.0.0.1", family: 4 }]),
      ca,
      headers: options.headers ?? {},
    });
    onTestFinished(() => socket.terminate());
    return new Promise<WebSocket | number>((resolve, reject) => {
      socket.once("open", () => resolve(socket));
      socket.once("unexpected-response", (_request, { statusCode = 0 }) => resolve(statusCode));
      socket.once("error", reject);
    });
  }

  test("of the app's page open with a session, or the sandbox's key in the query", async () => {
    const door = await openSandboxDoor();
    const at = await door.open("agent-server", (await sandbox()).port);
    const { cookie } = await door.home.pair("phone", "openhands.local");
    const path = `/sockets/events/1?resend_all=true&session_api_key=${KEY}`;
    for (const way of [
      { headers: { origin: PAGE, cookie } },
      { path, headers: { origin: PAGE } },
    ]) {
      const socket = await dial(at, door.ca, way);
      if (typeof socket === "number") throw new Error(`refused: ${socket}`);
      socket.send("hello");
      expect(String((await once(socket, "message"))[0])).toBe("hello");
    }
  });

  test("of other pages, and of nobody known, are refused", async () => {
    const door = await openSandboxDoor();
    const { port, seen } = await sandbox();
    const at = await door.open("agent-server", port);
    const { cookie } = await door.home.pair("phone", "openhands.local");
    const other = `https://openhands.local:${at + 1}`;
    expect(await dial(at, door.ca, { headers: { origin: other, cookie } })).toBe(403);
    expect(await dial(at, door.ca, { headers: { origin: PAGE } })).toBe(401);
    expect(await dial(at, door.ca, { path: "/?session_api_key=no" })).toBe(401);
    expect(seen).toEqual([]);
  });

  test("end when the device is put out, though it shows the key as well", async () => {
    const door = await openSandboxDoor();
    const at = await door.open("agent-server", (await sandbox()).port);
    const { cookie, id } = await door.home.pair("phone", "openhands.local");
    const path = `/sockets/events/1?session_api_key=${KEY}`;
    const socket = await dial(at, door.ca, { path, headers: { cookie, origin: PAGE } });
    if (typeof socket === "number") throw new Error(`refused: ${socket}`);
    socket.on("error", () => undefined);
    const ended = once(socket, "close");
    await door.home.access.revoke(id);
    await ended;
    expect(socket.readyState).toBe(WebSocket.CLOSED);
  });

  test("end when the device is put out, and when the sandbox is gone", async () => {
    const door = await openSandboxDoor();
    const at = await door.open("agent-server", (await sandbox()).port);
    const { cookie, id } = await door.home.pair("phone", "openhands.local");
    const headers = { cookie };
    const [first, second] = [
      await dial(at, door.ca, { headers }),
      await dial(at, door.ca, { headers: keyed }),
    ];
    if (typeof first === "number" || typeof second === "number") throw new Error("refused");
    for (const socket of [first, second]) socket.on("error", () => undefined);
    const ended = once(first, "close");
    await door.home.access.revoke(id);
    await ended;
    const closed = once(second, "close");
    door.ports.close(at);
    await closed;
    await expect(door.ask(at)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(door.ports.list()).toEqual([]);
  });
});

describe("the port", () => {
  test("is the same for the same place however often it is asked for, and leads where it was last said", async () => {
    const door = await openSandboxDoor();
    const { port } = await sandbox();
    const all = await Promise.all([1, 2, 3].map(() => door.open("app", port)));
    expect(new Set(all).size).toBe(1);
    await door.open("editor", port);
    expect(door.ports.list()).toMatchObject([{ doorPort: all[0], place: { kind: "editor" } }]);
  });

  test("leaves its own number to a sandbox that does not listen yet", async () => {
    const door = await openSandboxDoor();
    const { port, server } = await sandbox();
    server.close();
    await once(server, "close");
    expect(await door.open("app", port)).toBeGreaterThanOrEqual(61_000);
    await once(server.listen(port, "127.0.0.1"), "listening");
  });

  test("is the sandbox's own number, where that is free at the door", async () => {
    const door = await openSandboxDoor();
    const server = createServer();
    await once(server.listen(0, "127.0.0.7"), "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const upstream = parseTarget(`127.0.0.7:${port}`);
    const place = { app: "openhands", kind: "app", upstream, isKey: () => false } as const;
    expect(await door.ports.open(place)).toBe(port);
  });

  test("closes with its app, and with what is under way there", async () => {
    const door = await openSandboxDoor();
    const { port } = await sandbox((_request, response) => void response.write("begun"));
    const at = await door.open("app", port);
    const { cookie } = await door.home.pair("phone", "openhands.local");
    const socket = connectTls({
      host: "127.0.0.1",
      port: at,
      servername: "openhands.local",
      ca: door.ca,
    });
    const talk = await talkOver(socket, "secureConnect");
    talk.say(`GET / HTTP/1.1\r\nHost: openhands.local:${at}\r\nCookie: ${cookie}\r\n\r\n`);
    await talk.until("begun");
    door.ports.follow(planOf({ openhands: 3000 }));
    await talk.end();
    expect(door.ports.list()).toEqual([]);
  });
});
