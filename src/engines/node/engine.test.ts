import { once } from "node:events";
import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { openDoor, planOf, testAuthority } from "../../../test/support/door.ts";
import { CLOSED_GATE } from "../../../test/support/household.ts";
import { answering, rawApp } from "../../../test/support/raw-app.ts";
import { systemClock } from "../../kernel/clock.ts";
import { silentLog } from "../../kernel/log.ts";
import type { ListenSpec } from "../engine.ts";
import { createNodeEngine } from "./engine.ts";
import { createUpstreamClient } from "./upstream/client.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const GET = "GET /path?secret=1 HTTP/1.1\r\nHost: wiki.local\r\n";

async function engineOn(listen: ListenSpec) {
  const { leaves } = await testAuthority();
  const engine = createNodeEngine({
    listen,
    leaves,
    pages: {
      problem: () => ({ headers: {}, body: "" }),
      portal: async () => undefined,
      atApp: async () => undefined,
    },
    gate: CLOSED_GATE,
    upstream: createUpstreamClient(),
    log: silentLog,
    clock: systemClock,
    instance: "test",
  });
  onTestFinished(() => engine.stop(0));
  return engine;
}

/** A port somebody else listens on. */
async function takenPort(): Promise<{ port: number; free: () => Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const free = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  onTestFinished(free);
  return { port, free };
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer();
  const outcome = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => resolve(true));
  });
  server.close();
  return outcome;
}

test("the first plan opens both ports of every address, `::` for IPv4 as well", async () => {
  const engine = await engineOn({ addresses: ["::"], httpsPort: 0, httpPort: 0 });
  expect(engine.listening()).toEqual([]);
  await engine.apply(planOf({}));
  const [secure, plain] = engine.listening();
  expect([secure?.secure, plain?.secure]).toEqual([true, false]);
  expect(await canListen(secure?.port ?? 0)).toBe(false);
  const both = await engineOn({ addresses: ["127.0.0.1", "::1"], httpsPort: 0, httpPort: 0 });
  await both.apply(planOf({}));
  expect(both.listening().map(({ address }) => address)).toEqual([
    "127.0.0.1",
    "127.0.0.1",
    "::1",
    "::1",
  ]);
});

test("`0.0.0.0` and `::` side by side do not take each other's place", async () => {
  const { port, free } = await takenPort();
  await free();
  const engine = await engineOn({ addresses: ["0.0.0.0", "::"], httpsPort: port, httpPort: 0 });
  await engine.apply(planOf({}));
  expect(engine.listening()).toHaveLength(4);
});

test("a port that is taken leaves none open, and the system's own error tells which; the next try may succeed", async () => {
  const [taken, other] = [await takenPort(), await takenPort()];
  await other.free();
  const engine = await engineOn({
    addresses: ["127.0.0.1"],
    httpsPort: other.port,
    httpPort: taken.port,
  });
  await expect(engine.apply(planOf({}))).rejects.toMatchObject({
    code: "EADDRINUSE",
    address: "127.0.0.1",
    port: taken.port,
  });
  expect(engine.listening()).toEqual([]);
  expect(await canListen(other.port)).toBe(true);
  await taken.free();
  await engine.apply(planOf({}));
  expect(engine.listening()).toHaveLength(2);
});

test("an unknown host is told 421 and nothing else, whatever its certificate", async () => {
  const door = await openDoor({ wiki: 1 });
  for (const name of ["", "evil.example"]) {
    const talk = await door.raw(name, { checkServerIdentity: () => undefined });
    talk.say("GET / HTTP/1.1\r\nHost: evil.example\r\nAccept: text/html\r\n\r\n");
    const heard = await talk.until(/DOOR_UNKNOWN_HOST \w{8}/);
    expect(heard).toMatch(/^HTTP\/1.1 421 Misdirected Request\r\n/);
    expect(heard).not.toMatch(/wiki/);
  }
  expect(door.problems[0]).toEqual({
    status: 421,
    code: "DOOR_UNKNOWN_HOST",
    blame: "visitor",
    id: expect.stringMatching(/^\w{8}$/),
    method: "GET", // a page for anything else does not reload itself
  });
});

