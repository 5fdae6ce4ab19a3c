import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { expect } from "vitest";
import { answering } from "../../support/raw-app.ts";
import { ask } from "../ask.ts";
import { type OpenEngine, PROTOCOLS, type Topic } from "../contract.ts";
import {
  answeredBy,
  jsonAnswer,
  LIMIT,
  NAMED,
  SAID,
  TOLD,
  withSandboxes,
} from "../sandbox-scene.ts";

const latin1 = (text: string): string => Buffer.from(text).toString("latin1");
const gzip = jsonAnswer(gzipSync(SAID), "Content-Encoding: gzip");

/** Asks for the answer over both protocols and expects this content of it. */
async function expectTold(open: OpenEngine, answer: string, content: string): Promise<void> {
  const { door } = await answeredBy(open, answer);
  for (const protocol of PROTOCOLS) {
    const { status, headers, body } = await ask(door, protocol, { path: NAMED });
    expect([protocol, status, body]).toEqual([protocol, 200, content]);
    expect(headers["content-length"] ?? String(body.length)).toBe(String(body.length));
  }
}

/** ... and that it comes as the app made it, fields and all. */
async function expectUntouched(open: OpenEngine, answer: string): Promise<void> {
  const end = answer.indexOf("\r\n\r\n");
  await expectTold(open, answer, answer.slice(end + 4));
  const { door } = await answeredBy(open, answer);
  const { headers } = await ask(door, "http/1.1", { path: NAMED });
  for (const line of answer.slice(0, end).split("\r\n").slice(1)) {
    const [name = "", value] = line.split(": ");
    expect([name, headers[name.toLowerCase()]]).toEqual([name, value]);
  }
}

const ABOUT = [
  'ETag: "v1"',
  "Last-Modified: Wed, 25 Nov 2026 00:00:00 GMT",
  "Accept-Ranges: bytes",
  "Content-MD5: x",
  "Digest: x",
  "Content-Digest: x",
  "Repr-Digest: x",
  "Expires: Thu, 26 Nov 2026 00:00:00 GMT",
  "Cache-Control: max-age=600",
  "X-Kept: yes",
];
const OF_CONNECTION = new Set([":status", "connection", "date"]);
const OF_ANOTHER = Object.fromEntries(
  ["if-none-match", "if-modified-since", "range", "if-range", "accept-encoding"].map((name) => [
    name,
    "x",
  ]),
);

