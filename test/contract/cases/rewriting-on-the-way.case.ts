import { createHash } from "node:crypto";
import { once } from "node:events";
import { ROTATE_AFTER } from "../../../src/access/sessions.ts";
import { expect } from "vitest";
import { openHousehold } from "../../support/household.ts";
import { answering, SOON } from "../../support/raw-app.ts";
import { answerOf, ask, get, nodeApp } from "../ask.ts";
import { PROTOCOLS, type Topic } from "../contract.ts";
import { PAGE, SCRIPT } from "../home-scene.ts";
import { largeApp, MIB, MOST_IN_BETWEEN, settled } from "../large-app.ts";
import {
  answeredBy,
  jsonAnswer,
  naming,
  NAMED,
  SAID,
  TOLD,
  withSandboxes,
} from "../sandbox-scene.ts";

const GET_NAMED = `GET ${NAMED} HTTP/1.1\r\nHost: wiki.local\r\n`;
const POST_NAMED = `POST ${NAMED} HTTP/1.1\r\nHost: wiki.local\r\n`;
const JSON_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
const CONTENT = "玄関 ".repeat(100_000);

/** Names a sandbox, and says what it was sent. */
const echoing = (): Promise<number> =>
  nodeApp((request, response) => {
    const hash = createHash("sha256");
    request.on("data", (part: Buffer) => hash.update(part));
    request.on("end", () => {
      response.writeHead(201, { "content-type": "application/json" });
      response.end(JSON.stringify({ url: "http://localhost:41234", digest: hash.digest("hex") }));
    });
  });
const DIGEST = createHash("sha256").update(CONTENT).digest("hex");
const ECHOED = JSON.stringify({ url: "https://wiki.local:41234", digest: DIGEST });

