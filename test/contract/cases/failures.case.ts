import { once } from "node:events";
import { expect } from "vitest";
import { planOf } from "../../support/door.ts";
import { answering, rawApp, SOON } from "../../support/raw-app.ts";
import { answerOf, ask, DEAD_PORT, expectServing, get } from "../ask.ts";
import { GET, OK, type OpenEngine, PROTOCOLS, scene, type Topic } from "../contract.ts";

const HEAD = "HTTP/1.1 200 OK\r\n";

/** Has an app do this with its first two requests, one over each protocol; later ones it answers. */
async function expectToldOf(open: OpenEngine, bytes: string, code: string): Promise<void> {
  const app = await rawApp((socket) => {
    socket.on("data", (part) => {
      if (part.includes("/broken")) socket.end(bytes, "latin1");
      else socket.write(OK);
    });
  });
  const door = await open({ wiki: app.to });
  for (const protocol of PROTOCOLS) {
    const { status, body } = await ask(door, protocol, { path: "/broken" });
    expect([protocol, status]).toEqual([protocol, 502]);
    expect(body).toContain(code);
  }
  await expectServing(door);
}

/** Has an app break off within the content of its first answers; no visitor may take those for whole. */
async function expectBrokenOff(open: OpenEngine, bytes: string, later = ""): Promise<void> {
  const app = await rawApp((socket) => {
    socket.on("data", (part) => {
      if (!part.includes("/broken")) return void socket.write(OK);
      socket.write(bytes, "latin1");
      return setTimeout(() => (later ? socket.write(later) : socket.destroy()), 50);
    });
  });
  const door = await open({ wiki: app.to });
  const talk = await door.raw("wiki.local");
  talk.say(GET.replace("/", "/broken").concat("\r\n"));
  const heard = await talk.end();
  expect(heard).toContain("begun");
  expect(heard).not.toMatch(/\r\n0\r\n/);
  const stream = get(await door.http2("wiki.local"), { ":path": "/broken" });
  await expect(answerOf(stream)).rejects.toThrow(/NGHTTP2_\w+/);
  await expectServing(door);
}

export const failures: Topic = {
  title: "Apps that fail",
  proofs: {
    "an app that is not there is a 502 that says so, over both protocols": async (open) => {
      const door = await open({ wiki: DEAD_PORT });
      for (const protocol of PROTOCOLS) {
        const { status, body } = await ask(door, protocol, { path: "/a?secret=1" });
        expect([protocol, status]).toEqual([protocol, 502]);
        expect(body).toContain("APP_UNREACHABLE");
        expect(body).not.toContain("secret");
      }
    },

    "an app that comes back is served at once": async (open) => {
      const door = await open({ wiki: DEAD_PORT });
      expect(await ask(door, "http/1.1")).toMatchObject({ status: 502 });
      const app = await rawApp(answering(OK));
      await door.engine.apply(planOf({ wiki: app.to }));
      await expectServing(door);
    },

    "an app that fails again and again is asked anew by every visitor": async (open) => {
      const { app, door } = await scene(open, (socket, nth) => {
        socket.on("data", () => (nth <= 12 ? socket.destroy() : socket.write(OK)));
      });
      for (let i = 0; i < 12; i += 1) await ask(door, "http/1.1", { method: "POST" });
      expect(app.connections).toHaveLength(12);
      expect(await ask(door, "http/1.1")).toMatchObject({ status: 200 });
    },

    "an app that closes without an answer is a 502": (open) => expectToldOf(open, "", "APP_CLOSED"),

    "an app that closes within the head of its answer is a 502": (open) =>
      expectToldOf(open, `${HEAD}Content-Le`, "APP_"),

    "an app that does not speak HTTP is a 502": (open) =>
      expectToldOf(open, "220 mail.example ESMTP\r\n\r\n", "APP_GARBAGE"),

    "an answer whose end is told in two ways is a 502": (open) =>
      expectToldOf(
        open,
        `${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
        "APP_GARBAGE",
      ),

    "an answer of two lengths is a 502": (open) =>
      expectToldOf(open, `${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok`, "APP_GARBAGE"),

    "an answer with a NUL in a field is a 502": (open) =>
      expectToldOf(open, `${HEAD}X-A: a\0b\r\nContent-Length: 2\r\n\r\nok`, "APP_GARBAGE"),

    "an answer with a head of a megabyte is a 502": (open) =>
      expectToldOf(open, `${HEAD}X-A: ${"a".repeat(1_000_000)}\r\n\r\n`, "APP_"),

    "an answer that is cut short of its length is broken off, not ended": (open) =>
      expectBrokenOff(open, `${HEAD}Content-Length: 100\r\n\r\nbegun`),

    "an answer that is cut off between chunks is broken off, not ended": (open) =>
      expectBrokenOff(open, `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n`),

    "an answer that is cut off within a chunk is broken off, not ended": (open) =>
      expectBrokenOff(open, `${HEAD}Transfer-Encoding: chunked\r\n\r\nff\r\nbegun`),

    "an answer whose chunks are garbage is broken off, not ended": (open) =>
      expectBrokenOff(
        open,
        `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n`,
        "zz\r\nno\r\n",
      ),

    "an answer that is broken off leaves the other streams of its visitor alone": async (open) => {
      const { app, door } = await scene(open, (socket) => {
        socket.once("data", () => socket.write(`${HEAD}Content-Length: 10\r\n\r\nbegun`));
      });
      const session = await door.http2("wiki.local");
      // Settled from the beginning: one of them may be broken off before anybody waits for both.
      const answers = Promise.allSettled([answerOf(get(session)), answerOf(get(session))]);
      await expect.poll(() => app.received.join("").match(/^GET /gm)?.length, SOON).toBe(2);
      app.connections[0]?.destroy();
      await once(app.connections[0]!, "close");
      app.connections[1]?.write("ended");
      const ended = (await answers).map((one) =>
        one.status === "fulfilled" ? one.value.body : "broken off",
      );
      expect(ended.toSorted()).toEqual(["begunended", "broken off"]);
    },

    "bytes an app sends behind its answer reach no visitor": async (open) => {
      const { door } = await scene(open, (socket) => {
        socket.on("data", () =>
          socket.write(`${OK}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`),
        );
      });
      for (let i = 0; i < 3; i += 1) {
        expect(await ask(door, "http/1.1")).toMatchObject({ status: 200, body: "ok" });
      }
    },
  },
};
