/*
 * RFC 9113 chapter 8, and RFC 7541: requests that are malformed, and field sections that are.
 */
import { expect, test } from "vitest";
import {
  DATA,
  END_HEADERS,
  END_STREAM,
  type Field,
  frame,
  HEADERS,
  LATEST,
  section,
} from "../attacks/http2-frames.ts";
import { isNginxBefore } from "../support/nginx-version.ts";
import { onEveryEngine } from "./engines.ts";
import {
  AS_EXPECTED,
  conform,
  http2App,
  type Http2Case,
  post,
  request,
  WHOLE,
} from "./http2-visitor.ts";

const MALFORMED = { stream: 1, codes: ["PROTOCOL_ERROR"] } as const;
const LEFT_OUT = {
  expects: "served",
  reason: "nginx takes the request without it; test/attacks shows that no app is sent it",
} as const;
const PACKED = { connection: ["COMPRESSION_ERROR"] } as const;
const METHOD: Field = [":method", "GET"];
const SCHEME: Field = [":scheme", "https"];
const AUTHORITY: Field = [":authority", "wiki.local"];
const PATH: Field = [":path", "/a"];
const BASE = [METHOD, SCHEME, AUTHORITY, PATH];
const head = (...fields: Field[]): string => frame([HEADERS, WHOLE], 1, section(fields));
const packed = (block: string): string => frame([HEADERS, WHOLE], 1, block);
const HANGING = post(1, "/hang");

const MESSAGES: Http2Case[] = [
  {
    says: "8.1: HEADERS behind HEADERS that are no trailers are malformed",
    sends: [HANGING + HANGING],
    expects: MALFORMED,
  },
  {
    says: "8.1: trailers that end the request are taken",
    sends: [
      post() + frame([DATA, 0], 1, "hello") + frame([HEADERS, WHOLE], 1, section([["x-t", "t"]])),
    ],
    expects: "served",
    but: {
      nginx: {
        expects: { connection: ["PROTOCOL_ERROR"] },
        reason: "nginx knows no trailers of requests and ends the connection",
      },
    },
  },
  {
    says: "8.1.1: less content than content-length says is malformed",
    sends: [post(1, "/hang", [["content-length", "50"]]) + frame([DATA, END_STREAM], 1, "hello")],
    expects: MALFORMED,
  },
  {
    says: "8.1.1: more content than content-length says is malformed",
    sends: [post(1, "/hang", [["content-length", "1"]]) + frame([DATA, END_STREAM], 1, "hello")],
    expects: MALFORMED,
  },
  {
    says: "8.1.1: so it is over several DATA frames",
    sends: [
      post(1, "/hang", [["content-length", "6"]]) +
        frame([DATA, 0], 1, "hel") +
        frame([DATA, END_STREAM], 1, "lo"),
    ],
    expects: MALFORMED,
  },
  {
    says: "8.1.1: content-length where there is no content is malformed",
    sends: [head(...BASE, ["content-length", "5"])],
    expects: MALFORMED,
  },
  {
    says: "8.2.1: a field name in capitals is malformed",
    sends: [head(...BASE, ["X-A", "b"])],
    expects: MALFORMED,
  },
  ...["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"].map(
    (name): Http2Case => ({
      says: `8.2.2: ${name} is malformed`,
      sends: [head(...BASE, [name, "x"])],
      expects: MALFORMED,
      ...(name === "transfer-encoding" && isNginxBefore([1, 30, 0])
        ? {}
        : { but: { nginx: LEFT_OUT } }),
    }),
  ),
  {
    says: "8.2.2: te other than trailers is malformed",
    sends: [head(...BASE, ["te", "trailers, deflate;q=0.5"])],
    expects: MALFORMED,
    but: {
      nginx: { expects: "served", reason: "nginx takes no notice of it, and no app is sent it" },
    },
  },
  {
    says: "8.2.2: te: trailers is taken",
    sends: [head(...BASE, ["te", "trailers"])],
    expects: "served",
  },
  {
    says: "8.2.3: cookies may come in crumbs",
    sends: [head(...BASE, ["cookie", "a=b"], ["cookie", "c=d"])],
    expects: "served",
  },
  {
    says: "8.3: a pseudo-field nobody knows is malformed",
    sends: [head(...BASE, [":test", "a"])],
    expects: MALFORMED,
  },
  {
    says: "8.3: a pseudo-field of answers is malformed",
    sends: [head(...BASE, [":status", "200"])],
    expects: MALFORMED,
  },
  {
    says: "8.3: a pseudo-field among trailers is malformed",
    sends: [HANGING + frame([DATA, 0], 1, "hello") + frame([HEADERS, WHOLE], 1, section([PATH]))],
    expects: MALFORMED,
  },
  {
    says: "8.3: a pseudo-field behind a field is malformed",
    sends: [head(METHOD, SCHEME, AUTHORITY, ["x-a", "b"], PATH)],
    expects: MALFORMED,
    but: {
      nginx: {
        expects: "served",
        reason: "nginx before 1.30 takes them in any order; each can be there once",
      },
    },
  },
  {
    says: "8.3.1: an empty path is malformed",
    sends: [head(METHOD, SCHEME, AUTHORITY, [":path", ""])],
    expects: MALFORMED,
  },
  {
    says: "8.3.1: no method is malformed",
    sends: [head(SCHEME, AUTHORITY, PATH)],
    expects: MALFORMED,
  },
  {
    says: "8.3.1: no scheme is malformed",
    sends: [head(METHOD, AUTHORITY, PATH)],
    expects: MALFORMED,
  },
  {
    says: "8.3.1: no path is malformed",
    sends: [head(METHOD, SCHEME, AUTHORITY)],
    expects: MALFORMED,
  },
  {
    says: "8.3.1: two methods are malformed",
    sends: [head(METHOD, METHOD, SCHEME, AUTHORITY, PATH)],
    expects: MALFORMED,
  },
  {
    says: "8.3.1: two schemes are malformed",
    sends: [head(METHOD, SCHEME, SCHEME, AUTHORITY, PATH)],
    expects: MALFORMED,
  },
  {
    says: "8.3.1: two paths are malformed",
    sends: [head(METHOD, SCHEME, AUTHORITY, PATH, PATH)],
    expects: MALFORMED,
  },
  {
    says: "8.3.1: another Host than the authority is malformed",
    sends: [head(...BASE, ["host", "evil.local"])],
    expects: MALFORMED,
  },
  {
    says: "8.3.1: Host may stand in for the authority",
    sends: [head(METHOD, SCHEME, PATH, ["host", "wiki.local"])],
    expects: "served",
  },
  {
    says: "8.5: CONNECT with a scheme and a path but no protocol is malformed",
    sends: [head([":method", "CONNECT"], SCHEME, AUTHORITY, PATH)],
    expects: MALFORMED,
  },
];

