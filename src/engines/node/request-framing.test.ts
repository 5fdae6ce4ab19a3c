import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { framingOf } from "./request-framing.ts";

describe("where a request's content ends", () => {
  test.each([
    [[], { length: undefined, isChunked: false }],
    [["Content-Length", "0"], { length: 0, isChunked: false }],
    [["content-length", "0012"], { length: 12, isChunked: false }],
    [["Transfer-Encoding", "Chunked"], { length: undefined, isChunked: true }],
  ])("%j is one reading", (headers, framing) => {
    expect(framingOf(headers, "http/1.1")).toEqual(framing);
  });

  test.each([
    [["content-length", "1", "content-length", "1"]],
    [["content-length", "-1"]],
    [["content-length", "1e3"]],
    [["content-length", ""]],
    [["content-length", "9999999999999999"]],
    [["transfer-encoding", "chunked", "content-length", "1"]],
    [["transfer-encoding", "gzip, chunked"]],
    [["transfer-encoding", "chunked", "transfer-encoding", "chunked"]],
    [["transfer-encoding", " chunked"]],
    [["transfer-encoding", ""]],
  ])("%j is none", (headers) => {
    expect(framingOf(headers, "http/1.1")).toBeTypeOf("string");
  });

  test("chunks belong to HTTP/1.1 alone", () => {
    expect(framingOf(["transfer-encoding", "chunked"], "http/1.0")).toBeTypeOf("string");
    expect(framingOf(["transfer-encoding", "chunked"], "h2")).toBeTypeOf("string");
  });

  test("is told in one field, or in none, of those that are believed", () => {
    const name = fc.constantFrom(
      "Content-Length",
      "content-length",
      "Transfer-Encoding",
      "TE",
      "X",
    );
    const value = fc.oneof(
      fc.constantFrom("chunked", "Chunked", "x, chunked", " chunked", "identity", ""),
      fc.constantFrom("0", "5", "05", "+5", "5, 5", "0x5", "5 ", "-1", "1e1"),
      fc.nat().map(String),
    );
    const protocol = fc.constantFrom("http/1.1", "http/1.0", "h2");
    const fields = fc.array(fc.tuple(name, value), { maxLength: 4 });
    fc.assert(
      fc.property(fields, protocol, (written, spoken) => {
        const framing = framingOf(written.flat(), spoken);
        if (typeof framing === "string") return;
        const about = written.filter(([field]) =>
          /^(?:content-length|transfer-encoding)$/i.test(field),
        );
        expect(about.length).toBeLessThanOrEqual(1);
        expect(framing.isChunked && framing.length !== undefined).toBe(false);
        expect(framing.isChunked).toBe(about[0]?.[1].toLowerCase() === "chunked");
        const isSame = framing.length === undefined || framing.length === Number(about[0]?.[1]);
        expect(isSame).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
