/*
 * RFC 9113 chapters 3 and 4: how a connection begins, and how frames are made.
 */
import { expect, test } from "vitest";
import {
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  HEADERS,
  PING,
  SETTINGS,
} from "../attacks/http2-frames.ts";
import { onEveryEngine } from "./engines.ts";
import {
  AS_EXPECTED,
  conform,
  get,
  http2App,
  type Http2Case,
  heardOut,
  post,
  PREFACE,
  PRIORITY,
  request,
  seenIn,
  talkHttp2,
  WHOLE,
} from "./http2-visitor.ts";

const CASES: Http2Case[] = [
  {
    says: "3.4: a preface that is none ends the connection",
    isBare: true,
    sends: ["INVALID CONNECTION PREFACE\r\n\r\n"],
    expects: { connection: ["PROTOCOL_ERROR"] },
  },
  {
    says: "3.4: a request of HTTP/1.1 where HTTP/2 was agreed on ends the connection",
    isBare: true,
    sends: ["GET /a HTTP/1.1\r\nHost: wiki.local\r\n\r\n"],
    expects: { connection: ["PROTOCOL_ERROR"] },
  },
  {
    says: "3.4: a first frame that is no SETTINGS is a connection error",
    isBare: true,
    sends: [`${PREFACE}${get()}`],
    expects: { connection: ["PROTOCOL_ERROR"] },
    but: {
      nginx: {
        expects: "served",
        reason: "nginx asks for no SETTINGS; its own answer to them is all that differs",
      },
    },
  },
  {
    says: "3.4: a request in the packet of the preface is served",
    sends: [get()],
    expects: "served",
  },
  {
    says: "4.1: a frame of an unknown type is ignored",
    sends: [frame([0xfe, 0], 0, "12345678")],
    expects: "ignored",
  },
  {
    says: "4.1: flags that mean nothing here are ignored",
    sends: [frame([PING, 0xfe], 0, "12345678")],
    expects: "ignored",
  },
  {
    says: "4.1: the reserved bit of a stream's number is ignored",
    sends: [frame([HEADERS, WHOLE], 0x80000001, request())],
    expects: "served",
  },
  {
    says: "4.2: a frame of 2^14 bytes is taken",
    sends: [post(1, "/a") + frame([DATA, 0], 1, "x".repeat(16_384)) + frame([DATA, END_STREAM], 1)],
    expects: "served",
  },
  {
    says: "4.2: a DATA frame beyond the agreed size is an error",
    sends: [post(1, "/hang") + frame([DATA, END_STREAM], 1, "x".repeat(16_385))],
    expects: { stream: 1, codes: ["FRAME_SIZE_ERROR"] },
    but: { nginx: { expects: "ignored", reason: "nginx agrees to frames of 2^24-1 bytes" } },
  },
  {
    says: "4.2: a HEADERS frame beyond the agreed size is a connection error",
    sends: [frame([HEADERS, WHOLE], 1, request("/a", "GET", [["x-a", "b".repeat(16_384)]]))],
    expects: { connection: ["FRAME_SIZE_ERROR"] },
    but: {
      nginx: {
        expects: "served",
        reason: "nginx agrees to frames of 2^24-1 bytes; a head has a limit of its own",
      },
    },
  },
  {
    says: "4.3: a field section that cannot be unpacked is a connection error",
    sends: [frame([HEADERS, WHOLE], 1, `${request()}\x40`)],
    expects: { connection: ["COMPRESSION_ERROR"] },
    but: {
      nginx: {
        expects: { connection: ["FRAME_SIZE_ERROR"] },
        reason: "nginx says that the frame is too short for the field",
      },
    },
  },
  {
    says: "4.3: a PRIORITY frame within a field section is a connection error",
    sends: [
      frame([HEADERS, END_STREAM], 1, request()) +
        frame([PRIORITY, 0], 1, "\0\0\0\0\x10") +
        frame([CONTINUATION, END_HEADERS], 1),
    ],
    expects: { connection: ["PROTOCOL_ERROR"] },
  },
  {
    says: "4.3: another stream's HEADERS within a field section is a connection error",
    sends: [frame([HEADERS, END_STREAM], 1, request()) + get(3)],
    expects: { connection: ["PROTOCOL_ERROR"] },
  },
  {
    says: "5.5: a frame of an unknown type within a field section is a connection error",
    sends: [
      frame([HEADERS, END_STREAM], 1, request()) +
        frame([0xfe, 0], 0) +
        frame([CONTINUATION, END_HEADERS], 1),
    ],
    expects: { connection: ["PROTOCOL_ERROR"] },
  },
];

onEveryEngine("HTTP/2 connections and frames", http2App, (engine) => {
  test.each(CASES)("$says", async (tried) => {
    expect(await conform(engine, tried)).toBe(AS_EXPECTED);
  });

  test("3.4: the door's own preface is a SETTINGS frame, before anything else", async () => {
    const talk = await talkHttp2(engine);
    talk.say(`${PREFACE}${frame([SETTINGS, 0], 0)}`);
    await heardOut(talk);
    expect(talk.heard().charCodeAt(3)).toBe(SETTINGS);
    expect(seenIn(talk.heard()).acknowledged).toBe(1);
  });
});
