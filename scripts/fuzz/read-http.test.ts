import { describe, expect, test } from "vitest";
import { readAnswers, readRequests } from "./read-http.ts";

const HOST = "Host: a\r\n";
const NEXT = `GET /next HTTP/1.1\r\n${HOST}\r\n`;
const targets = (text: string): string[] =>
  readRequests(text).messages.map(({ start: [, target] }) => target);

describe("the last request of a connection", () => {
  test.each([
    ["Connection: close\r\n"],
    ["Connection: keep-alive ,\tClose\r\n"],
    ["Connection: a\r\nConnection: close\r\n"],
  ])("is told by %j", (fields) => {
    expect(targets(`GET / HTTP/1.1\r\n${HOST}${fields}\r\n${NEXT}`)).toEqual(["/"]);
  });

  test.each([[""], ["Connection: a close\r\n"], ["Connection: closed\r\n"], ["X: close\r\n"]])(
    "is not told by %j",
    (fields) => {
      expect(targets(`GET / HTTP/1.1\r\n${HOST}${fields}\r\n${NEXT}`)).toEqual(["/", "/next"]);
    },
  );

  test("is the only one in HTTP/1.0, unless it says keep-alive", () => {
    expect(targets(`GET / HTTP/1.0\r\n\r\n${NEXT}`)).toEqual(["/"]);
    expect(targets(`GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n${NEXT}`)).toHaveLength(2);
  });
});

test.each([
  ["a length and chunks", "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"],
  ["two lengths", "Content-Length: 0\r\nContent-Length: 0\r\n"],
  ["a coding beside chunked", "Transfer-Encoding: x, chunked\r\n"],
  ["a folded field", "A: b\r\n c\r\n"],
  ["a blank before the colon", "A : b\r\n"],
  ["LF alone", "A: b\nB: c\r\n"],
  ["a second Host", HOST],
])("a request with %s has no meaning", (_what, fields) => {
  const { messages, malformed } = readRequests(`POST / HTTP/1.1\r\n${HOST}${fields}\r\n`);
  expect(messages).toEqual([]);
  expect(malformed).not.toBe("");
});

test("chunks are read up to the first that is none", () => {
  const chunked = `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`;
  const [whole] = readRequests(`${chunked}2;a="b"\r\nok\r\n0\r\nX-T: t\r\n\r\n`).messages;
  expect(whole).toMatchObject({ body: "ok", ending: "whole", trailers: [["X-T", "t"]] });
  const broken = readRequests(`${chunked}2\r\nok\r\n2\nno\r\n0\r\n\r\n${NEXT}`).messages;
  expect(broken).toMatchObject([{ body: "ok", ending: "partial" }]);
});

test("answers end by what was asked and what they say", () => {
  const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
  const hint = "HTTP/1.1 103 Early Hints\r\n\r\n";
  const text = `${ok}${hint}${ok}ok${"HTTP/1.1 204 No Content\r\n\r\n"}`;
  const { messages, malformed } = readAnswers(text, ["HEAD", "GET", "GET"]);
  expect(messages.map(({ start: [, status], body }) => [status, body])).toEqual([
    ["200", ""],
    ["103", ""],
    ["200", "ok"],
    ["204", ""],
  ]);
  expect(malformed).toBe("");
  expect(readAnswers("HTTP/1.1 200 OK\r\n\r\nall", ["GET"]).messages).toMatchObject([
    { body: "all", ending: "endless" },
  ]);
});