const COMPRESSION: Http2Case[] = [
  {
    says: "RFC 7541 2.3.3: an index beyond both tables is a connection error",
    sends: [packed(`${request()}\xc6`)],
    expects: PACKED,
  },
  {
    says: "RFC 7541 2.3.3: an entry that was never made is a connection error",
    sends: [packed(`${request()}${LATEST}`)],
    expects: PACKED,
  },
  {
    says: "RFC 7541 6.1: index 0 is a connection error",
    sends: [packed(`${request()}\x80`)],
    expects: PACKED,
  },
  {
    says: "RFC 7541 4.2: a change of the table's size behind a field is a connection error",
    sends: [packed(`${request()}\x21`)],
    expects: PACKED,
    but: {
      nginx: {
        expects: "served",
        reason: "nginx takes it anywhere; nothing grows beyond what was agreed on",
      },
    },
  },
  {
    says: "RFC 7541 6.3: a table larger than agreed on is a connection error",
    sends: [packed(`\x3f\xff\xff\x03${request()}`)],
    expects: PACKED,
  },
  {
    says: "RFC 7541 6.3: a smaller table is taken",
    sends: [packed(`\x20${request()}`)],
    expects: "served",
  },
  {
    says: "RFC 7541 5.1: a number without end is a connection error",
    sends: [packed(`${request()}\xff${"\xff".repeat(20)}`)],
    expects: PACKED,
  },
  {
    says: "RFC 7541 5.2: Huffman's code with more than seven bits of padding is a connection error",
    sends: [packed(`${request()}\0\x85\xf2\xb2\x4a\x84\xff\x84\x49\x50\x9f\xff`)],
    expects: PACKED,
    but: {
      nginx: {
        expects: "served",
        reason: "nginx takes whole bytes of padding, which mean nothing",
      },
    },
  },
  {
    says: "RFC 7541 5.2: padding other than the end's first bits is a connection error",
    sends: [packed(`${request()}\0\x85\xf2\xb2\x4a\x84\xff\x83\x49\x50\x90`)],
    expects: PACKED,
  },
  {
    says: "RFC 7541 5.2: the end's code within a text is a connection error",
    sends: [packed(`${request()}\0\x85\xf2\xb2\x4a\x84\xff\x87\xff\xff\xff\xfd\x25\x42\x7f`)],
    expects: PACKED,
  },
  {
    says: "RFC 7541 5.2: a text longer than its section is a connection error",
    sends: [packed(`${request()}\0\x7fab`)],
    expects: PACKED,
    but: {
      nginx: {
        expects: { connection: ["FRAME_SIZE_ERROR"] },
        reason: "nginx says that the frame is too short for the text",
      },
    },
  },
];

onEveryEngine("HTTP/2 requests", http2App, (engine) => {
  test.each(MESSAGES)("$says", async (tried) => {
    expect(await conform(engine, tried)).toBe(AS_EXPECTED);
  });
});

onEveryEngine("HTTP/2 field sections", http2App, (engine) => {
  test.each(COMPRESSION)("$says", async (tried) => {
    expect(await conform(engine, tried)).toBe(AS_EXPECTED);
  });
  test("RFC 7541 6.2.1: an entry made in one request serves the next", async () => {
    const block = `${request("/hang")}\x40\x03x-a\x01b`;
    const again = `${request()}${LATEST}`;
    const sends = [
      frame([HEADERS, WHOLE], 3, block).replace("\0\0\0\x03", "\0\0\0\x01") +
        frame([HEADERS, END_STREAM | END_HEADERS], 3, again),
    ];
    const verdict = await conform(engine, { says: "", sends, expects: "ignored" });
    expect(verdict).toBe(AS_EXPECTED);
  });
});
