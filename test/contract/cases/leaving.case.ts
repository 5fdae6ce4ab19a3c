import { once } from "node:events";
import { constants } from "node:http2";
import { expect } from "vitest";
import { type RawApp, SOON } from "../../support/raw-app.ts";
import { get } from "../ask.ts";
import { GET, scene, type Topic } from "../contract.ts";

const silent = (): void => undefined;

async function expectOver(app: RawApp): Promise<void> {
  await expect.poll(() => app.connections.map(({ destroyed }) => destroyed), SOON).toEqual([true]);
}

export const leaving: Topic = {
  title: "Visitors who leave",
  proofs: {
    "one who leaves before the answer takes the app's work with it": async (open) => {
      const { app, door } = await scene(open, silent);
      const talk = await door.raw("wiki.local");
      talk.say(`${GET}\r\n`);
      await expect.poll(() => app.received[0], SOON).toContain("GET /");
      talk.socket.destroy();
      await expectOver(app);
    },

    "one who leaves within the answer takes the app's work with it": async (open) => {
      const { app, door } = await scene(open, (socket) => {
        socket.once("data", () => {
          socket.write("HTTP/1.1 200 OK\r\n\r\nbegun");
          const timer = setInterval(() => socket.write("more"), 20);
          socket.on("close", () => clearInterval(timer));
        });
      });
      const talk = await door.raw("wiki.local");
      talk.say(`${GET}\r\n`);
      await talk.until("begun");
      talk.socket.destroy();
      await expectOver(app);
    },

    "one who leaves within its upload takes the app's connection with it": async (open) => {
      const { app, door } = await scene(open, silent);
      const talk = await door.raw("wiki.local");
      talk.say("POST / HTTP/1.1\r\nHost: wiki.local\r\nContent-Length: 100\r\n\r\nabc");
      await expect.poll(() => app.received[0], SOON).toContain("abc");
      talk.socket.destroy();
      await expectOver(app);
    },

    "half an upload in chunks never looks like a whole one to the app": async (open) => {
      const { app, door } = await scene(open, silent);
      const talk = await door.raw("wiki.local");
      talk.say(
        "POST / HTTP/1.1\r\nHost: wiki.local\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
      );
      await expect.poll(() => app.received[0], SOON).toContain("abc");
      talk.socket.destroy();
      await expectOver(app);
      expect(app.received[0]).not.toMatch(/\r\n0\r\n/);
    },

    "one who takes a request over HTTP/2 back takes the app's work with it": async (open) => {
      const { app, door } = await scene(open, silent);
      const session = await door.http2("wiki.local");
      const stream = get(session);
      await expect.poll(() => app.received[0], SOON).toContain("GET /");
      stream.close(constants.NGHTTP2_CANCEL);
      await expectOver(app);
      expect(session.destroyed).toBe(false);
    },

    "one who takes a request over HTTP/2 back within the answer does so, too": async (open) => {
      const { app, door } = await scene(open, (socket) => {
        socket.once("data", () => {
          socket.write("HTTP/1.1 200 OK\r\n\r\nbegun");
          const timer = setInterval(() => socket.write("more"), 20);
          socket.on("close", () => clearInterval(timer));
        });
      });
      const stream = get(await door.http2("wiki.local"));
      await once(stream, "data");
      stream.close(constants.NGHTTP2_CANCEL);
      await expectOver(app);
    },

    "a connection over HTTP/2 that is gone takes all its requests with it": async (open) => {
      const { app, door } = await scene(open, silent);
      const session = await door.http2("wiki.local");
      for (let i = 0; i < 3; i += 1) get(session).on("error", () => undefined);
      const upload = get(session, { ":method": "POST", "content-length": 100 });
      upload.on("error", () => undefined).write("abc");
      await expect.poll(() => app.connections.length, SOON).toBe(4);
      session.destroy();
      await expect.poll(() => app.connections.every(({ destroyed }) => destroyed), SOON).toBe(true);
    },
  },
};
