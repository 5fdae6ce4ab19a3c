/*
 * A door's whole life as real processes: opening, following its configuration, refusing a second
 * one, being killed, closing.
 */
import { once } from "node:events";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { WebSocketServer } from "ws";
import { genkan, openDoor } from "../support/genkan.ts";
import { listenForTest } from "../support/listen.ts";
import { tempFolder } from "../support/temp.ts";
import { echo, openWebSocket, visit } from "../support/visit.ts";

/** Every look starts a program, which takes its time on a busy machine. */
const PATIENCE = { timeout: 30_000 };

/** An app that says its name, and echoes on WebSockets. */
async function startApp(says: string): Promise<{ port: number; server: Server }> {
  const server = createServer((_request, response) => response.end(says));
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => socket.on("message", (data) => socket.send(data)));
  return { port: await listenForTest(server, sockets), server };
}

/** As genkan.yaml has an app that everyone may open. */
function openAt({ port }: { readonly port: number }): string {
  return `{ target: ${port}, access: open }`;
}

test("genkan up NAME=TARGET opens a trusted address in front of the app", async () => {
  const app = await startApp("I am the wiki");
  const door = await openDoor(tempFolder(), [`wiki=${app.port}`]);
  expect(door.ready).toEqual({
    ready: true,
    portal: `https://genkan.local:${door.httpsPort}`,
    apps: [
      {
        name: "wiki",
        url: `https://wiki.local:${door.httpsPort}`,
        upstream: `http://localhost:${app.port}`,
      },
    ],
    root: { path: expect.any(String), fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}/) },
    pairing: { digits: expect.stringMatching(/^\d{6}$/), expires: expect.any(String) },
  });
  expect(await visit(door, "wiki.local")).toMatchObject({ status: 200, body: "I am the wiki" });
  expect((await visit(door, "wiki.localhost")).body).toBe("I am the wiki");
});

test("add, remove and the file edited by hand are followed without touching another app's WebSocket", async () => {
  const [wiki, blog] = [await startApp("wiki"), await startApp("blog")];
  const home = tempFolder();
  await genkan(home, ["add", "wiki", String(wiki.port), "--access", "open"]);
  const door = await openDoor(home);
  const socket = await openWebSocket(door, "wiki.local");
  expect(await echo(socket, "one")).toBe("one");

  const added = await door.genkan("add", "blog", String(blog.port), "--access", "open");
  expect(added.stdout).toContain(`https://blog.local:${door.httpsPort}`);
  expect((await visit(door, "blog.local")).body).toBe("blog");

  await door.genkan("remove", "blog");
  await expect(visit(door, "blog.local")).rejects.toThrow(/altnames/);

  appendFileSync(join(home, "genkan.yaml"), `  notes: { target: ${blog.port}, access: open }\n`);
  await expect
    .poll(() => visit(door, "notes.local").catch(() => undefined), PATIENCE)
    .toMatchObject({
      body: "blog",
    });
  expect(await echo(socket, "two")).toBe("two");
  expect(JSON.parse((await door.genkan("status", "--json")).stdout)).toMatchObject({
    apps: [{ name: "wiki", webSockets: 1 }, { name: "notes" }],
  });
});

test("an app that is taken away loses its WebSockets; one whose target changes keeps them", async () => {
  const [one, two] = [await startApp("one"), await startApp("two")];
  const home = tempFolder();
  const path = join(home, "genkan.yaml");
  writeFileSync(path, `apps:\n  wiki: ${openAt(one)}\n  chat: ${openAt(one)}\n`);
  const door = await openDoor(home);
  const [wiki, chat] = [
    await openWebSocket(door, "wiki.local"),
    await openWebSocket(door, "chat.local"),
  ];
  const chatClosed = once(chat, "close");
  writeFileSync(path, `apps:\n  wiki: ${openAt(two)}\n`);
  await chatClosed;
  expect((await visit(door, "wiki.local")).body).toBe("two");
  expect(await echo(wiki, "still here")).toBe("still here");
});

test("a broken file leaves the old plan running and says so in status; mended, it is followed", async () => {
  const app = await startApp("wiki");
  const home = tempFolder();
  const path = join(home, "genkan.yaml");
  writeFileSync(path, `apps:\n  wiki: ${openAt(app)}\n`);
  const door = await openDoor(home);
  writeFileSync(path, `apps:\n  wiki: 70000\n`);
  const status = async () => (await door.genkan("status")).stdout;
  await expect.poll(status, PATIENCE).toContain("is not in force");
  expect(await status()).toContain("genkan.yaml:2:9 apps.wiki");
  expect((await visit(door, "wiki.local")).body).toBe("wiki");
  const doctor = await door.genkan("doctor");
  expect(doctor.code).toBe(1);
  expect(doctor.stdout).toContain("config.valid");

  writeFileSync(path, `apps:\n  wiki: ${openAt(app)}\n  blog: ${openAt(app)}\n`);
  await expect.poll(status, PATIENCE).not.toContain("is not in force");
  expect((await visit(door, "blog.local")).body).toBe("wiki");
});

