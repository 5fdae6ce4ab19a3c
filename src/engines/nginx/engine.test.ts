import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { echo, HANDSHAKE as HANDSHAKE_OF_WIKI } from "../../../test/contract/websocket-scene.ts";
import { planOf, testAuthority } from "../../../test/support/door.ts";
import { openNginxDoor } from "../../../test/support/nginx-door.ts";
import { answering, rawApp, SOON } from "../../../test/support/raw-app.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import { describeWithTools } from "../../../test/support/tools.ts";
import type { Plan } from "../../model/plan.ts";

const HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const GET = "GET / HTTP/1.1\r\nHost: hello.local\r\nConnection: close\r\n\r\n";
const HANDSHAKE = HANDSHAKE_OF_WIKI.replace("wiki", "hello");

const helloApp = () => rawApp(answering(HELLO));

type Door = Awaited<ReturnType<typeof openNginxDoor>>;

async function ask(door: Door, request: string, name = "hello.local"): Promise<string> {
  const talk = await door.raw(name);
  talk.say(request);
  return talk.end();
}

function masterOf(door: Door): number {
  return Number(readFileSync(join(door.dir, "nginx.pid"), "utf8"));
}

describeWithTools("what the nginx engine carries", ["nginx"], () => {
  test("the portal hears where it is met over https alone: over plain http nobody is known", async () => {
    const door = await openNginxDoor(
      {},
      { portal: async (_request, response, met) => void response.end(met ? "met" : "unmet") },
    );
    const asked = "GET / HTTP/1.1\r\nHost: genkan.local\r\nConnection: close\r\n\r\n";
    expect(await ask(door, asked, "genkan.local")).toMatch(/\bmet$/);
    const talk = await door.plain();
    talk.say(asked);
    expect(await talk.end()).toMatch(/\bunmet$/);
  });

  test("a request goes to the app of its name, its target as it was written", async () => {
    const app = await helloApp();
    const door = await openNginxDoor({ hello: app.to });
    expect(await ask(door, GET.replace("/ ", "/a/../b//c%2F?d "))).toMatch(
      /^HTTP\/1\.1 200 OK\r\n[^]*hello$/,
    );
    expect(app.received[0]).toContain("GET /a/../b//c%2F?d HTTP/1.1\r\n");
  });

  test("what a visitor says of itself in the door's words is dropped", async () => {
    const app = await helloApp();
    const door = await openNginxDoor({ hello: app.to });
    const forged = [
      "X-Forwarded-For: 9.9.9.9",
      "X_Forwarded_For: 9.9.9.9",
      "Forwarded: for=9.9.9.9",
      "X-Real-IP: 9.9.9.9",
      "Remote-User: 9.9.9.9",
      "X-Genkan-User: 9.9.9.9",
      "Proxy: 9.9.9.9",
    ];
    await ask(door, GET.replace("\r\n\r\n", `\r\n${forged.join("\r\n")}\r\n\r\n`));
    expect(app.received[0]).not.toContain("9.9.9.9");
    expect(app.received[0]).toContain("X-Forwarded-For: 127.0.0.1\r\n");
    expect(app.received[0]).toContain(`X-Forwarded-Port: 443\r\n`);
  });

  test("over HTTP/2 too", async () => {
    const app = await helloApp();
    const door = await openNginxDoor({ hello: app.to });
    const session = await door.http2("hello.local");
    const stream = session.request({ ":path": "/two" });
    const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
    stream.resume();
    expect(headers[":status"]).toBe(200);
    expect(app.received[0]).toContain("Host: hello.local");
  });

  test("events arrive one by one", async () => {
    let say: (text: string) => void = () => undefined;
    const app = await rawApp((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
      say = (text) => void socket.write(text);
    });
    const door = await openNginxDoor({ hello: app.to });
    const talk = await door.raw("hello.local");
    talk.say(GET);
    await talk.until("event-stream");
    say("data: one\n\n");
    await talk.until("data: one");
    say("data: two\n\n");
    expect(await talk.until("data: two")).toContain("data: one");
  });

  test("an app of localhost is found on ::1 as well", async () => {
    const app = await rawApp(answering(HELLO), "::1");
    const door = await openNginxDoor({ hello: { ...app.to, host: "localhost" } });
    expect(await ask(door, GET)).toMatch(/hello$/);
  });

  test("no answer of an app steers nginx", async () => {
    const app = await rawApp(
      answering(HELLO.replace("\r\n", "\r\nX-Accel-Redirect: /problem\r\nX-Genkan-Problem: A\r\n")),
    );
    const door = await openNginxDoor({ hello: app.to });
    const heard = await ask(door, GET);
    expect(heard).toMatch(/hello$/);
    expect(heard.toLowerCase()).not.toContain("x-genkan-problem");
  });

  test("requests are counted per app", async () => {
    const app = await helloApp();
    const door = await openNginxDoor({ hello: app.to });
    await ask(door, GET);
    await ask(door, GET);
    await expect
      .poll(() => door.engine.traffic()[0], SOON)
      .toMatchObject({ app: "hello", requests: 2 });
  });
});