export const rewritingOnTheWay: Topic = {
  title: "Sandboxes named, on the way",
  proofs: {
    "what is sent with the question reaches the app whole": async (open) => {
      const door = await open({ wiki: await echoing() }, naming({}));
      const bytes = Buffer.from(CONTENT);
      const size = bytes.length;
      for (const [framing, content] of [
        [`Content-Length: ${size}`, CONTENT],
        [`Content-Length: ${size}\r\nExpect: 100-continue`, CONTENT],
        ["Transfer-Encoding: chunked", `${size.toString(16)}\r\n${CONTENT}\r\n0\r\n\r\n`],
      ] as const) {
        const talk = await door.raw("wiki.local");
        talk.say(`${POST_NAMED}${framing}\r\n\r\n${Buffer.from(content).toString("latin1")}`);
        const heard = await talk.until(/\}$/);
        expect(heard.slice(heard.lastIndexOf("\r\n") + 2)).toBe(ECHOED);
        expect(heard).toMatch(/^HTTP\/1.1 201 /m);
      }
      const stream = get(await door.http2("wiki.local"), { ":method": "POST", ":path": NAMED });
      stream.end(bytes);
      expect(await answerOf(stream)).toMatchObject({ status: 201, body: ECHOED });
    },

    "an answer of a gigabyte passes as it comes, and is held by nobody": async (open) => {
      const size = 1024 * MIB;
      const app = await largeApp(size, { "content-type": "application/json" });
      const door = await open({ wiki: app.port }, naming({}));
      const talk = await door.raw("wiki.local");
      let read = 0;
      talk.socket.removeAllListeners("data");
      talk.say(`${GET_NAMED}Connection: close\r\n\r\n`);
      talk.socket.pause();
      await expect.poll(app.made, SOON).toBeGreaterThan(MIB);
      expect(await settled(app.made)).toBeLessThan(MOST_IN_BETWEEN);
      talk.socket.on("data", (part: Buffer) => (read += part.length)).resume();
      await once(talk.socket, "end");
      expect(read).toBeGreaterThanOrEqual(size);
    },

    "an answer the app breaks off never looks whole": async (open) => {
      for (const framing of ["Content-Length: 99", "Transfer-Encoding: chunked"]) {
        const { door } = await withSandboxes(open, (socket) => {
          socket.once("data", () => socket.end(`${JSON_HEAD}${framing}\r\n\r\n3\r\n{}\n\r\n`));
        });
        for (const protocol of PROTOCOLS) {
          const { status } = await ask(door, protocol, { path: NAMED });
          expect([framing, protocol, status]).toEqual([framing, protocol, 502]);
        }
      }
    },

    "a visitor who leaves takes the app's work with it": async (open) => {
      const { app, door } = await withSandboxes(open, (socket) => {
        socket.once("data", () => socket.write(`${JSON_HEAD}Content-Length: 99\r\n\r\n{`));
      });
      const talk = await door.raw("wiki.local");
      talk.say(`${GET_NAMED}\r\n`);
      await expect.poll(() => app.received[0], SOON).toContain("GET /");
      talk.socket.destroy();
      await expect.poll(() => app.connections[0]?.destroyed, SOON).toBe(true);
    },

    "one who leaves while the ports are opened disturbs nobody": async (open) => {
      let go = (): void => undefined;
      const asked: string[] = [];
      const options = naming({});
      const door = await open(
        { wiki: (await answeredBy(open, jsonAnswer(SAID))).app.to },
        {
          ...options,
          rewriter: {
            limit: 1000,
            rewrite: (_app, { path }) => {
              asked.push(path);
              return new Promise((resolve) => (go = () => resolve(Buffer.from("{}"))));
            },
          },
        },
      );
      const [left, stayed] = [await door.raw("wiki.local"), await door.http2("wiki.local")];
      left.say(`${GET_NAMED}\r\n`);
      const stream = get(stayed, { ":path": NAMED });
      stream.on("error", () => undefined);
      await expect.poll(() => asked, SOON).toHaveLength(2);
      left.socket.destroy();
      stream.close();
      await once(stream, "close");
      go();
      const answer = answerOf(get(stayed, { ":path": NAMED }));
      await expect.poll(() => asked, SOON).toHaveLength(3);
      go();
      expect(await answer).toMatchObject({ status: 200, body: "{}" });
    },

    "a connection serves on behind such an answer": async (open) => {
      const { door } = await answeredBy(open, jsonAnswer(SAID));
      const talk = await door.raw("wiki.local");
      talk.say(`${GET_NAMED}\r\n${GET_NAMED}\r\nGET /other HTTP/1.1\r\nHost: wiki.local\r\n\r\n`);
      const heard = await talk.until(/http:\/\/localhost.*\}$/s);
      expect(heard.match(/https?:\/\/[a-z.]+/g)).toEqual([
        "https://wiki.local",
        "https://wiki.local",
        "http://localhost",
      ]);
    },

    "trailers of an answer made anew follow it, without a proof of the old one": async (open) => {
      const chunk = `${Buffer.byteLength(SAID).toString(16)}\r\n${SAID}\r\n`;
      const { door } = await answeredBy(
        open,
        Buffer.from(
          `${JSON_HEAD}Trailer: X-Took\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}0\r\nX-Took: 9\r\nDigest: x\r\n\r\n`,
        ).toString("latin1"),
      );
      const { body, trailers } = await answerOf(
        get(await door.http2("wiki.local"), { ":path": NAMED }),
      );
      expect([body, Object.entries(trailers)]).toEqual([
        Buffer.from(TOLD).toString("latin1"),
        [["x-took", "9"]],
      ]);
      const talk = await door.raw("wiki.local");
      talk.say(`${GET_NAMED}\r\n`);
      expect(await talk.until(/X-Took: 9\r\n\r\n$/)).not.toMatch(/^digest:/im);
    },

    "sign-in stands before it, and the app hears of nobody else": async (open) => {
      const household = await openHousehold();
      const device = await household.pair("Ada's phone", "wiki.local");
      const options = { gate: household.gate, terms: { access: "household" } } as const;
      const { app, door, asked } = await withSandboxes(open, answering(jsonAnswer(SAID)), options);
      for (const protocol of PROTOCOLS) {
        const nobody = await ask(door, protocol, { path: NAMED, fields: SCRIPT });
        expect([protocol, nobody.status]).toEqual([protocol, 401]);
      }
      expect([app.connections, asked]).toEqual([[], []]);
      const { cookie } = device;
      for (const protocol of PROTOCOLS) {
        const somebody = await ask(door, protocol, { path: NAMED, fields: { ...SCRIPT, cookie } });
        expect([protocol, somebody.status]).toEqual([protocol, 200]);
      }
      expect(app.received.join("")).toContain(`X-Genkan-Device: ${device.id}\r\n`);
      expect(app.received.join("")).not.toMatch(/__Host-genkan|secret/i);
    },

    "a session that grew old is renewed with it, for https alone": async (open) => {
      const household = await openHousehold();
      const { cookie } = await household.pair("Ada's phone", "wiki.local");
      const options = { gate: household.gate, terms: { access: "household" } } as const;
      const { door } = await withSandboxes(open, answering(jsonAnswer(SAID)), options);
      household.world.pass(ROTATE_AFTER + 1);
      const { headers } = await ask(door, "http/1.1", { path: NAMED, fields: { ...PAGE, cookie } });
      expect(headers["set-cookie"]?.[0]).toMatch(/^__Host-genkan=[\w-]{43};.* Secure(?:;|$)/);
    },

    "orders of another site's page are refused there as everywhere": async (open) => {
      const { app, door } = await answeredBy(open, jsonAnswer(SAID));
      const fields = { origin: "https://evil.example", "content-length": "0" };
      for (const protocol of PROTOCOLS) {
        const { status } = await ask(door, protocol, { method: "POST", path: NAMED, fields });
        expect([protocol, status]).toEqual([protocol, 403]);
      }
      expect(app.connections).toEqual([]);
    },

    "each is counted once": async (open) => {
      const { door } = await answeredBy(open, jsonAnswer(SAID));
      for (const path of [NAMED, NAMED, "/other"]) await ask(door, "h2", { path });
      const count = (): number | undefined => door.engine.traffic()[0]?.requests;
      await expect.poll(count, SOON).toBe(3);
    },
  },
};