test("an app that is not there is a 502 with its name and place, under the id that is in the log, without the query", async () => {
  const door = await openDoor({ wiki: 1 });
  const talk = await door.raw("wiki.local");
  talk.say(`${GET}Accept: application/json\r\n\r\n`);
  const heard = await talk.until(/APP_UNREACHABLE \w{8}/);
  expect(heard).toMatch(/^HTTP\/1.1 502 .*x-accept: application\/json\r\n/s);
  const [problem] = door.problems;
  expect(problem).toMatchObject({
    status: 502,
    code: "APP_UNREACHABLE",
    blame: "app",
    app: { name: "wiki", upstream: { port: 1 } },
    why: expect.stringContaining("refused"),
  });
  expect(heard).toContain(problem?.id);
  const entry = door.log.find(({ event }) => event === "exchange.failed");
  expect(entry).toMatchObject({
    id: problem?.id,
    app: "wiki",
    host: "wiki.local",
    code: "APP_UNREACHABLE",
  });
  expect(JSON.stringify(door.log)).not.toContain("secret");
});

test.each([
  ["APP_CLOSED", 502, ""],
  ["APP_GARBAGE", 502, "not HTTP at all\r\n\r\n"],
  [
    "APP_GARBAGE",
    502,
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok",
  ],
])(
  "an app's failure is told as %s (%i), and the connection serves on",
  async (code, status, bytes) => {
    const app = await rawApp((socket, nth) => {
      socket.on("data", () =>
        nth > 1 && app.received.join("").includes("again") ? socket.write(OK) : socket.end(bytes),
      );
    });
    const door = await openDoor({ wiki: app.to });
    const talk = await door.raw("wiki.local");
    talk.say(`POST / HTTP/1.1\r\nHost: wiki.local\r\nContent-Length: 1\r\n\r\na`);
    expect(await talk.until(/[A-Z]+_[A-Z]+ \w{8}/)).toMatch(
      new RegExp(`^HTTP/1.1 ${status} .*${code}`, "s"),
    );
    talk.say("GET /again HTTP/1.1\r\nHost: wiki.local\r\n\r\n");
    await talk.until(/\r\n\r\nok$/);
  },
);

test("another door's token passes, and ours is added behind it", async () => {
  const app = await rawApp(answering(OK));
  const door = await openDoor({ wiki: app.to });
  const talk = await door.raw("wiki.local");
  talk.say(`${GET}CDN-Loop: genkan-other; x="genkan-test", genkan-test2\r\n\r\n`);
  await talk.until("ok");
  expect(app.received[0]?.match(/cdn-loop: .*/gi)).toEqual([
    'CDN-Loop: genkan-other; x="genkan-test", genkan-test2',
    "CDN-Loop: genkan-test",
  ]);
});

test("the portal's names and addresses are answered by the pages, over both protocols", async () => {
  const door = await openDoor(
    { wiki: 1 },
    {
      portal: async (request, response) => {
        let body = "";
        for await (const chunk of request) body += chunk;
        response.statusCode = 200;
        response.setHeader("x-host", String(request.headers.host ?? request.headers[":authority"]));
        response.end(`portal heard ${body}`);
      },
    },
  );
  for (const [name, host] of [
    ["genkan.local", "genkan.local"],
    ["", "127.0.0.1"],
  ] as const) {
    const talk = await door.raw(name);
    talk.say(`POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 2\r\n\r\nhi`);
    expect(await talk.until("portal heard hi")).toContain(`x-host: ${host}\r\n`);
  }
  const session = await door.http2("genkan.local");
  const stream = session.request({ ":method": "POST", ":authority": "genkan.local" });
  stream.end("hi");
  const [head] = await once(stream, "response");
  let body = "";
  for await (const chunk of stream) body += chunk;
  expect([head["x-host"], body]).toEqual(["genkan.local", "portal heard hi"]);
  await expect
    .poll(() => door.log.filter(({ event }) => event === "exchange.ended"))
    .toHaveLength(3);
});

