import { once } from "node:events";
import { expect } from "vitest";
import { answering, rawApp, SOON } from "../../support/raw-app.ts";
import { answerOf, get } from "../ask.ts";
import { OK, scene, type Topic } from "../contract.ts";

export const http2: Topic = {
  title: "HTTP/2",
  proofs: {
    "a hundred requests at once on one connection are answered in any order": async (open) => {
      const waiting: (() => void)[] = [];
      const app = await rawApp((socket) => {
        let heard = "";
        socket.on("data", (part: Buffer) => {
          heard += part.toString("latin1");
          const path = /^GET (\/\d+) /.exec(heard)?.[1];
          if (path === undefined || !heard.endsWith("\r\n\r\n")) return;
          heard = "";
          const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${path.length}\r\n\r\n${path}`;
          waiting.push(() => socket.write(answer));
        });
      });
      const door = await open({ wiki: app.to });
      const session = await door.http2("wiki.local");
      const paths = Array.from({ length: 100 }, (_, i) => `/${i}`);
      const asked = paths.map((path) => answerOf(get(session, { ":path": path })));
      await expect.poll(() => waiting.length, SOON).toBe(100);
      for (const answer of waiting.toReversed()) answer();
      expect((await Promise.all(asked)).map(({ body }) => body)).toEqual(paths);
    },

    "a connection lets at least a hundred requests run at once": async (open) => {
      const { door } = await scene(open, answering(OK));
      const { remoteSettings } = await door.http2("wiki.local");
      expect(remoteSettings.maxConcurrentStreams).toBeGreaterThanOrEqual(100);
    },

    "a Host that says what :authority says is taken": async (open) => {
      const { door } = await scene(open, answering(OK));
      const session = await door.http2("wiki.local");
      expect(await answerOf(get(session, { host: "wiki.local" }))).toMatchObject({ status: 200 });
    },

    "a Host that says something else than :authority is refused": async (open) => {
      const { app, door } = await scene(open, answering(OK));
      const session = await door.http2("wiki.local");
      const other = get(session, { host: "other.local" });
      const status = await answerOf(other).then(
        (answer) => answer.status,
        () => 400, // refused with a reset
      );
      expect(status).toBe(400);
      expect(app.received.join("")).not.toContain("other.local");
    },

    "names of an app's fields arrive in small letters": async (open) => {
      const { door } = await scene(
        open,
        answering("HTTP/1.1 200 OK\r\nX-CaSe: Kept\r\nContent-Length: 0\r\n\r\n"),
      );
      const { headers } = await answerOf(get(await door.http2("wiki.local")));
      expect(headers["x-case"]).toBe("Kept");
    },

    "a field an app says twice arrives with both its values": async (open) => {
      const { door } = await scene(
        open,
        answering(
          "HTTP/1.1 200 OK\r\nVary: a\r\nX-Two: 1\r\nVary: b\r\nX-Two: 2\r\nContent-Length: 0\r\n\r\n",
        ),
      );
      const { headers } = await answerOf(get(await door.http2("wiki.local")));
      expect([headers.vary, headers["x-two"]]).toEqual(["a, b", "1, 2"]);
    },

    "an extended CONNECT is offered where WebSockets may pass over HTTP/2": async (open) => {
      const { door } = await scene(open, answering(OK));
      const session = await door.http2("wiki.local");
      expect(session.remoteSettings.enableConnectProtocol).toBe(true);
    },

    "a door that stops sends nobody away within an answer": async (open) => {
      const { app, door } = await scene(open, () => undefined);
      const session = await door.http2("wiki.local");
      const stream = get(session);
      const answer = answerOf(stream);
      await expect.poll(() => app.received[0], SOON).toContain("GET /");
      const goaway = once(session, "goaway");
      const stopped = door.engine.stop(10_000);
      await goaway;
      app.connections[0]?.write(OK);
      expect(await answer).toMatchObject({ status: 200, body: "ok" });
      await stopped;
    },
  },
};
