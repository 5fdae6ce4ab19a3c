import { decode, encode } from "dns-packet";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerTo } from "./answer.ts";
import {
  type AddressRecord,
  type Message,
  readMessage,
  recordsFor,
  writeAnnouncement,
  writeLegacyReply,
  writeProbe,
  writeReply,
} from "./packet.ts";

const RECORDS = recordsFor("hello.local", ["10.0.0.1", "fd12::1"]);

function read(bytes: Uint8Array): Message {
  const message = readMessage(bytes);
  if (!message) throw new Error("not read");
  return message;
}

function recordsOf(name: string): readonly AddressRecord[] | undefined {
  return name === "hello.local" ? RECORDS : undefined;
}

function asks(name: string, type: string, answers: object[] = []): Message {
  const questions = [{ name, type: type as "A", class: "IN" as const }];
  return read(encode({ type: "query", id: 7, questions, answers: answers as [] }));
}

describe("messages of strangers", () => {
  test("never throw, whatever their bytes", () => {
    const good = writeAnnouncement(RECORDS);
    const any = fc.uint8Array({ maxLength: 600 });
    const broken = fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, byte]) => {
      const bytes = Buffer.from(good);
      bytes[at] = byte;
      return bytes;
    });
    const property = fc.property(fc.oneof(any, broken), (bytes) => void readMessage(bytes));
    expect(() => fc.assert(property, { numRuns: 500 })).not.toThrow();
  });

  test("that are longer than any may be are not read", () => {
    expect(readMessage(Buffer.alloc(9001))).toBeUndefined();
  });

  test("are read in one spelling", () => {
    const data = "FD12:0:0::0001";
    const bytes = encode({
      type: "response",
      answers: [{ name: "HELLO.Local", type: "AAAA", ttl: 120, data }],
    });
    expect(read(bytes).answers).toEqual([{ name: "hello.local", data: "fd12::1", ttl: 120 }]);
  });

  test("that make the name an alias are claims, without the stranger's words", () => {
    const data = "evil\u001b[2J.local";
    const bytes = encode({
      type: "response",
      answers: [{ name: "hello.local", type: "CNAME", data }],
    });
    expect(read(bytes).answers).toMatchObject([{ name: "hello.local", data: "another name" }]);
  });
});

test("a probe asks for everything and says what it wants (RFC 6762 section 8.1)", () => {
  expect(decode(writeProbe(RECORDS))).toMatchObject({
    type: "query",
    questions: [{ name: "hello.local", type: "ANY" }],
    authorities: [
      { type: "A", data: "10.0.0.1" },
      { type: "AAAA", data: "fd12::1" },
    ],
  });
});

test("an announcement replaces what was known before; a goodbye ends it (section 10)", () => {
  expect(decode(writeAnnouncement(RECORDS)).answers).toMatchObject([
    { flush: true, ttl: 120 },
    { flush: true, ttl: 120 },
  ]);
  expect(decode(writeAnnouncement(RECORDS, 0)).answers).toMatchObject([{ ttl: 0 }, { ttl: 0 }]);
});

describe("an answer", () => {
  test("gives the records of the type, and the other kind along with them", () => {
    expect(answerTo(asks("hello.local", "A"), recordsOf)).toEqual({
      answers: [RECORDS[0]],
      denied: [],
      additionals: [RECORDS[1]],
    });
  });

  test("is not given for names of others", () => {
    expect(answerTo(asks("other.local", "A"), recordsOf)).toBeUndefined();
  });

  test("says so where a name has no records of the type (section 6.1)", () => {
    const reply = answerTo(asks("hello.local", "HTTPS"), recordsOf);
    expect(reply?.denied).toEqual(["hello.local"]);
    expect(decode(writeReply(reply!, () => ["A", "AAAA"])).answers).toMatchObject([
      { type: "NSEC", flush: true, data: { nextDomain: "hello.local", rrtypes: ["A", "AAAA"] } },
    ]);
  });

  test.each([
    [60, true],
    [59, false],
  ])("is not given to who knows it for another %i s: %s (section 7.1)", (ttl, isKnown) => {
    const known = { name: "hello.local", type: "A", ttl, data: "10.0.0.1" };
    const reply = answerTo(asks("hello.local", "A", [known]), recordsOf);
    expect(reply === undefined).toBe(isKnown);
  });

  test("to plain DNS has its id and question, a short life and no bit it does not know (section 6.7)", () => {
    const query = asks("hello.local", "A");
    const reply = answerTo(query, recordsOf);
    const written = decode(writeLegacyReply(query, reply!));
    expect(written).toMatchObject({ id: 7, questions: [{ name: "hello.local", type: "A" }] });
    expect(written.answers).toMatchObject([{ ttl: 10, flush: false, data: "10.0.0.1" }]);
  });
});
