import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  answerFields,
  hasPassed,
  http2Fields,
  requestFields,
  trailerFields,
  without,
} from "./headers.ts";

const TOKEN = "genkan-a";

function sent(...headers: string[]): string[] {
  const sender = {
    headers,
    authority: "wiki.local",
    port: 443,
    connection: { address: "10.0.0.7" },
    identity: [],
  };
  return requestFields(sender, TOKEN);
}

const OURS = [
  "X-Forwarded-For",
  "10.0.0.7",
  "X-Forwarded-Proto",
  "https",
  "X-Forwarded-Host",
  "wiki.local",
  "X-Forwarded-Port",
  "443",
  "CDN-Loop",
  TOKEN,
];

describe("a request's fields", () => {
  test("begin with the host where the visitor's protocol has it elsewhere", () => {
    expect(sent("accept", "*/*")).toEqual(["host", "wiki.local", "accept", "*/*", ...OURS]);
  });

  test("keep the place of Host, with the authority that was decided", () => {
    expect(sent("A", "1", "Host", "WIKI.local", "B", "2")).toEqual([
      "A",
      "1",
      "Host",
      "wiki.local",
      "B",
      "2",
      ...OURS,
    ]);
  });

  test("hold one Cookie line, at the place of the first", () => {
    expect(sent("Host", "x", "cookie", "a=1", "b", "2", "cookie", "c=3")).toEqual([
      "Host",
      "wiki.local",
      "cookie",
      "a=1; c=3",
      "b",
      "2",
      ...OURS,
    ]);
  });

  test("never hold, in any spelling, what only the door may say", () => {
    const spelling = fc.constantFrom(
      "x-forwarded-for",
      "x-forwarded-proto",
      "x-forwarded-anything",
      "forwarded",
      "x-real-ip",
      "x-genkan-device",
      "connection",
      "transfer-encoding",
      "te",
      "upgrade",
      "content-length",
      "expect",
      "trailer",
      "keep-alive",
      "proxy",
      "proxy-authorization",
    );
    const written = fc.tuple(spelling, fc.infiniteStream(fc.constantFrom("-", "_", "up", "low")));
    fc.assert(
      fc.property(written, ([name, choices]) => {
        const [...letters] = name;
        const spelled = letters.map((letter) => {
          const choice = choices.next().value;
          if (letter === "-") return choice === "_" ? "_" : "-";
          return choice === "up" ? letter.toUpperCase() : letter;
        });
        expect(sent("Host", "x", spelled.join(""), "evil")).not.toContain("evil");
      }),
    );
  });

  test("lose what Connection names, in any of its lines, but not the host", () => {
    expect(
      sent(
        "Host",
        "x",
        "Connection",
        "a , B",
        "connection",
        "c, host",
        "A",
        "1",
        "b",
        "2",
        "C",
        "3",
        "D",
        "4",
      ),
    ).toEqual(["Host", "wiki.local", "D", "4", ...OURS]);
  });

  test("cannot lose what the door says by being named in Connection", () => {
    expect(sent("Host", "x", "Connection", "x-forwarded-for, cdn-loop")).toEqual([
      "Host",
      "wiki.local",
      ...OURS,
    ]);
  });
});

/** Fields as a stranger may write them: some about the connection, some named there, some neither. */
const HOP = [
  "Connection",
  "Keep-Alive",
  "Proxy-Connection",
  "Proxy-Authenticate",
  "Proxy-Authorization",
  "TE",
  "Transfer-Encoding",
  "Upgrade",
  "HTTP2-Settings",
];
const KEPT = ["Accept", "Set-Cookie", "X-A", "x-a", "ETag"];
const member = fc.constantFrom(...HOP, ...KEPT, "X-B", "close", "", "host", "content-length");
const connection = fc
  .array(member)
  .map((members): [string, string] => ["connection", members.join(" ,\t")]);
const other = fc.tuple(fc.constantFrom(...HOP.slice(1), ...KEPT, "X-B"), fc.string());
const written = fc.array(
  fc.oneof({ weight: 1, arbitrary: connection }, { weight: 4, arbitrary: other }),
);

/** What may pass of them: by the letter of RFC 9110 section 7.6.1. */
function passing(fields: readonly (readonly [string, string])[]): string[] {
  const lower = (text: string): string => text.toLowerCase();
  const named = fields
    .filter(([name]) => lower(name) === "connection")
    .flatMap(([, value]) => value.split(",").map((one) => lower(one.trim())));
  const gone = new Set([...HOP.map(lower), ...named]);
  return fields.filter(([name]) => !gone.has(lower(name))).flat();
}

test("whatever Connection lists, no field about the connection passes, and the rest keeps its order and its doubles", () => {
  fc.assert(
    fc.property(written, (fields) => {
      const rest = passing(fields);
      expect(sent("Host", "wiki.local", ...fields.flat())).toEqual([
        "Host",
        "wiki.local",
        ...rest,
        ...OURS,
      ]);
      expect(answerFields(fields.flat(), false)).toEqual(rest);
    }),
    { numRuns: 500 },
  );
});

describe("an answer's fields", () => {
  test("hold Trailer only where trailers can follow", () => {
    expect(answerFields(["Trailer", "X", "A", "1"], true)).toEqual(["Trailer", "X", "A", "1"]);
    expect(answerFields(["Trailer", "X", "A", "1"], false)).toEqual(["A", "1"]);
  });

  test("keep their length although Connection names it", () => {
    const fields = ["Connection", "content-length, x-a", "Content-Length", "5", "X-A", "1"];
    expect(answerFields(fields, false)).toEqual(["Content-Length", "5"]);
  });

  test("are not made pseudo-header fields by a colon", () => {
    expect(answerFields([":status", "200", "A", "1"], false)).toEqual(["A", "1"]);
  });

  test("become an object for HTTP/2 that holds every value, whatever its name", () => {
    const object = http2Fields([
      "Set-Cookie",
      "a",
      "set-cookie",
      "b",
      "SET-COOKIE",
      "c",
      "constructor",
      "x",
      "__proto__",
      "y",
    ]);
    expect(Object.entries(object)).toEqual([
      ["set-cookie", ["a", "b", "c"]],
      ["constructor", "x"],
      ["__proto__", "y"],
    ]);
  });
});

test("trailers carry nothing that frames, routes or signs in", () => {
  expect(
    trailerFields([
      "X-Sum",
      "1",
      "Content-Length",
      "5",
      "Host",
      "x",
      "Cookie",
      "x",
      "authorization",
      "x",
      "X_Forwarded_For",
      "x",
      "transfer-encoding",
      "x",
      ":path",
      "x",
    ]),
  ).toEqual(["X-Sum", "1"]);
});

test("fields are taken out by name, their values with them", () => {
  expect(without(["A", "b", "B", "a", "c", "a"], new Set(["a"]))).toEqual(["B", "a", "c", "a"]);
});

test("a door finds its own token among others, and no part of one", () => {
  expect(hasPassed(["cdn-loop", "x, genkan-a; v=1"], TOKEN)).toBe(true);
  expect(hasPassed(["CDN-Loop", "x", "CDN-Loop", "genkan-a"], TOKEN)).toBe(true);
  expect(hasPassed(["cdn-loop", "genkan-ab, agenkan-a, x; y=genkan-a"], TOKEN)).toBe(false);
  expect(hasPassed([], TOKEN)).toBe(false);
});
