import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { SOON } from "../../support/raw-app.ts";
import { scene, type Topic } from "../contract.ts";
import {
  echo,
  HANDSHAKE,
  realApp,
  realClient,
  shaken,
  shakenOver,
  yes,
} from "../websocket-scene.ts";

const MIB = 1024 * 1024;

/** A masked frame (RFC 6455 section 5.2) of less than 126 bytes, with a mask of zeros. */
function frame(first: number, text: string): string {
  return `${String.fromCharCode(first, 0x80 | text.length)}\0\0\0\0${text}`;
}

export const webSockets: Topic = {
  title: "WebSocket messages",
  proofs: {
    "bytes pass both ways, also those that came too early": async (open) => {
      const { door } = await scene(open, echo);
      const talk = await door.raw("wiki.local");
      talk.say(`${HANDSHAKE}\r\nearly`);
      await talk.until("early");
      talk.say("later");
      expect(await talk.until("earlylater")).toMatch(/^HTTP\/1.1 101 /);
    },

    "bytes the app sends right behind its yes are not lost": async (open) => {
      const { door } = await scene(open, (socket) => {
        socket.once("data", (head) => socket.write(`${yes(String(head))}first`));
      });
      const talk = await door.raw("wiki.local");
      talk.say(`${HANDSHAKE}\r\n`);
      await talk.until(/\r\n\r\nfirst$/);
    },

    "fragments, pings and frames nobody has defined pass as they are": async (open) => {
      const { app, door } = await scene(open, echo);
      const talk = await shaken(door);
      const frames = [
        frame(0x01, "begin"), // text, more to come
        frame(0x89, "ping"),
        frame(0x00, "middle"),
        frame(0x80, "end"),
        frame(0xc2, "\x01\x02\xff"), // compressed
        frame(0xf3, "reserved"),
      ].join("");
      talk.say(frames);
      await talk.until("reserved");
      expect(app.received[0]?.endsWith(frames)).toBe(true);
      expect(talk.heard().endsWith(frames)).toBe(true);
    },

    "compressed messages pass as the two sides made them": async (open) => {
      const door = await open({ wiki: await realApp({ perMessageDeflate: { threshold: 0 } }) });
      const options = { perMessageDeflate: { threshold: 0 } };
      const client = await realClient(door, { options });
      for (const message of ["a", "b".repeat(70_000), "玄関".repeat(1000)]) {
        client.send(message);
        expect(String((await once(client, "message"))[0])).toBe(message);
      }
    },

    "a message of 64 MB passes, both ways": async (open) => {
      const door = await open({ wiki: await realApp({ perMessageDeflate: false }) });
      const client = await realClient(door, { options: { perMessageDeflate: false } });
      const message = Buffer.alloc(64 * MIB, randomBytes(MIB));
      client.send(message);
      const [back] = (await once(client, "message")) as [Buffer];
      expect(back.equals(message)).toBe(true);
    },

    "ten thousand small messages arrive in their order": async (open) => {
      const door = await open({ wiki: await realApp() });
      const client = await realClient(door);
      let next = 0;
      const isInOrder = new Promise<boolean>((resolve) => {
        client.on("message", (data: Buffer) => {
          if (String(data) !== String(next)) resolve(false);
          next += 1;
          if (next === 10_000) resolve(true);
        });
      });
      for (let i = 0; i < 10_000; i += 1) client.send(String(i));
      expect(await isInOrder).toBe(true);
    },

    "silence ends no WebSocket, whatever the deadlines": async (open) => {
      const { door } = await scene(open, echo, { limits: "short" });
      const talk = await shaken(door);
      await wait(2500);
      talk.say("still here");
      await talk.until("still here");
    },

    "a visitor who does not read slows the app down": async (open) => {
      let sent = 0;
      const { door } = await scene(open, (socket) => {
        socket.once("data", (head) => {
          socket.write(yes(String(head)));
          const more = (): void => {
            while (sent < 200 && socket.write(Buffer.alloc(MIB))) sent += 1;
            sent += 1;
          };
          socket.on("drain", more);
          more();
        });
      });
      const talk = await shaken(door);
      talk.socket.pause();
      await expect.poll(() => sent, SOON).toBeGreaterThan(0);
      await wait(500);
      expect(sent).toBeLessThan(100);
    },

    "over HTTP/2 bytes pass both ways, beside other requests": async (open) => {
      const { door } = await scene(open, (socket) => {
        socket.once("data", (head) => {
          socket.write(`${yes(String(head))}first`);
          socket.pipe(socket);
        });
      });
      const stream = await shakenOver(door);
      expect(String((await once(stream, "data"))[0])).toBe("first");
      stream.write("hello");
      expect(String((await once(stream, "data"))[0])).toBe("hello");
    },

    "over HTTP/2 silence ends no WebSocket, whatever the deadlines": async (open) => {
      const { door } = await scene(open, echo, { limits: "short" });
      const stream = await shakenOver(door);
      await wait(2500);
      stream.write("still here");
      expect(String((await once(stream, "data"))[0])).toBe("still here");
    },
  },
};
