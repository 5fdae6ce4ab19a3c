/*
 * The parser beside Node's own (llhttp): what we accept, it accepts, with the same meaning. The same
 * bytes go to both; ours may refuse more, never less.
 */
import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { createServer, type Server } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ResponseParser } from "./response-parser.ts";
import { UpstreamFailureError } from "./upstream.ts";

/** An answer as both parsers can tell it. */
interface Answer {
  information: number[];
  status: number;
  statusText: string;
  headers: readonly string[];
  body: string;
  trailers: readonly string[];
}

let bytes = "";
let app: Server;
let port: number;

beforeAll(async () => {
  app = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.end(bytes, "latin1"));
  }).listen(0, "127.0.0.1");
  await once(app, "listening");
  ({ port } = app.address() as { port: number });
});
afterAll(() => void app.close());

/** What we read, and how many bytes of it are the answer; undefined where we refuse. */
function ours(text: string, method: string): { answer: Answer; length: number } | undefined {
  const answer: Partial<Answer> = { body: "", information: [] };
  const parser = new ResponseParser(
    { method, upgrade: false, maxHeadBytes: 8192 },
    {
      onInformation: ({ status }) => answer.information?.push(status),
      onHead: (head) => Object.assign(answer, head),
      onPart: (part) => (answer.body += part.toString("latin1")),
      onEnd: (trailers) => (answer.trailers = trailers),
      onSwitched: () => undefined,
    },
  );
  try {
    const rest = parser.push(Buffer.from(text, "latin1"));
    parser.end();
    return { answer: answer as Answer, length: text.length - (rest?.length ?? 0) };
  } catch (thrown) {
    if (thrown instanceof UpstreamFailureError) return undefined;
    throw thrown;
  }
}

async function theirs(text: string, method: string): Promise<Answer> {
  bytes = text;
  const asked = request({ host: "127.0.0.1", port, method, agent: false });
  const information: number[] = [];
  asked.on("information", ({ statusCode }) => information.push(statusCode));
  asked.on("continue", () => undefined).end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  let body = "";
  for await (const part of answer) body += (part as Buffer).toString("latin1");
  if (!answer.complete) throw new Error("incomplete");
  return {
    information,
    status: answer.statusCode ?? 0,
    statusText: answer.statusMessage ?? "",
    headers: answer.rawHeaders,
    body,
    trailers: answer.rawTrailers,
  };
}

const field = fc.constantFrom(
  "A: b",
  "a:b",
  "Set-Cookie: x=1; Path=/",
  "X: \t y\xe9 ",
  "Empty:",
  "Connection: close",
  "Connection: keep-alive",
  "Keep-Alive: timeout=5",
  "Upgrade: h2c",
  "Trailer: T",
);
const statusLine = fc.constantFrom(
  "HTTP/1.1 200 OK",
  "HTTP/1.0 200 OK",
  "HTTP/1.1 204 No Content",
  "HTTP/1.1 304 x",
  "HTTP/1.1 404 N\xf6t Found",
  "HTTP/1.1 500",
  "HTTP/1.1 302 ",
);
const chunk = fc.constantFrom(
  "3\r\nabc\r\n",
  "00A\r\n0123456789\r\n",
  "1;a\r\nx\r\n",
  '1;a=b;c="d e"\r\nx\r\n',
);
const framed = fc.oneof(
  fc.constantFrom("", "\0\r\n", "abc").map((body) => ["", body]),
  fc
    .string({ maxLength: 9, unit: "binary-ascii" })
    .map((body) => [`Content-Length: ${body.length}\r\n`, body]),
  fc
    .tuple(fc.array(chunk, { maxLength: 4 }), fc.constantFrom("", "T: 1\r\n", "T: 1\r\nU:\r\n"))
    .map(([chunks, trailers]) => [
      "Transfer-Encoding: chunked\r\n",
      `${chunks.join("")}0\r\n${trailers}\r\n`,
    ]),
);
const information = fc.constantFrom(
  "",
  "HTTP/1.1 100 Continue\r\n\r\n",
  "HTTP/1.1 103 x\r\nLink: a\r\n\r\n",
);
const wellFormed = fc
  .tuple(information, statusLine, fc.array(field, { maxLength: 3 }), framed)
  .map(([hint, line, fields, [framing, body]]) =>
    [hint, line, "\r\n", ...fields.map((text) => `${text}\r\n`), framing, "\r\n", body].join(""),
  );
/** Bytes that have split one message into two before. */
const nasty = fc.constantFrom(
  "\r",
  "\n",
  "\r\n",
  "\0",
  " ",
  "\t",
  ":",
  ";",
  ",",
  "=",
  '"',
  "0",
  "1",
  "a",
  "\x0b",
  "\x7f",
  "\x80",
  "",
  "Content-Length: 1\r\n",
  "Transfer-Encoding: chunked\r\n",
  "HTTP/1.1 200 OK\r\n",
);
const damaged = fc
  .tuple(wellFormed, fc.array(fc.tuple(fc.nat(), nasty, fc.nat(2)), { maxLength: 2 }))
  .map(([text, changes]) =>
    changes.reduce((before, [where, what, instead]) => {
      const at = where % (before.length + 1);
      return before.slice(0, at) + what + before.slice(at + instead);
    }, text),
  );

test("what we accept, llhttp accepts with the same meaning", async () => {
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(damaged, fc.constantFrom("GET", "GET", "HEAD"), async (text, method) => {
      const read = ours(text, method);
      if (!read) return;
      accepted += 1;
      const answer = await theirs(text.slice(0, read.length), method);
      const hints = answer.information.filter((status) => status !== 100);
      const ourHints = read.answer.information.filter((status) => status !== 100);
      expect({ ...answer, information: hints }).toEqual({ ...read.answer, information: ourHints });
    }),
    { numRuns: 1500 },
  );
  expect(accepted).toBeGreaterThan(300); // a comparison of refusals alone would prove nothing
});
