/*
 * A hostile device holds on to the door without asking for anything it could be refused: by being
 * slow, by being many, by not listening to the answer. Others are served all the while.
 */
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { readFileSync } from "node:fs";
import { connect as connectTls } from "node:tls";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { NGINX_LIMITS } from "../../src/engines/nginx/limits.ts";
import { LIMITS } from "../../src/engines/node/limits.ts";
import type { Upstream } from "../../src/model/target.ts";
import { openDoor, type Talk, type TestDoor } from "../support/door.ts";
import { openNginxDoor } from "../support/nginx-door.ts";
import { answering, rawApp } from "../support/raw-app.ts";
import { residentBytes } from "./memory.ts";
import { type EngineName, onEveryEngine, setStage } from "./stage.ts";
import { talkSecurely } from "./talk.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const BLOCK = Buffer.alloc(64 * 1024, "a");

/** Bytes the app was able to hand to its sockets. */
let handedOver = 0;

function answerWithoutEnd(socket: Socket): void {
  socket.write("HTTP/1.1 200 OK\r\n\r\n");
  const more = (): void => {
    while (!socket.destroyed) {
      handedOver += BLOCK.length;
      if (!socket.write(BLOCK)) break;
    }
    if (!socket.destroyed) socket.once("drain", more);
  };
  more();
}

/** A door whose deadlines are a fifth of the real ones. */
function openImpatient(engine: EngineName, wiki: Upstream): Promise<TestDoor> {
  if (engine === "nginx") {
    const headerDeadline = NGINX_LIMITS.headerDeadline / 5;
    return openNginxDoor({ wiki }, { limits: { headerDeadline } });
  }
  const headerDeadline = LIMITS.headerDeadline / 5;
  const handshakeDeadline = LIMITS.handshakeDeadline / 5;
  return openDoor({ wiki }, { limits: { headerDeadline, handshakeDeadline } });
}

/** Sends a byte every tenth of a second for as long as it is let. */
function drip({ socket }: Talk, text: string): void {
  let at = 0;
  const drop = setInterval(() => {
    if (socket.destroyed || at === text.length) clearInterval(drop);
    else socket.write(text.charAt(at++));
  }, 100);
  socket.on("close", () => clearInterval(drop));
}