test("a page that fails is a 500 with an id, one that fails halfway is broken off", async () => {
  let isHalfway = false;
  const door = await openDoor(
    {},
    {
      portal: async (_request, response) => {
        if (isHalfway) {
          response.statusCode = 200;
          const out: NodeJS.WritableStream = response;
          out.write("half");
        }
        throw new Error("out of ink");
      },
    },
  );
  const talk = await door.raw("genkan.local");
  const request = "GET / HTTP/1.1\r\nHost: genkan.local\r\n\r\n";
  talk.say(request);
  expect(await talk.until(/DOOR_ERROR \w{8}/)).toMatch(/^HTTP\/1.1 500 /);
  const session = await door.http2("genkan.local");
  const whole = session.request({ ":authority": "genkan.local" });
  const [head] = await once(whole, "response");
  expect(head[":status"]).toBe(500);
  isHalfway = true;
  talk.say(request);
  expect(await talk.end()).not.toMatch(/\r\n0\r\n/);
  const half = session.request({ ":authority": "genkan.local" });
  await expect(once(half, "close")).rejects.toThrow("INTERNAL_ERROR");
  expect(door.log.filter(({ event }) => event === "exchange.failed")).toHaveLength(4);
});

test("every exchange is noted when it ends, with its status and without its path", async () => {
  const app = await rawApp(answering(OK));
  const door = await openDoor({ wiki: app.to });
  const talk = await door.raw("wiki.local");
  talk.say(`${GET}\r\n`);
  await talk.until("ok");
  await expect
    .poll(() => door.log.find(({ event }) => event === "exchange.ended"))
    .toMatchObject({
      level: "debug",
      id: expect.stringMatching(/^\w{8}$/),
      app: "wiki",
      host: "wiki.local",
      method: "GET",
      status: 200,
      ms: expect.any(Number),
    });
  expect(JSON.stringify(door.log)).not.toMatch(/path|secret/);
});

test("traffic counts what passes and what is under way", async () => {
  const app = await rawApp(() => undefined);
  const door = await openDoor({ wiki: app.to, idle: 1 });
  const talk = await door.raw("wiki.local");
  talk.say(`${GET}\r\n`);
  await expect.poll(() => app.connections.length).toBe(1);
  expect(door.engine.traffic()).toEqual([
    { app: "wiki", requests: 1, active: 1, webSockets: 0 },
    { app: "idle", requests: 0, active: 0, webSockets: 0 },
  ]);
  app.connections[0]?.write(OK);
  await talk.until("ok");
  await expect
    .poll(() => door.engine.traffic()[0])
    .toEqual({ app: "wiki", requests: 1, active: 0, webSockets: 0 });
});

test("a door that stops takes nobody new, lets answers end, and closes what is idle", async () => {
  const app = await rawApp(() => undefined);
  const door = await openDoor({ wiki: app.to });
  const idle = await door.raw("wiki.local");
  const busy = await door.raw("wiki.local");
  busy.say(`${GET}\r\n`);
  const session = await door.http2("wiki.local");
  const stream = session.request({ ":authority": "wiki.local" });
  await expect.poll(() => app.connections.length).toBe(2);
  const goaway = once(session, "goaway");
  const stopped = door.engine.stop(10_000);
  await goaway;
  await expect(door.raw("wiki.local")).rejects.toThrow("ECONNREFUSED");
  const answer = Promise.all([once(stream, "response"), once(stream, "data")]);
  for (const socket of app.connections) socket.write(OK);
  expect(await busy.end()).toMatch(/connection: close\r\n.*ok$/is);
  const [[head], [body]] = await answer;
  expect([head[":status"], String(body)]).toEqual([200, "ok"]);
  await idle.end();
  await stopped;
  await door.engine.stop(0);
});
