/*
 * RFC 9113 chapter 6: each type of frame by itself.
 */
import { expect, test } from "vitest";
import {
  CANCEL,
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  GOAWAY,
  HEADERS,
  number32,
  PING,
  RST_STREAM,
  SETTINGS,
  WINDOW_UPDATE,
} from "../attacks/http2-frames.ts";
import { onEveryEngine } from "./engines.ts";
import {
  AS_EXPECTED,
  ACK,
  conform,
  get,
  http2App,
  type Http2Case,
  heardOut,
  PADDED,
  post,
  PREFACE,
  PRIORITY,
  PUSH_PROMISE,
  request,
  seenIn,
  talkHttp2,
  WHOLE,
} from "./http2-visitor.ts";

const PROTOCOL = { connection: ["PROTOCOL_ERROR"] } as const;
const SIZE = { connection: ["FRAME_SIZE_ERROR"] } as const;
const FLOW = { connection: ["FLOW_CONTROL_ERROR"] } as const;
const HANGING = post(1, "/hang");
const REST = frame([CONTINUATION, END_HEADERS], 1);
const FIRST = frame([HEADERS, END_STREAM], 1, request());
const MOST = number32(0x7fffffff);
const setting = (id: number, value: number): string =>
  frame([SETTINGS, 0], 0, `\0${String.fromCharCode(id)}${number32(value)}`);

