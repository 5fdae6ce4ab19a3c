import { once } from "node:events";
import { expect } from "vitest";
import { answering, SOON } from "../../support/raw-app.ts";
import { DEAD_PORT } from "../ask.ts";
import { type OpenEngine, scene, type Topic } from "../contract.ts";
import { connectOver, echo, HANDSHAKE, KEY, realApp, realClient, yes } from "../websocket-scene.ts";

/** An app that says yes in a way that is none. */
async function expectNotBelieved(open: OpenEngine, answer: (head: string) => string) {
  const { app, door } = await scene(open, (socket) => {
    socket.once("data", (head) => socket.write(answer(String(head))));
  });
  const talk = await door.raw("wiki.local");
  talk.say(`${HANDSHAKE}\r\n`);
  expect(await talk.until(/APP_\w+/)).toMatch(/^HTTP\/1.1 502 .*APP_GARBAGE/s);
  await expect.poll(() => app.connections[0]?.destroyed, SOON).toBe(true);
}

export const webSocketHandshakes: Topic = {
  title: "WebSocket handshakes",
  proofs: {
    "a real client and a real server agree on a subprotocol and on compression": async (open) => {
      const app = await realApp({
        perMessageDeflate: true,
        handleProtocols: (offered) => [...offered][1] ?? false,
      });
      const door = await open({ wiki: app });
      const options = { perMessageDeflate: true };
      const client = await realClient(door, { protocols: ["one", "two"], options });
      expect([client.protocol, client.extensions]).toEqual(["two", "permessage-deflate"]);
      for (const message of ["hello", "a".repeat(1_000_000)]) {
        client.send(message);
        const [back] = await once(client, "message");
        expect(String(back)).toBe(message);
      }
    },

    "the app gets the handshake with everything in it, and once": async (open) => {
      const { app, door } = await scene(open, echo);
      const talk = await door.raw("wiki.local");
      const own = [
        "Origin: https://wiki.local",
        "Sec-WebSocket-Protocol: one, two",
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
        "Cookie: a=b",
      ];
      talk.say(`${HANDSHAKE}${own.join("\r\n")}\r\n\r\n`);
      await talk.until("\r\n\r\n");
      const lines = app.received[0]?.split("\r\n") ?? [];
      expect(lines[0]).toBe("GET /socket HTTP/1.1");
      const needed = ["Host: wiki.local", `Sec-WebSocket-Key: ${KEY}`, "X-Forwarded-Proto: https"];
      expect(lines).toEqual(expect.arrayContaining([...own, ...needed]));
      const agreed = lines.filter((line) => /^(connection|upgrade):/i.test(line));
      expect(agreed.map((line) => line.toLowerCase()).toSorted()).toEqual([
        "connection: upgrade",
        "upgrade: websocket",
      ]);
    },

    "the visitor gets the app's yes with everything in it": async (open) => {
      const { door } = await scene(open, (socket) => {
        socket.once("data", (head) => {
          const more = "Sec-WebSocket-Protocol: two\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n";
          socket.write(yes(String(head), more));
        });
      });
      const talk = await door.raw("wiki.local");
      talk.say(`${HANDSHAKE}Sec-WebSocket-Protocol: one, two\r\n\r\n`);
      const lines = (await talk.until("\r\n\r\n")).split("\r\n");
      expect(lines[0]).toBe("HTTP/1.1 101 Switching Protocols");
      const accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
      const own = [accept, "Sec-WebSocket-Protocol: two", "Set-Cookie: a=1", "Set-Cookie: b=2"];
      expect(lines).toEqual(expect.arrayContaining(own));
      expect(lines.filter((line) => /^upgrade: websocket$/i.test(line))).toHaveLength(1);
    },

    "an app's no is passed on whole": async (open) => {
      const body = `${"no ".repeat(100_000)}end`;
      const { door } = await scene(
        open,
        answering(
          `HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        ),
      );
      const talk = await door.raw("wiki.local");
      talk.say(`${HANDSHAKE}\r\n`);
      const heard = await talk.until("no end");
      expect(heard.endsWith(`\r\n\r\n${body}`)).toBe(true);
      expect(heard).toMatch(/^HTTP\/1.1 401 Unauthorized\r\n.*WWW-Authenticate: Basic\r\n/s);
    },

    "an app that is not there is a 502": async (open) => {
      const door = await open({ wiki: DEAD_PORT });
      const talk = await door.raw("wiki.local");
      talk.say(`${HANDSHAKE}\r\n`);
      expect(await talk.until(/APP_\w+/)).toMatch(/^HTTP\/1.1 502 .*APP_UNREACHABLE/s);
    },

    "a yes with a wrong accept is not believed": (open) =>
      expectNotBelieved(open, (head) => yes(head).replace(/Accept: ./, "Accept: !")),

    "a yes without an accept is not believed": (open) =>
      expectNotBelieved(open, (head) => yes(head).replace(/Sec-WebSocket-Accept.*\r\n/, "")),

    "a yes to another protocol is not believed": (open) =>
      expectNotBelieved(open, (head) => yes(head).replace("Upgrade: websocket", "Upgrade: h2c")),

    "a handshake without a key, or with content, is refused": async (open) => {
      const { app, door } = await scene(open, echo);
      for (const bytes of [
        `${HANDSHAKE.replace(/Sec-WebSocket-Key.*\r\n/, "")}\r\n`,
        `${HANDSHAKE}Content-Length: 3\r\n\r\nabc`,
      ]) {
        const talk = await door.raw("wiki.local");
        talk.say(bytes);
        expect(await talk.until("\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
      }
      expect(app.received).toEqual([]);
    },

    "over HTTP/2 the door makes the key, checks the app's accept, and keeps both": async (open) => {
      const { app, door } = await scene(open, (socket) => {
        socket.once("data", (head) =>
          socket.write(yes(String(head), "Sec-WebSocket-Protocol: two\r\n")),
        );
      });
      const stream = connectOver(await door.http2("wiki.local"), {
        "sec-websocket-protocol": "one, two",
        "sec-websocket-key": "mine",
        origin: "https://wiki.local",
      });
      const [answer] = await once(stream, "response");
      expect(Object.entries(answer)).toEqual([
        [":status", 200],
        ["sec-websocket-protocol", "two"],
      ]);
      const head = app.received[0] ?? "";
      expect(head).toMatch(/^GET \/socket HTTP\/1.1\r\nhost: wiki.local\r\n/);
      expect(head.match(/sec-websocket-key: [+/\w]{22}==\r\n/gi)).toHaveLength(1);
      expect(head.match(/sec-websocket-version: 13\r\n/gi)).toHaveLength(1);
      expect(head).toContain("\r\nUpgrade: websocket\r\n");
    },

    "over HTTP/2 an app's no, its absence and its wrong yes are told by status": async (open) => {
      const answers = [
        () => "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
        (head: string) => yes(head).replace(/Accept: ./, "Accept: !"),
      ];
      const { door } = await scene(open, (socket, nth) => {
        socket.once("data", (head) => socket.write(answers[nth - 1]?.(String(head)) ?? ""));
      });
      const absent = await open({ wiki: DEAD_PORT });
      const told: unknown[] = [];
      for (const where of [door, door, absent]) {
        const stream = connectOver(await where.http2("wiki.local"));
        told.push((await once(stream, "response"))[0][":status"]);
      }
      expect(told).toEqual([401, 502, 502]);
    },

    "over HTTP/2 another protocol than WebSocket is refused": async (open) => {
      const { app, door } = await scene(open, echo);
      const stream = connectOver(await door.http2("wiki.local"), { ":protocol": "connect-udp" });
      const [answer] = await once(stream, "response");
      expect(answer[":status"]).toBe(501);
      expect(app.received).toEqual([]);
    },
  },
};
