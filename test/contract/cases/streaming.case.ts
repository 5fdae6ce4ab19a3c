import { once } from "node:events";
import type { Socket } from "node:net";
import { expect } from "vitest";
import { rawApp, SOON } from "../../support/raw-app.ts";
import { answerOf, get } from "../ask.ts";
import { GET, OK, scene, type Topic } from "../contract.ts";
import { BLOCK, largeApp, MIB, MOST_IN_BETWEEN, settled } from "../large-app.ts";

const HALF_POST = "POST / HTTP/1.1\r\nHost: wiki.local\r\nTransfer-Encoding: chunked\r\n\r\n";

const events = (socket: Socket): void => {
  socket.once("data", () =>
    socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"),
  );
};

export const streaming: Topic = {
  title: "Streaming",
  proofs: {
    "a slow reader slows the app down, and gets everything in the end": async (open) => {
      const size = 256 * MIB;
      const app = await largeApp(size);
      const door = await open({ wiki: app.port });
      const talk = await door.raw("wiki.local");
      let read = 0;
      talk.socket.removeAllListeners("data");
      talk.say(`${GET}Connection: close\r\n\r\n`);
      talk.socket.pause();
      await expect.poll(app.made, SOON).toBeGreaterThan(0);
      expect(await settled(app.made)).toBeLessThan(MOST_IN_BETWEEN);
      talk.socket.on("data", (part: Buffer) => (read += part.length)).resume();
      await once(talk.socket, "end");
      expect(read).toBeGreaterThanOrEqual(size);
    },

    "over HTTP/2 a slow reader slows the app down, and another stream runs on": async (open) => {
      const size = 200 * MIB;
      const app = await largeApp(size);
      const door = await open({ wiki: app.port });
      const session = await door.http2("wiki.local");
      const slow = get(session, { ":path": "/large" });
      await once(slow, "response");
      slow.pause();
      expect(await answerOf(get(session, { ":path": "/small" }))).toMatchObject({ body: "ok" });
      expect(await settled(app.made)).toBeLessThan(MOST_IN_BETWEEN);
      let read = 0;
      for await (const part of slow) read += (part as Buffer).length;
      expect(read).toBe(size);
    },

    "a slow app slows the visitor's upload down, and gets everything in the end": async (open) => {
      const size = 128 * MIB;
      const app = await rawApp((socket) => socket.pause());
      const door = await open({ wiki: app.to });
      const talk = await door.raw("wiki.local");
      talk.say(`POST / HTTP/1.1\r\nHost: wiki.local\r\nContent-Length: ${size}\r\n\r\n`);
      let sent = 0;
      const more = (): void => {
        while (sent < size) {
          sent += MIB;
          if (!talk.socket.write(BLOCK)) return void talk.socket.once("drain", more);
        }
      };
      more();
      expect(await settled(() => sent)).toBeLessThan(MOST_IN_BETWEEN);
      const [socket] = app.connections as [Socket];
      let received = 0;
      socket.removeAllListeners("data");
      socket.on("data", (part: Buffer) => (received += part.length)).resume();
      await expect.poll(() => received, { timeout: 30_000 }).toBeGreaterThanOrEqual(size);
      socket.write(OK);
      await talk.until(/ok$/);
    },

    "events arrive one by one, each at once, over both protocols": async (open) => {
      const { app, door } = await scene(open, events);
      const talk = await door.raw("wiki.local");
      talk.say(`${GET}\r\n`);
      await talk.until("\r\n\r\n");
      const stream = get(await door.http2("wiki.local"));
      await expect.poll(() => app.received[1], SOON).toContain("GET /");
      for (const event of ["data: 1\n\n", "data: 2\n\n"]) {
        app.connections[0]?.write(event);
        await talk.until(event);
        const came = once(stream, "data");
        app.connections[1]?.write(event);
        expect(String((await came)[0])).toBe(event);
      }
      stream.close();
    },

    "a head arrives before there is any content": async (open) => {
      const { app, door } = await scene(open, (socket) => {
        socket.once("data", () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"));
      });
      const talk = await door.raw("wiki.local");
      talk.say(`${GET}\r\n`);
      await talk.until("\r\n\r\n");
      app.connections[0]?.write("ok");
      await talk.until(/\r\n\r\nok$/);
    },

    "over HTTP/2 a head arrives before there is any content": async (open) => {
      const { door } = await scene(open, events);
      const [head] = await once(get(await door.http2("wiki.local")), "response");
      expect(head[":status"]).toBe(200);
    },

    "an upload arrives at the app piece by piece, while it is being sent": async (open) => {
      const { app, door } = await scene(open, (socket) => {
        socket.on("data", (part) => {
          if (part.includes("end")) socket.write(OK);
        });
      });
      const talk = await door.raw("wiki.local");
      talk.say(`${HALF_POST}5\r\nfirst\r\n`);
      await expect.poll(() => app.received[0], SOON).toContain("first");
      talk.say("6\r\nsecond\r\n");
      await expect.poll(() => app.received[0], SOON).toContain("second");
      talk.say("3\r\nend\r\n0\r\n\r\n");
      await talk.until(/ok$/);
    },

    "an answer may begin while the request is still being sent": async (open) => {
      const { door } = await scene(open, (socket) => {
        socket.once("data", () => {
          socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          socket.on("data", (part) => {
            if (part.includes("second")) socket.write("4\r\nseen\r\n");
          });
        });
      });
      const talk = await door.raw("wiki.local");
      talk.say(`${HALF_POST}5\r\nfirst\r\n`);
      await talk.until("\r\n\r\n");
      talk.say("6\r\nsecond\r\n");
      await talk.until("seen");
    },

    "a refusal arrives although the visitor is still sending": async (open) => {
      const { door } = await scene(open, (socket) => {
        socket.once("data", () =>
          socket.write("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"),
        );
      });
      const talk = await door.raw("wiki.local");
      talk.say(
        `POST / HTTP/1.1\r\nHost: wiki.local\r\nContent-Length: 10000000\r\n\r\n${"a".repeat(100_000)}`,
      );
      expect(await talk.until(/no$/)).toMatch(/^HTTP\/1.1 413 /);
      const stream = get(await door.http2("wiki.local"), { ":method": "POST" });
      stream.on("error", () => undefined); // how the rest of the upload is taken back is the engine's
      stream.write(Buffer.alloc(100_000));
      const [head] = await once(stream, "response");
      expect(head[":status"]).toBe(413);
    },
  },
};
