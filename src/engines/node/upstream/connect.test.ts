import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { rawApp, SOON } from "../../../../test/support/raw-app.ts";
import type { Upstream } from "../../../model/target.ts";
import { createDialler, type DialOptions, resolveBySystem } from "./connect.ts";

const never = new AbortController().signal;

function newDialler(options: Partial<DialOptions> = {}) {
  return createDialler({ connectMs: 5000, trustedRoots: [], resolve: resolveBySystem, ...options });
}

/** Dials, and says which address it came to; the socket is closed again. */
async function reach(to: Upstream, dialler = newDialler()): Promise<string | undefined> {
  const socket = await dialler.dial(to, [never]);
  const address = socket.remoteAddress;
  socket.destroy();
  return address;
}

/** A port where nobody listens any more. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Makes a place that answers nobody: a program listens there, takes nothing, and its queue is full
 * (listen(2): Linux then drops what comes).
 */
async function silence(host: string, port: number): Promise<void> {
  const program = `require("net").createServer().listen({ host: "${host}", port: ${port}, backlog: 1 }, () =>
    process.stdout.write("ready", () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)))`;
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  const waiting = [1, 2].map(() => connect(port, host).on("error", () => undefined));
  onTestFinished(() => waiting.forEach((socket) => socket.destroy()));
  await Promise.all(waiting.map((socket) => once(socket, "connect")));
}

describe("localhost", () => {
  test.each(["127.0.0.1", "::1"])("finds the app that listens on %s alone", async (host) => {
    const app = await rawApp(() => undefined, host);
    expect(await reach({ ...app.to, host: "localhost" })).toBe(host);
    expect(await reach({ ...app.to, host: "app.localhost" })).toBe(host);
  });

  test("goes first to the address that answered last", async () => {
    const app = await rawApp(() => undefined, "::1");
    const to = { ...app.to, host: "localhost" };
    const dialler = newDialler();
    expect(await reach(to, dialler)).toBe("::1");
    const other = createServer().listen(app.to.port, "127.0.0.1");
    onTestFinished(() => void other.close());
    await once(other, "listening");
    expect(await reach(to, dialler)).toBe("::1");
    expect(await reach(to)).toBe("127.0.0.1");
  });

  test("where nobody listens names both places", async () => {
    const port = await closedPort();
    await expect(
      reach({ scheme: "http", host: "localhost", port, insecure: false }),
    ).rejects.toMatchObject({
      kind: "unreachable",
      message: `connection refused on 127.0.0.1:${port} and [::1]:${port}`,
    });
  });
});

describe("a name", () => {
  test("is tried on all its addresses", async () => {
    const app = await rawApp(() => undefined);
    const resolve = async (): Promise<string[]> => ["::1", "127.0.0.2", "127.0.0.1"];
    expect(await reach({ ...app.to, host: "nas" }, newDialler({ resolve }))).toBe("127.0.0.1");
  });

  test("with an address that says nothing is reached by the next before long", async () => {
    const app = await rawApp(() => undefined);
    await silence("127.0.0.2", app.to.port);
    const resolve = async (): Promise<string[]> => ["127.0.0.2", "127.0.0.1"];
    expect(await reach({ ...app.to, host: "nas" }, newDialler({ resolve }))).toBe("127.0.0.1");
    await expect(
      reach({ ...app.to, host: "127.0.0.2" }, newDialler({ connectMs: 40 })),
    ).rejects.toMatchObject({
      kind: "unreachable",
      message: `no answer from 127.0.0.2:${app.to.port} within 40 milliseconds`,
    });
  });

  test("with addresses that all fail says of each how", async () => {
    const port = await closedPort();
    const resolve = async (): Promise<string[]> => ["127.0.0.1", "127.0.0.2"];
    await expect(
      reach({ scheme: "http", host: "nas", port, insecure: false }, newDialler({ resolve })),
    ).rejects.toMatchObject({
      message: `connection refused on 127.0.0.1:${port} and 127.0.0.2:${port}`,
    });
  });

  test("that leads nowhere is a name not known here", async () => {
    const to: Upstream = { scheme: "http", host: "nas.invalid", port: 1, insecure: false };
    const missing = Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
    const unknown = { kind: "unreachable", message: "the name nas.invalid is not known here" };
    await expect(
      reach(to, newDialler({ resolve: () => Promise.reject(missing) })),
    ).rejects.toMatchObject(unknown);
    await expect(reach(to, newDialler({ resolve: async () => [] }))).rejects.toMatchObject(unknown);
  });

  test("that could not be looked up is told apart", async () => {
    const to: Upstream = { scheme: "http", host: "nas", port: 1, insecure: false };
    const failed = Object.assign(new Error("try again"), { code: "EAI_AGAIN" });
    await expect(
      reach(to, newDialler({ resolve: () => Promise.reject(failed) })),
    ).rejects.toMatchObject({ message: "the name nas could not be looked up (try again)" });
  });

  test("of this machine is found by the system's resolver", async () => {
    expect(await resolveBySystem("localhost")).toEqual(
      expect.arrayContaining([expect.stringMatching(/^(127\.0\.0\.1|::1)$/)]),
    );
  });
});

describe("time", () => {
  test("is limited for the whole of it, the name's lookup included", async () => {
    const resolve = (): Promise<string[]> => new Promise(() => undefined);
    await expect(
      reach(
        { scheme: "http", host: "nas", port: 8080, insecure: false },
        newDialler({ resolve, connectMs: 30 }),
      ),
    ).rejects.toMatchObject({
      kind: "unreachable",
      message: "no answer from nas:8080 within 30 milliseconds",
    });
  });

  test("ends when the visitor leaves, within any step", async () => {
    const silent = await rawApp(() => undefined);
    const steps: [Upstream, Partial<DialOptions>][] = [
      [{ ...silent.to, host: "nas" }, { resolve: () => new Promise(() => undefined) }],
      [{ ...silent.to, scheme: "https" }, {}],
    ];
    for (const [to, options] of steps) {
      const abort = new AbortController();
      const dialled = newDialler(options).dial(to, [never, abort.signal]);
      setTimeout(() => abort.abort(), 20);
      await expect(dialled).rejects.toMatchObject({ kind: "aborted" });
    }
    await expect
      .poll(() => silent.connections.every(({ destroyed }) => destroyed), SOON)
      .toBe(true);
  });
});
