import { expect } from "vitest";
import { answering, type Play, SOON } from "../../support/raw-app.ts";
import { ask } from "../ask.ts";
import { GET, OK, scene, type Topic } from "../contract.ts";

/** Answers one request of its first connection, and ends it unanswered at the next. */
const goneStale: Play = (socket, nth) => {
  let requests = 0;
  socket.on("data", () => {
    requests += 1;
    if (nth > 1 || requests === 1) socket.write(OK);
    else socket.destroy();
  });
};

export const keepAlive: Topic = {
  title: "Connections kept, requests sent again",
  proofs: {
    "a connection to an app serves visitor after visitor": async (open) => {
      const { app, door } = await scene(open, answering(OK));
      for (let i = 0; i < 12; i += 1) await ask(door, i % 2 ? "h2" : "http/1.1");
      expect(app.connections.length).toBeLessThanOrEqual(4); // one for every process of the engine
    },

    "a connection the app wants to close is not used again": async (open) => {
      const { app, door } = await scene(
        open,
        answering(OK.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")),
      );
      for (let i = 0; i < 3; i += 1) {
        expect(await ask(door, "http/1.1")).toMatchObject({ status: 200 });
      }
      expect(app.connections).toHaveLength(3);
    },

    "a GET on a connection that had gone stale is sent again": async (open) => {
      const { app, door } = await scene(open, goneStale);
      await ask(door, "http/1.1");
      expect(await ask(door, "http/1.1")).toMatchObject({ status: 200, body: "ok" });
      expect(app.connections).toHaveLength(2);
    },

    "a POST that an app may have seen is not sent again": async (open) => {
      const { app, door } = await scene(open, (socket) => {
        socket.on("data", (part) => {
          if (part.includes("POST")) socket.destroy();
          else socket.write(OK);
        });
      });
      await ask(door, "http/1.1");
      const fields = { "content-length": "0" };
      expect(await ask(door, "http/1.1", { method: "POST", fields })).toMatchObject({
        status: 502,
      });
      expect(app.received.join("").match(/^POST /gm)).toHaveLength(1);
    },

    "a request whose answer had begun is not sent again": async (open) => {
      const { app, door } = await scene(open, (socket) => {
        socket.once("data", () => {
          socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun");
          setTimeout(() => socket.destroy(), 50);
        });
      });
      const talk = await door.raw("wiki.local");
      talk.say(`${GET}\r\n`);
      expect(await talk.end()).toMatch(/begun$/);
      expect(app.received.join("").match(/^GET /gm)).toHaveLength(1);
    },

    "a visitor may ask again and again on one connection": async (open) => {
      const { door } = await scene(open, answering(OK));
      const talk = await door.raw("wiki.local");
      for (let i = 1; i <= 5; i += 1) {
        talk.say(`${GET}\r\n`);
        await talk.until(new RegExp(`(HTTP/1.1 200 .*ok){${i}}`, "s"));
      }
    },

    "requests sent without waiting are answered in their order": async (open) => {
      const { door } = await scene(
        open,
        answering((head) => {
          const path = /^GET (\S+)/.exec(head)?.[1] ?? "";
          return `HTTP/1.1 200 OK\r\nContent-Length: ${path.length}\r\n\r\n${path}`;
        }),
      );
      const talk = await door.raw("wiki.local");
      const paths = ["/one", "/two", "/three", "/four"];
      for (const path of paths) talk.say(GET.replace("/", path).concat("\r\n"));
      const heard = await talk.until("/four");
      expect(heard.match(/\/(one|two|three|four)/g)).toEqual(paths);
    },

    "a visitor who wants the connection closed has it closed behind the answer": async (open) => {
      const { app, door } = await scene(open, answering(OK));
      const talk = await door.raw("wiki.local");
      talk.say(`${GET}Connection: close\r\n\r\n`);
      expect(await talk.end()).toMatch(/\r\nconnection: close\r\n.*ok$/is);
      expect(app.connections[0]?.destroyed).toBe(false);
    },

    "a connection to an app that ends at rest disturbs nobody": async (open) => {
      const { app, door } = await scene(open, answering(OK));
      await ask(door, "http/1.1");
      app.connections[0]?.destroy();
      await expect.poll(() => app.connections[0]?.closed, SOON).toBe(true);
      const fields = { "content-length": "0" };
      expect(await ask(door, "http/1.1", { method: "POST", fields })).toMatchObject({
        status: 200,
      });
    },
  },
};