describeWithTools("what the nginx engine refuses", ["nginx"], () => {
  test.each([
    ["a name it does not have", "", GET.replace("hello.local", "evil.local"), 421],
    ["a name the connection was not made for", "hello.local", GET.replace("hello", "genkan"), 421],
    [
      "a change another site asks for",
      "hello.local",
      `${GET.replace("GET", "POST").slice(0, -2)}Origin: https://evil.example\r\n\r\n`,
      403,
    ],
    [
      "a change from another site by its fetch metadata",
      "hello.local",
      `${GET.replace("GET", "DELETE").slice(0, -2)}Sec-Fetch-Site: same-site\r\n\r\n`,
      403,
    ],
    [
      "a WebSocket of another site",
      "hello.local",
      `${HANDSHAKE}Origin: https://evil.example\r\n\r\n`,
      403,
    ],
    [
      "a request that has been here before",
      "hello.local",
      `${GET.slice(0, -2)}CDN-Loop: other, genkan-test; a=b\r\n\r\n`,
      508,
    ],
    [
      "a target and a Host that differ",
      "hello.local",
      GET.replace("GET /", "GET https://hello.local/").replace("Host: hello", "Host: evil"),
      400,
    ],
    ["TRACE", "hello.local", GET.replace("GET", "TRACE"), 405],
  ])("%s", async (_, ...[name, request, status]) => {
    const app = await helloApp();
    const door = await openNginxDoor({ hello: app.to });
    const talk = await door.raw(name);
    talk.say(request);
    expect(await talk.until("\r\n\r\n")).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(app.received).toEqual([]);
  });

  test("own pages may change things, and so may sites the app trusts", async () => {
    const app = await helloApp();
    const plan = planOf({ hello: app.to });
    const [hello] = plan.apps;
    const trusting = { ...hello, origins: ["https://board.local"] } as typeof hello & object;
    const routes = new Map(plan.routes).set("hello.local", {
      kind: "app",
      host: "hello.local",
      app: trusting,
    });
    const door = await openNginxDoor({}, { plan: { apps: [trusting], routes } });
    const post = (origin: string, host: string): Promise<string> => {
      const request = GET.replace("GET", "POST").replace("Host: hello.local", `Host: ${host}`);
      return ask(door, `${request.slice(0, -2)}Origin: ${origin}\r\n\r\n`);
    };
    const own = `hello.local:${door.httpsPort}`;
    expect(await post("https://board.local", own)).toContain("200 OK");
    expect(await post(`https://${own}`, own)).toContain("200 OK");
    expect(await post("https://hello.local", "HELLO.local:443")).toContain("200 OK");
    expect(await post("https://hello.local", own)).toContain("403 Forbidden");
    expect(await post("null", own)).toContain("403 Forbidden");
  });

  test("another protocol than WebSocket is not switched to", async () => {
    const app = await helloApp();
    const door = await openNginxDoor({ hello: app.to });
    await ask(door, GET.replace("close", "Upgrade, close\r\nUpgrade: h2c"));
    expect(app.received[0]).not.toMatch(/upgrade/i);
  });

  test("the plain port sends names and addresses on, and nobody else", async () => {
    const door = await openNginxDoor({ hello: (await helloApp()).to });
    const plain = async (host: string): Promise<string> => {
      const talk = await door.plain();
      talk.say(`GET /a?b HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      return talk.end();
    };
    expect(await plain(`hello.local:${door.httpPort}`)).toMatch(/^HTTP\/1\.1 308 /);
    expect(await plain("hello.local")).toContain(
      `\r\nLocation: https://hello.local:${door.httpsPort}/a?b\r\n`,
    );
    expect(await plain("192.168.1.9")).toContain(`https://192.168.1.9:${door.httpsPort}/a?b\r\n`);
    expect(await plain("evil.example")).toMatch(/^HTTP\/1\.1 421 /);
    expect(await plain("hello.local\r\nOrigin: http://hello.local")).toMatch(/^HTTP\/1\.1 308 /);
  });
});

describeWithTools("pages of the nginx engine", ["nginx"], () => {
  test("the door's own names and addresses show the portal", async () => {
    const door = await openNginxDoor({});
    const at = (name: string, host: string): Promise<string> =>
      ask(door, GET.replace("hello.local", host), name);
    expect(await at("genkan.local", "genkan.local")).toMatch(/portal/);
    expect(await at("", `127.0.0.1:${door.httpsPort}`)).toMatch(/portal/);
  });

  test.each([
    { what: "is not there", play: undefined, code: "APP_UNREACHABLE" },
    {
      what: "hangs up",
      play: (socket: Socket) => void socket.once("data", () => socket.end()),
      code: "APP_CLOSED",
    },
    {
      what: "answers no HTTP",
      play: answering("HTTP/1.1 200 OK\r\nno field\r\n\r\n"),
      code: "APP_GARBAGE",
    },
  ])("an app that $what gets a page with its name", async ({ play, code }) => {
    const app = await rawApp(play ?? (() => undefined));
    // Port 1 of loopback is nobody's.
    const door = await openNginxDoor({ hello: play ? app.to : { ...app.to, port: 1 } });
    const heard = await ask(door, GET);
    expect(heard).toMatch(/^HTTP\/1\.1 502 /);
    const [problem] = door.problems;
    expect(problem).toMatchObject({ code, blame: "app", method: "GET", app: { name: "hello" } });
    expect(heard).toContain(`${code} ${problem?.id}`);
    expect(door.log).toContainEqual(
      expect.objectContaining({ event: "exchange.failed", id: problem?.id, app: "hello", code }),
    );
  });

  test("an app whose machine has no address gets a page that says so", async () => {
    const upstream = {
      scheme: "http",
      host: "nowhere.invalid",
      port: 80,
      insecure: false,
    } as const;
    const door = await openNginxDoor({ hello: upstream, well: (await helloApp()).to });
    await ask(door, GET);
    expect(door.problems[0]?.why).toBe("the name nowhere.invalid is not known here");
    expect(await ask(door, GET.replace("hello", "well"), "well.local")).toMatch(/hello$/);
  });

  test("what cannot be verified is not asked", async () => {
    const app = await rawApp((socket) => void socket.once("data", () => socket.end("no TLS here")));
    const door = await openNginxDoor({
      hello: { ...app.to, host: "localhost", scheme: "https" },
    });
    expect(await ask(door, GET)).toMatch(/^HTTP\/1\.1 502 /);
    expect(door.problems[0]).toMatchObject({ code: "APP_TLS" });
  });

  test("an error the app itself answers with is its own", async () => {
    const app = await rawApp(answering("HTTP/1.1 502 Mine\r\nContent-Length: 4\r\n\r\nmine"));
    const door = await openNginxDoor({ hello: app.to });
    expect(await ask(door, GET)).toMatch(/mine$/);
    expect(door.problems).toEqual([]);
  });

  test("when the daemon's socket is gone nginx refuses with a bare page", async () => {
    const app = await helloApp();
    const door = await openNginxDoor({ hello: app.to });
    const config = readFileSync(join(door.dir, "nginx.conf"), "utf8");
    rmSync(/unix:(\S+pages\.sock)/.exec(config)?.[1] ?? "");
    const post = GET.replace("GET", "POST").slice(0, -2);
    expect(await ask(door, `${post}Origin: https://evil.example\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 50\d /,
    );
    expect(app.received).toEqual([]);
    expect(await ask(door, GET)).toMatch(/hello$/);
  });
});

describeWithTools("changes to the nginx engine", ["nginx"], () => {
  test("WebSockets stay open while apps come and go, and new names answer at once", async () => {
    const app = await rawApp(echo);
    const other = await helloApp();
    const door = await openNginxDoor({ hello: app.to });
    const talk = await door.raw("hello.local");
    talk.say(`${HANDSHAKE}Origin: https://hello.local\r\n\r\n`);
    await talk.until("101 Switching");
    for (const name of ["one", "two", "three"]) {
      await door.engine.apply(planOf({ hello: app.to, [name]: other.to }));
      expect(await ask(door, GET.replace("hello", name), `${name}.local`)).toMatch(/hello$/);
      talk.say(`after ${name};`);
      await talk.until(`after ${name};`);
    }
    expect(await ask(door, GET.replace("hello", "one"), "")).toMatch(/^HTTP\/1\.1 421 /);
  });

  test("an app nginx does not accept is left out, and told of; the others are served", async () => {
    const app = await helloApp();
    const ca = await testAuthority();
    const leaves = {
      ...ca.leaves,
      leafFor: async (name: string) => {
        const leaf = await ca.leaves.leafFor(name);
        return name === "bad.local" ? { ...leaf, certPem: "no certificate\n" } : leaf;
      },
    };
    const door = await openNginxDoor({ hello: app.to, bad: app.to, well: app.to }, { leaves });
    expect(await ask(door, GET)).toMatch(/hello$/);
    expect(await ask(door, GET.replace("hello", "well"), "well.local")).toMatch(/hello$/);
    expect(door.engine.troubles?.()).toMatchObject([
      { app: "bad", error: { code: "NGINX_REFUSED_APP" } },
    ]);
  });

  test("a certificate file that was deleted is there again with the next change", async () => {
    const app = await helloApp();
    const door = await openNginxDoor({ hello: app.to });
    const file = join(door.dir, "leaves", "leaf.hello.local.pem");
    rmSync(file);
    expect(await ask(door, GET)).toMatch(/hello$/);
    await door.engine.apply(planOf({ hello: app.to, more: app.to }));
    expect(existsSync(file)).toBe(true);
    expect(await ask(door, GET)).toMatch(/hello$/);
  });

  test("a log file that was deleted is written again", async () => {
    const app = await helloApp();
    const door = await openNginxDoor({ hello: app.to });
    const config = readFileSync(join(door.dir, "nginx.conf"), "utf8");
    const path = /access_log (\S+access\.log)/.exec(config)?.[1] ?? "";
    rmSync(path);
    await expect.poll(() => existsSync(path), SOON).toBe(true);
    await ask(door, GET);
    await expect.poll(() => door.engine.traffic()[0]?.requests, SOON).toBe(1);
  });

  test("killed, nginx is there again, and WebSockets of the killed one live on", async () => {
    const app = await rawApp(echo);
    const door = await openNginxDoor({ hello: app.to, well: (await helloApp()).to });
    const talk = await door.raw("hello.local");
    talk.say(`${HANDSHAKE}\r\n`);
    await talk.until("101 Switching");
    const killed = masterOf(door);
    process.kill(killed, "SIGKILL");
    await expect.poll(() => door.log.map(({ event }) => event), SOON).toContain("nginx.restarted");
    await expect.poll(() => masterOf(door), SOON).not.toBe(killed);
    await expect
      .poll(() => ask(door, GET.replace("hello", "well"), "well.local").catch(String), SOON)
      .toMatch(/hello$/);
    talk.say("still here");
    await talk.until("still here");
  });

  test("a port that is taken is told as the system tells it, and nothing is left behind", async () => {
    const dir = join(tempFolder(), "nginx");
    const holder = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void holder.close());
    await once(holder, "listening");
    const { port } = holder.address() as { port: number };
    await expect(
      openNginxDoor(
        {},
        { dir, listen: { addresses: ["127.0.0.1"], httpsPort: port, httpPort: 0 } },
      ),
    ).rejects.toMatchObject({ code: "EADDRINUSE", address: "127.0.0.1", port });
    expect(existsSync(dir)).toBe(false);
  });

  test("keys are for the door's user alone", async () => {
    const door = await openNginxDoor({});
    const leaves = join(door.dir, "leaves");
    const modes = readdirSync(leaves).map((file) => statSync(join(leaves, file)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600]);
    expect(statSync(join(door.dir, "nginx.conf")).mode & 0o777).toBe(0o600);
  });

  test("an app nginx begins to refuse keeps its WebSockets", async () => {
    const app = await rawApp(echo);
    const ca = await testAuthority();
    let isSpoilt = false;
    const leaves = {
      ...ca.leaves,
      leafFor: async (name: string) => {
        const leaf = await ca.leaves.leafFor(name);
        const spoil = isSpoilt && name === "hello.local";
        return spoil ? { ...leaf, id: "spoilt", certPem: "no certificate\n" } : leaf;
      },
    };
    const door = await openNginxDoor({ hello: app.to }, { leaves });
    const talk = await door.raw("hello.local");
    talk.say(`${HANDSHAKE}\r\n`);
    await talk.until("101 Switching");
    isSpoilt = true;
    await door.engine.apply(planOf({ hello: app.to, more: app.to }));
    expect(door.engine.troubles?.()).toMatchObject([{ app: "hello" }]);
    talk.say("still here");
    await talk.until("still here");
  });

  test("a thousand apps are served, and one more is there in a moment", async () => {
    const app = await helloApp();
    const ca = await testAuthority();
    const one = ca.leaves.leafFor("many.local");
    const leaves = { ...ca.leaves, leafFor: () => one };
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`app${i}`, app.to]));
    const door = await openNginxDoor(many, { leaves });
    const plan: Plan = planOf({ ...many, more: app.to });
    await door.engine.apply(plan);
    const talk = await door.raw("more.local", { checkServerIdentity: () => undefined });
    talk.say(GET.replace("hello", "more"));
    expect(await talk.end()).toMatch(/hello$/);
  }, 60_000);
});