const CASES: Http2Case[] = [
  {
    says: "6.1: DATA on stream 0 is a connection error",
    sends: [frame([DATA, END_STREAM], 0, "hello")],
    expects: PROTOCOL,
  },
  {
    says: "6.1: DATA with more padding than there is is a connection error",
    sends: [HANGING + frame([DATA, END_STREAM | PADDED], 1, "\x10hello")],
    expects: PROTOCOL,
  },
  {
    says: "6.1: DATA with padding is content without it",
    sends: [
      post(1, "/a", [["content-length", "5"]]) +
        frame([DATA, END_STREAM | PADDED], 1, "\x03hello\0\0\0"),
    ],
    expects: "served",
  },
  {
    says: "6.2: HEADERS on stream 0 is a connection error",
    sends: [frame([HEADERS, WHOLE], 0, request())],
    expects: PROTOCOL,
  },
  {
    says: "6.2: HEADERS with more padding than there is is a connection error",
    sends: [frame([HEADERS, WHOLE | PADDED], 1, `\xff${request()}`)],
    expects: PROTOCOL,
  },
  {
    says: "6.2: HEADERS with padding and a priority is a request like any other",
    sends: [frame([HEADERS, WHOLE | PADDED | 0x20], 1, `\x02\0\0\0\0\x10${request()}\0\0`)],
    expects: "served",
  },
  {
    says: "6.2: DATA behind HEADERS that have not ended is a connection error",
    sends: [frame([HEADERS, 0], 1, request()) + frame([DATA, END_STREAM], 1, "hello")],
    expects: PROTOCOL,
  },
  {
    says: "6.3: PRIORITY on stream 0 is a connection error, or ignored as newer nghttp2 does: priorities are no more",
    sends: [frame([PRIORITY, 0], 0, "\0\0\0\0\x10")],
    expects: { connection: ["PROTOCOL_ERROR"], orIgnored: true },
  },
  {
    says: "6.3: PRIORITY of another length than 5 is an error",
    sends: [HANGING + frame([PRIORITY, 0], 1, "\0\0\0\0")],
    expects: { stream: 1, codes: ["FRAME_SIZE_ERROR"] },
  },
  {
    says: "6.4: RST_STREAM on stream 0 is a connection error",
    sends: [frame([RST_STREAM, 0], 0, number32(CANCEL))],
    expects: PROTOCOL,
  },
  {
    says: "6.4: RST_STREAM of another length than 4 is a connection error",
    sends: [HANGING + frame([RST_STREAM, 0], 1, "\0\0\0")],
    expects: SIZE,
  },
  {
    says: "6.5: SETTINGS that acknowledge and say something are a connection error",
    sends: [frame([SETTINGS, ACK], 0, "\0\x03\0\0\0\x64")],
    expects: SIZE,
  },
  {
    says: "6.5: SETTINGS on a stream are a connection error",
    sends: [frame([SETTINGS, 0], 1, "\0\x03\0\0\0\x64")],
    expects: PROTOCOL,
  },
  {
    says: "6.5: SETTINGS of a length that is no multiple of 6 are a connection error",
    sends: [frame([SETTINGS, 0], 0, "\0\x03\0")],
    expects: SIZE,
  },
  {
    says: "6.5.2: ENABLE_PUSH other than 0 or 1 is a connection error",
    sends: [setting(2, 2)],
    expects: PROTOCOL,
  },
  {
    says: "6.5.2: INITIAL_WINDOW_SIZE beyond 2^31-1 is a connection error",
    sends: [setting(4, 0x80000000)],
    expects: FLOW,
  },
  {
    says: "6.5.2: MAX_FRAME_SIZE below 2^14 is a connection error",
    sends: [setting(5, 16_383)],
    expects: PROTOCOL,
  },
  {
    says: "6.5.2: MAX_FRAME_SIZE beyond 2^24-1 is a connection error",
    sends: [setting(5, 16_777_216)],
    expects: PROTOCOL,
  },
  {
    says: "6.5.2: a setting nobody knows is ignored",
    sends: [setting(0xff, 1)],
    expects: "ignored",
  },
  {
    says: "6.6: PUSH_PROMISE from a visitor is a connection error",
    sends: [HANGING + frame([PUSH_PROMISE, END_HEADERS], 1, `${number32(3)}${request()}`)],
    expects: PROTOCOL,
  },
  {
    says: "6.7: PING on a stream is a connection error",
    sends: [frame([PING, 0], 1, "12345678")],
    expects: PROTOCOL,
  },
  {
    says: "6.7: PING of another length than 8 is a connection error",
    sends: [frame([PING, 0], 0, "1234567")],
    expects: SIZE,
  },
  {
    says: "6.8: GOAWAY on a stream is a connection error",
    sends: [frame([GOAWAY, 0], 1, `${number32(0)}${number32(0)}`)],
    expects: PROTOCOL,
  },
  {
    says: "6.9: an increment of 0 for the connection is a connection error",
    sends: [frame([WINDOW_UPDATE, 0], 0, number32(0))],
    expects: PROTOCOL,
  },
  {
    says: "6.9: an increment of 0 for a stream is a stream error",
    sends: [HANGING + frame([WINDOW_UPDATE, 0], 1, number32(0))],
    expects: { stream: 1, codes: ["PROTOCOL_ERROR"] },
  },
  {
    says: "6.9: WINDOW_UPDATE of another length than 4 is a connection error",
    sends: [frame([WINDOW_UPDATE, 0], 0, "\0\0\x01")],
    expects: SIZE,
  },
  {
    says: "6.9.1: a window of the connection beyond 2^31-1 is a connection error",
    sends: [frame([WINDOW_UPDATE, 0], 0, MOST) + frame([WINDOW_UPDATE, 0], 0, MOST)],
    expects: FLOW,
  },
  {
    says: "6.9.1: a window of a stream beyond 2^31-1 is a stream error",
    sends: [HANGING + frame([WINDOW_UPDATE, 0], 1, MOST) + frame([WINDOW_UPDATE, 0], 1, MOST)],
    expects: { stream: 1, codes: ["FLOW_CONTROL_ERROR"] },
  },
  {
    says: "6.9.2: a change of the initial window that takes an open one beyond 2^31-1 is an error",
    sends: [HANGING + frame([WINDOW_UPDATE, 0], 1, number32(0x7fff0000)) + setting(4, 0x7fffffff)],
    expects: { stream: 1, codes: ["FLOW_CONTROL_ERROR"] },
  },
  {
    says: "6.10: a field section may come in several CONTINUATION frames",
    sends: [
      frame([HEADERS, END_STREAM], 1, request().slice(0, 20)) +
        frame([CONTINUATION, 0], 1, request().slice(20, 30)) +
        frame([CONTINUATION, END_HEADERS], 1, request().slice(30)),
    ],
    expects: "served",
  },
  {
    says: "6.10: CONTINUATION on stream 0 is a connection error",
    sends: [FIRST + frame([CONTINUATION, END_HEADERS], 0, request())],
    expects: PROTOCOL,
  },
  {
    says: "6.10: CONTINUATION on another stream is a connection error",
    sends: [FIRST + frame([CONTINUATION, END_HEADERS], 3)],
    expects: PROTOCOL,
  },
  {
    says: "6.10: CONTINUATION behind HEADERS that have ended is a connection error",
    sends: [frame([HEADERS, END_HEADERS], 1, request("/hang", "POST")) + REST],
    expects: PROTOCOL,
  },
  {
    says: "6.10: CONTINUATION behind CONTINUATION that has ended is a connection error",
    sends: [frame([HEADERS, 0], 1, request("/hang", "POST")) + REST + REST],
    expects: PROTOCOL,
  },
  {
    says: "6.10: CONTINUATION behind DATA is a connection error",
    sends: [HANGING + frame([DATA, 0], 1, "hello") + REST],
    expects: PROTOCOL,
  },
];