test("what an open door cannot change is said to wait for the next start", async () => {
  const home = tempFolder();
  writeFileSync(join(home, "genkan.yaml"), "apps: {}\n");
  const door = await openDoor(home);
  writeFileSync(join(home, "genkan.yaml"), "authority: mkcert\napps: {}\n");
  await expect
    .poll(async () => (await door.genkan("status")).stdout, PATIENCE)
    .toContain("waiting for the next start: authority");
});

test("a second door on the same home is refused by the name of the first", async () => {
  const door = await openDoor(tempFolder());
  const second = await door.genkan("up");
  expect(second.code).toBe(1);
  expect(second.stderr).toContain(String(door.pid));
  expect(second.stderr).toContain("(DOOR_ALREADY_OPEN)");
  expect((await visit(door, "hello.local")).status).toBe(200);
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s closes the door and leaves nothing behind",
  async (signal) => {
    const home = tempFolder();
    const door = await openDoor(home);
    await openWebSocket(door, "hello.local");
    expect(await door.end(signal)).toBe(0);
    expect(door.stderr()).toContain("Closing the door (1 WebSocket is open)");
    expect(existsSync(join(home, "state/control.sock"))).toBe(false);
    expect(existsSync(join(home, "state/door.lock"))).toBe(false);
    expect((await genkan(home, ["status"])).stderr).toContain("DOOR_CLOSED");
  },
);

test("genkan stop lets a running answer end, and returns when the door is closed", async () => {
  const server = createServer((_request, response) => {
    response.write("first, ");
    setTimeout(() => response.end("last"), 3_000);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const door = await openDoor(tempFolder(), [`slow=${port}`]);
  const answer = visit(door, "slow.local");
  await expect
    .poll(async () => (await door.genkan("status", "--json")).stdout, PATIENCE)
    .toContain('"active":1');
  const stopped = await door.genkan("stop");
  expect(stopped).toMatchObject({ code: 0, stdout: "The door is closed.\n" });
  expect(await answer).toMatchObject({ body: "first, last" });
  if (door.process.exitCode === null) await once(door.process, "exit");
  expect(door.process.exitCode).toBe(0);
});

test("after kill -9 the next start has the same authority and opens as if nothing had been", async () => {
  const home = tempFolder();
  const first = await openDoor(home);
  await visit(first, "hello.local");
  await first.end("SIGKILL");
  expect(existsSync(join(home, "state/door.lock"))).toBe(true);
  expect((await genkan(home, ["status"])).stderr).toContain("DOOR_CLOSED");
  const second = await openDoor(home);
  expect(second.ready.root).toEqual(first.ready.root);
  expect((await visit(second, "hello.local")).status).toBe(200);
});

test("a taken port is refused with the name of the program that has it", async () => {
  const holder = createTcpServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  onTestFinished(() => void holder.close());
  const { port } = holder.address() as { port: number };
  const args = [
    "up",
    "--address",
    "127.0.0.1",
    "--http-port",
    "8081",
    "--https-port",
    String(port),
  ];
  const { code, stderr } = await genkan(tempFolder(), args);
  expect(code).toBe(1);
  expect(stderr).toContain(`Port ${port} on 127.0.0.1 is taken by`);
  expect(stderr).toContain(String(process.pid));
  expect(stderr).toContain("genkan up --https-port");
});

test("an address that is not this machine's is refused with those that are", async () => {
  const { code, stderr } = await genkan(tempFolder(), ["up", "--address", "192.0.2.7"]);
  expect(code).toBe(2);
  expect(stderr).toContain("192.0.2.7 is no address of this machine");
  expect((await genkan(tempFolder(), ["up", "--address", "box"])).code).toBe(2);
});

test("one port for both is refused", async () => {
  const args = ["up", "--address", "127.0.0.1", "--https-port", "8443", "--http-port", "8443"];
  expect((await genkan(tempFolder(), args)).stderr).toContain("DOOR_PORTS_EQUAL");
});

test("an app that does not answer is named, and the page's id is in the log", async () => {
  const { port, server } = await startApp("gone soon");
  server.close();
  const door = await openDoor(tempFolder(), [`wiki=${port}`]);
  const answer = await visit(door, "wiki.local");
  expect(answer.status).toBe(502);
  const { error } = JSON.parse(answer.body) as { error: { code: string; id: string } };
  expect(error.code).toBe("APP_UNREACHABLE");
  const logs = await door.genkan("logs");
  expect(logs.stdout).toContain(error.id);
  const doctor = await door.genkan("doctor", "wiki");
  expect(doctor.stdout).toContain(`Nothing accepts connections at http://localhost:${port}`);
});

test("a log line cut short by a power failure is shown as it is", async () => {
  const home = tempFolder();
  const door = await openDoor(home);
  await door.end();
  const path = join(home, "state/genkan.log");
  writeFileSync(path, `${readFileSync(path, "utf8")}{"at":"2026-01-01T0`);
  const { code, stdout } = await genkan(home, ["logs"]);
  expect(code).toBe(0);
  expect(stdout).toContain("door.opened");
  expect(stdout).toContain('{"at":"2026-01-01T0');
});
