import { createHash } from "node:crypto";
import { once } from "node:events";
import { request as secureRequest } from "node:https";
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { expect } from "vitest";
import { testAuthority } from "../../support/door.ts";
import { answering } from "../../support/raw-app.ts";
import { answerOf, forwarded, get, nodeApp } from "../ask.ts";
import { type EngineUnderTest, GET, OK, type OpenEngine, scene, type Topic } from "../contract.ts";

const POST = "POST / HTTP/1.1\r\nHost: wiki.local\r\n";
const BLOCK = Buffer.alloc(64 * 1024, "0123456789abcdef!");

/** An app that answers with what it was sent, while it comes. */
const mirror = (): Promise<number> =>
  nodeApp((request, response) => void pipeline(request, response).catch(() => response.destroy()));

async function post(door: EngineUnderTest, body: Buffer, isChunked: boolean): Promise<Buffer> {
  const { caPem: ca } = await testAuthority();
  const framing = isChunked
    ? { "transfer-encoding": "chunked" }
    : { "content-length": body.length };
  const headers = { host: "wiki.local", ...framing };
  const place = { host: "127.0.0.1", port: door.httpsPort, servername: "wiki.local", ca };
  const request = secureRequest({ ...place, agent: false, method: "POST", headers });
  Readable.from([body]).pipe(request);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** The body of an answer of this framing, as both protocols gave it. */
async function bodiesOf(open: OpenEngine, answer: string): Promise<string[]> {
  const { door } = await scene(open, (socket) => {
    socket.once("data", () => socket.end(answer));
  });
  const talk = await door.raw("wiki.local");
  talk.say(`${GET}Connection: close\r\n\r\n`);
  const heard = await talk.end();
  const content = heard.slice(heard.indexOf("\r\n\r\n") + 4);
  const plain = content.replaceAll(/[0-9a-f]+\r\n([a-z]*)\r\n/g, "$1");
  return [plain, (await answerOf(get(await door.http2("wiki.local")))).body];
}

export const bodies: Topic = {
  title: "Content",
  proofs: {
    "a request without content has no framing fields at the app": async (open) => {
      expect((await forwarded(open, `${POST}\r\n`)).join("\n")).not.toMatch(
        /content-length|transfer-encoding/i,
      );
    },

    "content of length 0 keeps that length": async (open) => {
      expect(await forwarded(open, `${POST}Content-Length: 0\r\n\r\n`)).toContain(
        "Content-Length: 0",
      );
    },

    "content of a known length keeps it": async (open) => {
      const lines = await forwarded(open, `${POST}Content-Length: 3\r\n\r\nabc`);
      expect(lines.filter((line) => /^content-length: 3$/i.test(line))).toHaveLength(1);
      expect(lines.join("\n")).toMatch(/\n\nabc$/);
      expect(lines.join("\n")).not.toMatch(/transfer-encoding/i);
    },

    "content in chunks goes on in chunks": async (open) => {
      const request = `${POST}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`;
      const lines = await forwarded(open, request);
      expect(lines.join("\n")).toMatch(/transfer-encoding: chunked\n(.+\n)*\n3\nabc\n0\n\n$/i);
      expect(lines.join("\n")).not.toMatch(/content-length/i);
    },

    "trailers of a visitor reach the app, without those that frame or sign in": async (open) => {
      const lines = await forwarded(
        open,
        `${POST}Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 9\r\nX-Forwarded-For: 6.6.6.6\r\nAuthorization: x\r\n\r\n`,
      );
      expect(lines.join("\n")).toMatch(/\n\n3\nabc\n0\nX-Sum: 9\n\n$/i);
    },

    "over HTTP/2 announced content keeps its length, other content goes in chunks": async (
      open,
    ) => {
      const { app, door } = await scene(open, (socket) => {
        socket.on("data", (part) => {
          if (part.includes("abc")) setTimeout(() => socket.write(OK), 50);
        });
      });
      const session = await door.http2("wiki.local");
      const known = get(session, { ":method": "POST", "content-length": 3 });
      known.end("abc");
      await answerOf(known);
      const unknown = get(session, { ":method": "POST" });
      unknown.end("abc");
      await answerOf(unknown);
      const received = app.received.join("").toLowerCase();
      expect(received.match(/\r\ncontent-length: 3\r\n/g)).toHaveLength(1);
      expect(received.match(/\r\ntransfer-encoding: chunked\r\n/g)).toHaveLength(1);
    },

    "content of every size comes back as it was sent, however framed": async (open) => {
      const door = await open({ wiki: await mirror() });
      for (const size of [0, 1, 4095, 16_384, 65_537, 3_000_000]) {
        const body = Buffer.alloc(size, BLOCK);
        for (const isChunked of [false, true]) {
          expect((await post(door, body, isChunked)).equals(body)).toBe(true);
        }
        const stream = get(await door.http2("wiki.local"), { ":method": "POST" });
        stream.end(body);
        const { body: back } = await answerOf(stream);
        expect(Buffer.from(back, "latin1").equals(body)).toBe(true);
      }
    },

    "answers arrive whole, whether framed by length, chunks or the connection's end": async (
      open,
    ) => {
      const head = "HTTP/1.1 200 OK\r\n";
      for (const framed of [
        "Content-Length: 6\r\n\r\nabcdef",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n",
        "\r\nabcdef",
      ]) {
        expect(await bodiesOf(open, head + framed)).toEqual(["abcdef", "abcdef"]);
      }
    },

    "a gigabyte passes unharmed in each direction": async (open) => {
      const size = 1024 * 1024 * 1024;
      const sums: string[] = [];
      const app = await nodeApp((request, response) => {
        const hash = createHash("sha1");
        request.on("data", (part: Buffer) => hash.update(part));
        request.on("end", () => {
          sums.push(hash.digest("hex"));
          response.setHeader("content-length", size);
          blocks(size).pipe(response);
        });
      });
      const door = await open({ wiki: app });
      const { caPem: ca } = await testAuthority();
      const headers = { host: "wiki.local", "content-length": size };
      const place = { host: "127.0.0.1", port: door.httpsPort, servername: "wiki.local", ca };
      const request = secureRequest({ ...place, agent: false, method: "PUT", headers });
      blocks(size).pipe(request);
      const [response] = (await once(request, "response")) as [IncomingMessage];
      const hash = createHash("sha1");
      for await (const part of response) hash.update(part as Buffer);
      expect(sums).toEqual([hash.digest("hex")]);
    },

    "content behind a method that seldom has any is passed on": async (open) => {
      for (const method of ["DELETE", "GET", "OPTIONS"]) {
        const { app, door } = await scene(open, answering(OK));
        const talk = await door.raw("wiki.local");
        talk.say(`${method} /a HTTP/1.1\r\nHost: wiki.local\r\nContent-Length: 3\r\n\r\nabc`);
        await talk.until("ok");
        await expect.poll(() => app.received[0]).toMatch(/\r\n\r\nabc$/);
      }
    },
  },
};

function blocks(size: number): Readable {
  function* make(): Generator<Buffer> {
    for (let made = 0; made < size; made += BLOCK.length) yield BLOCK;
  }
  return Readable.from(make(), { objectMode: false, highWaterMark: 256 * 1024 });
}
