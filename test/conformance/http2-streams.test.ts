/*
 * RFC 9113 chapter 5: what may be said on a stream in which of its states, and how many there may be.
 */
import { expect, test } from "vitest";
import {
  CANCEL,
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  HEADERS,
  number32,
  RST_STREAM,
  SETTINGS,
  WINDOW_UPDATE,
} from "../attacks/http2-frames.ts";
import { onEveryEngine } from "./engines.ts";
import {
  AS_EXPECTED,
  CODES,
  conform,
  get,
  http2App,
  type Http2Case,
  PREFACE,
  PRIORITY,
  request,
  seenIn,
  talkHttp2,
  WHOLE,
} from "./http2-visitor.ts";

const reset = (stream: number): string => frame([RST_STREAM, 0], stream, number32(CANCEL));
const HANGING = get(1, "/hang");

const CASES: Http2Case[] = [
  {
    says: "5.1: idle: DATA is a connection error",
    sends: [frame([DATA, END_STREAM], 1, "hello")],
    expects: { connection: ["PROTOCOL_ERROR", "STREAM_CLOSED"] },
    but: {
      nginx: { expects: "ignored", reason: "nginx takes it for DATA of a stream that was closed" },
    },
  },
  {
    says: "5.1: idle: RST_STREAM is a connection error",
    sends: [reset(1)],
    expects: { connection: ["PROTOCOL_ERROR"] },
    but: {
      nginx: { expects: "ignored", reason: "nginx takes it for one of a stream that was closed" },
    },
  },
  {
    says: "5.1: idle: WINDOW_UPDATE is a connection error",
    sends: [frame([WINDOW_UPDATE, 0], 1, number32(100))],
    expects: { connection: ["PROTOCOL_ERROR"] },
    but: {
      nginx: { expects: "ignored", reason: "nginx takes it for one of a stream that was closed" },
    },
  },
  {
    says: "5.1: idle: CONTINUATION is a connection error",
    sends: [frame([CONTINUATION, END_HEADERS], 1, request())],
    expects: { connection: ["PROTOCOL_ERROR"] },
  },
  {
    says: "5.1: idle: PRIORITY is allowed",
    sends: [frame([PRIORITY, 0], 1, "\0\0\0\0\x10")],
    expects: "ignored",
  },
  {
    says: "5.1: half-closed by the visitor: DATA is an error of a closed stream",
    sends: [HANGING, frame([DATA, END_STREAM], 1, "hello")],
    expects: { stream: 1, codes: ["STREAM_CLOSED"] },
  },
  {
    says: "5.1: half-closed by the visitor: HEADERS is an error of a closed stream",
    sends: [HANGING, get(1)],
    expects: { stream: 1, codes: ["STREAM_CLOSED", "PROTOCOL_ERROR"] },
  },
  {
    says: "5.1: half-closed by the visitor: CONTINUATION is a connection error",
    sends: [HANGING, frame([CONTINUATION, END_HEADERS], 1, request())],
    expects: { connection: ["STREAM_CLOSED", "PROTOCOL_ERROR"] },
  },
  {
    says: "5.1: half-closed by the visitor: WINDOW_UPDATE and PRIORITY are allowed",
    sends: [
      HANGING,
      frame([WINDOW_UPDATE, 0], 1, number32(100)) + frame([PRIORITY, 0], 1, "\0\0\0\0\x10"),
    ],
    expects: "ignored",
  },
  {
    says: "5.1: closed by RST_STREAM: HEADERS is an error, or no request",
    sends: [HANGING, reset(1), get(1)],
    expects: { stream: 1, codes: ["STREAM_CLOSED", "PROTOCOL_ERROR"] },
    but: {
      node: {
        expects: "ignored",
        reason: "nghttp2 takes them for frames that crossed the reset (section 5.1)",
      },
    },
  },
  {
    says: "5.1: closed by RST_STREAM: CONTINUATION is a connection error",
    sends: [HANGING, reset(1), frame([CONTINUATION, END_HEADERS], 1, request())],
    expects: { connection: ["STREAM_CLOSED", "PROTOCOL_ERROR"] },
  },
  {
    says: "5.1: closed by RST_STREAM: WINDOW_UPDATE on its way is no error",
    sends: [HANGING, reset(1), frame([WINDOW_UPDATE, 0], 1, number32(100))],
    expects: "ignored",
  },
  {
    says: "5.1: closed by END_STREAM: PRIORITY is allowed",
    sends: [get(1), frame([PRIORITY, 0], 1, "\0\0\0\0\x10")],
    expects: "ignored",
  },
  {
    says: "5.1.1: a stream with an even number is a connection error",
    sends: [get(2)],
    expects: { connection: ["PROTOCOL_ERROR"] },
  },
  {
    says: "5.1.1: a number below one used before is a connection error",
    sends: [get(5, "/hang"), get(3)],
    expects: { connection: ["PROTOCOL_ERROR", "STREAM_CLOSED"] },
    but: {
      node: {
        expects: "ignored",
        reason: "nghttp2 takes them for frames of a stream that was closed",
      },
    },
  },
  {
    says: "5.1.1: numbers may be left out",
    sends: [get(9, "/hang") + get(11, "/hang")],
    expects: "ignored",
  },
  {
    says: "5.1.1: RST_STREAM for a stream of the door's kind of number is a connection error",
    sends: [reset(2)],
    expects: { connection: ["PROTOCOL_ERROR"] },
    but: {
      nginx: { expects: "ignored", reason: "nginx takes it for one of a stream that was closed" },
    },
  },
];

onEveryEngine("HTTP/2 streams", http2App, (engine) => {
  test.each(CASES)("$says", async (tried) => {
    expect(await conform(engine, tried)).toBe(AS_EXPECTED);
  });

  test("5.1.2: streams beyond the agreed number are refused, the others go on", async () => {
    const talk = await talkHttp2(engine);
    talk.say(`${PREFACE}${frame([SETTINGS, 0], 0)}`);
    const agreed = 128;
    for (let i = 0; i < agreed + 5; i++)
      talk.say(frame([HEADERS, END_HEADERS], i * 2 + 1, request("/hang", "POST")));
    await expect
      .poll(() => seenIn(talk.heard()).resets.size || seenIn(talk.heard()).goaway, {
        timeout: 10_000,
      })
      .toBeGreaterThan(0);
    const { resets, goaway } = seenIn(talk.heard());
    expect([CODES.REFUSED_STREAM, CODES.PROTOCOL_ERROR, undefined]).toContain(goaway);
    for (const [stream, code] of resets) {
      expect(stream).toBeGreaterThan(agreed * 2);
      expect([CODES.REFUSED_STREAM, CODES.PROTOCOL_ERROR]).toContain(code);
    }
  });

  test("5.4.2: an error of one stream leaves the others alone", async () => {
    const talk = await talkHttp2(engine);
    talk.say(`${PREFACE}${frame([SETTINGS, 0], 0)}`);
    talk.say(frame([HEADERS, WHOLE], 1, `${request()}\0\x03X-A\x01b`)); // a name in capitals
    talk.say(frame([HEADERS, WHOLE], 3, request()));
    await expect
      .poll(() => seenIn(talk.heard()), { timeout: 10_000 })
      .toMatchObject({
        goaway: undefined,
        content: expect.stringMatching(/ok$/),
      });
  });
});