export const rewriting: Topic = {
  title: "Answers that name sandboxes",
  proofs: {
    "an answer that names a sandbox names the door, whatever was asked": async (open) => {
      const { door, asked } = await answeredBy(open, jsonAnswer(SAID));
      for (const protocol of PROTOCOLS) {
        for (const method of ["GET", "POST", "PUT", "PATCH"]) {
          const fields = method === "GET" ? {} : { "content-length": "0" };
          const { body } = await ask(door, protocol, { method, path: `${NAMED}?key=s`, fields });
          expect([protocol, method, body]).toEqual([protocol, method, latin1(TOLD)]);
        }
      }
      expect(asked).toHaveLength(8);
      expect(asked).toContainEqual({ path: NAMED, host: "wiki.local", port: 443 });
    },

    "what an app says of its own content is not said of the door's": async (open) => {
      const { door } = await answeredBy(open, jsonAnswer(SAID, ...ABOUT));
      for (const protocol of PROTOCOLS) {
        const { headers } = await ask(door, protocol, { path: NAMED });
        const told = Object.entries(headers).filter(([name]) => !OF_CONNECTION.has(name));
        expect(Object.fromEntries(told)).toEqual({
          "content-type": "application/json",
          "content-length": String(Buffer.byteLength(TOLD)),
          "cache-control": "no-store",
          "x-kept": "yes",
        });
      }
    },

    "the app is asked for all of it, unpacked, whatever the visitor has already": async (open) => {
      const { app, door } = await answeredBy(open, jsonAnswer(SAID));
      for (const protocol of PROTOCOLS) {
        await ask(door, protocol, { path: NAMED, fields: OF_ANOTHER });
      }
      const heard = app.received.join("");
      expect(heard).not.toMatch(/^(?:if-|range)/im);
      expect(heard.match(/^accept-encoding: .*(?=\r$)/gim)).toEqual(
        PROTOCOLS.map(() => "Accept-Encoding: identity"),
      );
    },

    "conditions of a change reach the app": async (open) => {
      const { app, door } = await answeredBy(open, jsonAnswer(SAID));
      const fields = { "if-none-match": "*", "content-length": "0" };
      await ask(door, "http/1.1", { method: "PUT", path: NAMED, fields });
      expect(app.received[0]).toMatch(/^if-none-match: \*\r$/im);
    },

    "it is read whatever packed it": async (open) => {
      const packed: readonly (readonly [string, Buffer])[] = [
        ["gzip", gzipSync(SAID)],
        ["X-GZip", gzipSync(SAID)],
        ["deflate", deflateSync(SAID)],
        ["deflate", deflateRawSync(SAID)],
        ["br", brotliCompressSync(SAID)],
        ["identity, gzip, br", brotliCompressSync(gzipSync(SAID))],
      ];
      for (const [coding, content] of packed) {
        const answer = jsonAnswer(content, `Content-Encoding: ${coding}`);
        await expectTold(open, answer, latin1(TOLD));
        const { door } = await answeredBy(open, answer);
        const { headers } = await ask(door, "h2", { path: NAMED });
        expect([coding, headers["content-encoding"]]).toEqual([coding, undefined]);
      }
    },

    "it is read however its end is told": async (open) => {
      const [head = "", content = ""] = jsonAnswer(SAID).split("\r\n\r\n");
      const bare = head.replace(/Content-Length: \d+/, "X-Kept: yes");
      const [first, rest] = [content.slice(0, 9), content.slice(9)];
      const chunks = [first, rest, ""].map((part) => `${part.length.toString(16)}\r\n${part}\r\n`);
      const chunked = `${bare}\r\nTransfer-Encoding: chunked\r\n\r\n${chunks.join("")}`;
      await expectTold(open, chunked, latin1(TOLD));
      const { door } = await withSandboxes(open, (socket) => {
        socket.once("data", () => socket.end(`${bare}\r\n\r\n${content}`, "latin1"));
      });
      const { body } = await ask(door, "http/1.1", { path: NAMED });
      expect(body).toBe(latin1(TOLD));
    },

    "it is read whatever it is written in": async (open) => {
      const type = "Content-Type: application/problem+json";
      for (const [charset, content] of [
        ["utf-8", Buffer.from(`\u{FEFF}${SAID}`)],
        ["utf-16le", Buffer.from(SAID, "utf16le")],
        ["ISO-8859-1", Buffer.from(SAID, "latin1")],
      ] as const) {
        const answer = jsonAnswer(content, `${type}; charset=${charset}`);
        await expectTold(open, answer, latin1(TOLD));
        const { door } = await answeredBy(open, answer);
        const { headers } = await ask(door, "http/1.1", { path: NAMED });
        expect(headers["content-type"]).toBe("application/problem+json; charset=utf-8");
      }
    },

    "what names no sandbox passes as the app made it": async (open) => {
      await expectUntouched(open, jsonAnswer('{"a":"http://localhost:80"}', ...ABOUT));
      const none = gzipSync("{}");
      await expectUntouched(open, jsonAnswer(none, ...ABOUT, "Content-Encoding: gzip"));
    },

    "other paths, kinds and outcomes are not read": async (open) => {
      const paths = ["/api", `${NAMED}/more`, "/api/conversations/", "//api/conversations/7"];
      const { door, asked } = await answeredBy(open, gzip);
      for (const path of paths) {
        const { body, headers } = await ask(door, "http/1.1", { path });
        expect([path, body]).toEqual([path, gzip.slice(gzip.indexOf("\r\n\r\n") + 4)]);
        expect(headers["content-encoding"]).toBe("gzip");
      }
      const other = await ask(door, "h2", { method: "DELETE", path: NAMED });
      expect(other.headers["content-encoding"]).toBe("gzip");
      expect(asked).toEqual([]);
      for (const type of ["text/plain", "application/x-ndjson", "text/event-stream"]) {
        await expectUntouched(open, jsonAnswer(SAID, `Content-Type: ${type}`));
      }
      const part = jsonAnswer(SAID, "Content-Range: bytes 0-9/90");
      for (const status of ["206 Partial Content", "404 Not Found"]) {
        const answered = await answeredBy(open, part.replace("200 OK", status));
        const { body } = await ask(answered.door, "http/1.1", { path: NAMED });
        expect([status, body]).toEqual([status, latin1(SAID)]);
      }
    },

    "what is broken, or packed by nobody we know, passes byte by byte": async (open) => {
      const cut = gzipSync(SAID).subarray(0, -9);
      const answers = [
        jsonAnswer(`${SAID},`),
        jsonAnswer(""),
        jsonAnswer(cut, "Content-Encoding: gzip"),
        jsonAnswer(SAID, "Content-Encoding: gzip"),
        jsonAnswer(SAID, "Content-Encoding: compress"),
        jsonAnswer(gzipSync(SAID), "Content-Encoding: gzip, gzip, gzip, gzip, gzip"),
        jsonAnswer(Buffer.from(SAID, "latin1")),
        jsonAnswer(SAID, "Content-Type: application/json; charset=klingon"),
      ];
      for (const answer of answers) await expectUntouched(open, answer);
    },

    "a bomb passes packed, and nothing beyond the limit is unpacked": async (open) => {
      const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024), { level: 9 });
      const twice = jsonAnswer(gzipSync(bomb), "Content-Encoding: gzip, gzip");
      const before = process.memoryUsage.rss();
      await expectUntouched(open, twice);
      expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024);
      const { door, asked } = await answeredBy(open, twice);
      await ask(door, "h2", { path: NAMED });
      expect(asked).toEqual([]);
    },

    "the longest that is read is as long as the limit": async (open) => {
      const padded = (length: number): string => `${SAID.slice(0, -1)}${" ".repeat(length)}}`;
      const room = LIMIT - Buffer.byteLength(SAID);
      for (const [more, answer] of [
        [0, jsonAnswer(padded(room))],
        [1, jsonAnswer(padded(room + 1))],
        [0, jsonAnswer(gzipSync(padded(room)), "Content-Encoding: gzip")],
        [1, jsonAnswer(gzipSync(padded(room + 1)), "Content-Encoding: gzip")],
      ] as const) {
        const { door, asked } = await withSandboxes(open, answering(answer));
        const { status } = await ask(door, "http/1.1", { path: NAMED });
        expect([status, asked.length]).toEqual([200, 1 - more]);
      }
    },

    "304 passes, and HEAD promises nothing GET would not keep": async (open) => {
      const same = await answeredBy(open, 'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n');
      const answered = await ask(same.door, "h2", { path: NAMED });
      expect([answered.status, answered.headers.etag, answered.body]).toEqual([304, '"v1"', ""]);
      const [head] = jsonAnswer(SAID, ...ABOUT).split("\r\n\r\n");
      const { door } = await answeredBy(open, `${head}\r\n\r\n`);
      for (const protocol of PROTOCOLS) {
        const { status, headers } = await ask(door, protocol, { method: "HEAD", path: NAMED });
        expect([status, headers["x-kept"]]).toEqual([200, "yes"]);
        expect(Object.keys(headers).filter((name) => /length|etag|digest|md5/.test(name))).toEqual(
          [],
        );
      }
    },
  },
};