onEveryEngine("HTTP/2 frame types", http2App, (engine) => {
  test.each(CASES)("$says", async (tried) => {
    expect(await conform(engine, tried)).toBe(AS_EXPECTED);
  });

  test("6.5.3: SETTINGS are acknowledged, an acknowledgement is not", async () => {
    const talk = await talkHttp2(engine);
    talk.say(PREFACE + frame([SETTINGS, 0], 0) + setting(3, 100) + frame([SETTINGS, ACK], 0));
    await heardOut(talk);
    expect(seenIn(talk.heard()).acknowledged).toBe(2);
  });

  test("6.7: a PING comes back with what it held", async () => {
    const talk = await talkHttp2(engine);
    talk.say(PREFACE + frame([SETTINGS, 0], 0) + frame([PING, 0], 0, "question"));
    await heardOut(talk);
    expect(seenIn(talk.heard()).pings).toEqual(["question", "heard me"]);
  });

  test("6.7: an answer to a PING is not answered", async () => {
    const talk = await talkHttp2(engine);
    talk.say(PREFACE + frame([SETTINGS, 0], 0) + frame([PING, ACK], 0, "answered"));
    await heardOut(talk);
    expect(talk.heard()).not.toContain("answered");
  });

  test("6.8: behind a visitor's GOAWAY what it asked before is still answered", async () => {
    const talk = await talkHttp2(engine);
    talk.say(
      PREFACE +
        frame([SETTINGS, 0], 0) +
        get() +
        frame([GOAWAY, 0], 0, `${number32(0)}${number32(0)}`),
    );
    await expect.poll(() => seenIn(talk.heard()).content, { timeout: 10_000 }).toBe("ok");
  });

  test("6.9.1: no more content is sent than the visitor's window takes", async () => {
    const talk = await talkHttp2(engine);
    talk.say(PREFACE + frame([SETTINGS, 0], 0, `\0\x04${number32(1)}`) + get());
    await expect.poll(() => seenIn(talk.heard()).content, { timeout: 10_000 }).toBe("o");
    await heardOut(talk);
    expect(seenIn(talk.heard()).content).toBe("o");
    talk.say(frame([WINDOW_UPDATE, 0], 1, number32(1)));
    await expect.poll(() => seenIn(talk.heard()).content, { timeout: 10_000 }).toBe("ok");
  });

  test("6.9.2: a change of the initial window changes those of open streams, also below nothing", async () => {
    const talk = await talkHttp2(engine);
    talk.say(PREFACE + frame([SETTINGS, 0], 0, `\0\x04${number32(1)}`) + get());
    await expect.poll(() => seenIn(talk.heard()).content, { timeout: 10_000 }).toBe("o");
    talk.say(setting(4, 0)); // now it is -1
    talk.say(frame([WINDOW_UPDATE, 0], 1, number32(1)));
    await heardOut(talk);
    expect(seenIn(talk.heard()).content).toBe("o");
    talk.say(setting(4, 1));
    await expect.poll(() => seenIn(talk.heard()).content, { timeout: 10_000 }).toBe("ok");
  });
});
