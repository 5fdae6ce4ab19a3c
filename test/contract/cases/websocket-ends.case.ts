import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { SOON } from "../../support/raw-app.ts";
import { scene, type Topic } from "../contract.ts";
import {
  connectOver,
  echo,
  HANDSHAKE,
  realApp,
  realClient,
  shaken,
  shakenOver,
  yes,
} from "../websocket-scene.ts";

export const webSocketEnds: Topic = {
  title: "WebSocket ends",
  proofs: {
    "a visitor's close comes back with its code and reason": async (open) => {
      const client = await realClient(await open({ wiki: await realApp() }));
      client.close(4000, "done");
      expect((await once(client, "close")).map(String)).toEqual(["4000", "done"]);
    },

    "an app's close arrives with its code and reason": async (open) => {
      const { door } = await scene(open, (socket) => {
        // A close frame of code 1001, "bye", right behind the yes.
        socket.once("data", (head) =>
          socket.write(`${yes(String(head))}\x88\x05\x03\xe9bye`, "latin1"),
        );
      });
      const client = realClient(door).then((open) => once(open, "close"));
      expect((await client).map(String)).toEqual(["1001", "bye"]);
    },

    "one direction may end before the other": async (open) => {
      const { app, door } = await scene(open, (socket) => {
        socket.allowHalfOpen = true;
        socket.once("data", (head) => {
          socket.write(yes(String(head)));
          socket.end("goodbye");
        });
      });
      const talk = await door.raw("wiki.local");
      talk.socket.allowHalfOpen = true;
      talk.say(`${HANDSHAKE}\r\n`);
      await talk.until("goodbye");
      await wait(100);
      talk.say("still here");
      await expect.poll(() => app.received[0], SOON).toContain("still here");
    },

    "an app's last words arrive before the end": async (open) => {
      const { door } = await scene(open, (socket) => {
        socket.once("data", (head) => {
          socket.write(yes(String(head)));
          socket.end("x".repeat(1_000_000) + "goodbye");
        });
      });
      const talk = await door.raw("wiki.local");
      talk.say(`${HANDSHAKE}\r\n`);
      expect((await talk.end()).endsWith("goodbye")).toBe(true);
    },

    "an app that breaks off ends the visitor's WebSocket": async (open) => {
      const { app, door } = await scene(open, echo);
      const talk = await shaken(door);
      app.connections[0]?.resetAndDestroy();
      await talk.end();
    },

    "a visitor who breaks off ends the app's side": async (open) => {
      const { app, door } = await scene(open, echo);
      const talk = await shaken(door);
      talk.socket.destroy();
      await expect.poll(() => app.connections[0]?.destroyed, SOON).toBe(true);
    },

    "open WebSockets are counted": async (open) => {
      const { door } = await scene(open, echo);
      const talk = await shaken(door);
      await expect.poll(() => door.engine.traffic()[0]?.webSockets, SOON).toBe(1);
      talk.socket.destroy();
      await expect.poll(() => door.engine.traffic()[0]?.webSockets, SOON).toBe(0);
    },

    "a visitor who leaves within the handshake takes it back at the app": async (open) => {
      const { app, door } = await scene(open, () => undefined);
      const talk = await door.raw("wiki.local");
      talk.say(`${HANDSHAKE}\r\n`);
      await expect.poll(() => app.connections.length, SOON).toBe(1);
      talk.socket.destroy();
      await expect.poll(() => app.connections[0]?.destroyed, SOON).toBe(true);
    },

    "over HTTP/2 the app's end is the stream's end, and the visitor's the app's": async (open) => {
      const { app, door } = await scene(open, echo);
      const one = await shakenOver(door);
      app.connections[0]?.end();
      one.resume();
      await once(one, "end");
      one.end();
      await expect.poll(() => one.closed, SOON).toBe(true);
      const two = await shakenOver(door);
      two.close(8);
      const three = connectOver(await door.http2("wiki.local"));
      await once(three, "response");
      three.on("error", () => undefined);
      app.connections[2]?.resetAndDestroy();
      await expect.poll(() => three.destroyed, SOON).toBe(true);
      await expect.poll(() => app.connections.every(({ destroyed }) => destroyed), SOON).toBe(true);
    },
  },
};