onEveryEngine((engine) => {
  const stage = setStage(engine, (socket) => {
    socket.on("data", (chunk) => {
      const text = chunk.toString("latin1");
      if (text.includes("GET /endless")) answerWithoutEnd(socket);
      else if (/^GET /m.test(text)) socket.write(OK);
    });
  });

  describe("who dawdles is sent away, and others are served meanwhile", () => {
    const SLOW = `GET /a HTTP/1.1\r\nHost: wiki.local\r\nX-A: ${"a".repeat(1000)}`;

    test("a head byte by byte, a head half sent, no head at all, and a TLS handshake that never goes on", async () => {
      const app = await rawApp(answering(OK));
      const door = await openImpatient(engine, app.to);
      const [dripping, half, mute, plain] = await Promise.all([
        door.raw("wiki.local"),
        door.raw("wiki.local"),
        door.raw("wiki.local"),
        door.plain(),
      ]);
      drip(dripping, SLOW);
      half.say("GET /a HTTP/1.1\r\nHost: wiki.local\r\nX-A: ");
      drip(plain, SLOW);
      const raw = connect(door.httpsPort, "127.0.0.1");
      raw.on("error", () => undefined).resume();
      raw.write("\x16\x03\x01\x02\x00\x01"); // a TLS record that announces 512 bytes
      let areAllGone = false;
      const ends = [dripping.end(), half.end(), mute.end(), plain.end(), once(raw, "close")];
      const all = Promise.all(ends).then(() => (areAllGone = true));
      do {
        const other = await door.raw("wiki.local");
        other.say("GET /b HTTP/1.1\r\nHost: wiki.local\r\nConnection: close\r\n\r\n");
        expect(await other.end()).toMatch(/^HTTP\/1.1 200 /);
        await Promise.race([all, wait(300)]);
      } while (!areAllGone);
      // nginx says nothing.
      const goodbye = engine === "node" ? /^HTTP\/1.1 408 / : /^$/;
      expect([dripping.heard(), half.heard(), plain.heard()]).toEqual(
        Array.from({ length: 3 }, () => expect.stringMatching(goodbye)),
      );
      expect(app.received.join("")).not.toContain("GET /a");
    });
  });

  describe("one device that opens hundreds of connections", () => {
    // nginx counts requests of an address, not its connections; they have the deadlines above.
    test.skipIf(engine === "nginx")(
      "gets no more than its share, another device is served, and room comes back",
      async () => {
        const sockets = Array.from({ length: 600 }, () =>
          connect(stage.door.httpsPort, "127.0.0.1"),
        );
        onTestFinished(() => {
          for (const socket of sockets) socket.destroy();
        });
        let refused = 0;
        for (const socket of sockets) {
          socket.on("error", () => undefined).resume();
          socket.on("close", () => (refused += 1));
        }
        await expect.poll(() => refused, { timeout: 10_000 }).toBeGreaterThanOrEqual(600 - 512);
        expect(refused).toBeLessThan(200);
        await expect(talkSecurely(stage.door, "wiki.local")).rejects.toThrow(
          /ECONNRESET|EPIPE|disconnected|closed/,
        );

        const elsewhere = await talkSecurely(stage.door, "wiki.local", {
          socket: connect({
            port: stage.door.httpsPort,
            host: "127.0.0.1",
            localAddress: "127.0.0.2",
          }),
        });
        elsewhere.say("GET /elsewhere HTTP/1.1\r\nHost: wiki.local\r\n\r\n");
        expect(await elsewhere.until("ok")).toMatch(/^HTTP\/1.1 200 /);

        for (const socket of sockets) socket.destroy();
        await expect
          .poll(() => stage.quiet().catch(() => undefined), { timeout: 10_000 })
          .toContain("GET /elsewhere");
      },
    );
  });

  describe("who does not listen makes the app wait, and the door keeps little for them", () => {
    /** The app could hand over nothing more for a while. */
    async function untilStuck(): Promise<void> {
      for (let before = -1; before !== handedOver; await wait(700)) before = handedOver;
    }

    test("twenty visitors over HTTP/1.1", async () => {
      const before = residentBytes(stage.door);
      handedOver = 0;
      const talks = await Promise.all(
        Array.from({ length: 20 }, () => talkSecurely(stage.door, "wiki.local")),
      );
      for (const talk of talks) {
        talk.socket.pause();
        talk.say("GET /endless HTTP/1.1\r\nHost: wiki.local\r\n\r\n");
      }
      await untilStuck();
      expect(handedOver).toBeGreaterThan(0);
      expect(residentBytes(stage.door) - before).toBeLessThan(100 * 2 ** 20);
      await stage.quiet();
      for (const talk of talks) talk.socket.destroy();
      // Their connections to the app go with them.
      await expect.poll(() => stage.connections().length, { timeout: 10_000 }).toBeLessThan(5);
    });

    test("one visitor with a hundred streams over HTTP/2", async () => {
      const before = residentBytes(stage.door);
      handedOver = 0;
      const session = connectHttp2("https://wiki.local", {
        createConnection: () =>
          connectTls({
            host: "127.0.0.1",
            port: stage.door.httpsPort,
            servername: "wiki.local",
            ca: readFileSync(stage.door.ready.root.path),
            ALPNProtocols: ["h2"],
          }),
      });
      onTestFinished(() => session.destroy());
      session.on("error", () => undefined);
      const streams = Array.from({ length: 100 }, () => session.request({ ":path": "/endless" }));
      for (const stream of streams) stream.on("error", () => undefined).pause();
      await once(session, "remoteSettings");
      await untilStuck();
      expect(handedOver).toBeGreaterThan(0);
      expect(residentBytes(stage.door) - before).toBeLessThan(150 * 2 ** 20);
      await stage.quiet();
      session.destroy();
      await expect.poll(() => stage.connections().length, { timeout: 10_000 }).toBeLessThan(5);
    });
  });

  describe("who leaves in the middle takes everything along", () => {
    test("a hundred uploads given up half way leave nothing open at the app", async () => {
      const talks = await Promise.all(
        Array.from({ length: 100 }, () => talkSecurely(stage.door, "wiki.local")),
      );
      for (const talk of talks) {
        talk.say("POST /upload HTTP/1.1\r\nHost: wiki.local\r\nContent-Length: 1000000000\r\n\r\n");
        talk.socket.write(BLOCK);
      }
      await expect.poll(() => stage.connections().length, { timeout: 10_000 }).toBeGreaterThan(99);
      for (const talk of talks) talk.socket.destroy();
      await expect.poll(() => stage.connections().length, { timeout: 10_000 }).toBeLessThan(5);
      expect(await active()).toBe(0);
      await stage.quiet();
    });

    test("and so do answers that nobody waits for any more", async () => {
      const talks = await Promise.all(
        Array.from({ length: 50 }, () => talkSecurely(stage.door, "wiki.local")),
      );
      for (const talk of talks) talk.say("GET /endless HTTP/1.1\r\nHost: wiki.local\r\n\r\n");
      const stop = async (talk: Talk): Promise<void> => {
        await talk.until("aaaa");
        talk.socket.pause(); // who has heard enough must not keep the others waiting
      };
      await Promise.all(talks.map(stop));
      for (const talk of talks) talk.socket.destroy();
      await expect.poll(() => stage.connections().length, { timeout: 10_000 }).toBeLessThan(5);
      expect(await active()).toBe(0);
      await stage.quiet();
    });

    async function active(): Promise<number> {
      const { stdout } = await stage.door.genkan("status", "--json");
      // nginx tells of requests when they are over, so its door does not know.
      return (JSON.parse(stdout) as { apps: { active?: number }[] }).apps[0]?.active ?? 0;
    }
  });
});
