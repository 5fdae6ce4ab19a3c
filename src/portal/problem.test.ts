import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Upstream } from "../model/target.ts";
import type { Problem } from "./needs.ts";
import { answerProblem, wantsHtml } from "./problem.ts";

const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const upstream: Upstream = { scheme: "http", host: "localhost", port: 3000, insecure: false };
const app = { name: "openhands", upstream };
const down: Problem = {
  status: 502,
  code: "APP_UNREACHABLE",
  blame: "app",
  id: "k3f9a2",
  app,
  why: "connection refused",
};
const unknownHost: Problem = { status: 421, code: "DOOR_UNKNOWN_HOST", blame: "visitor", id: "a1" };

/** What stands between the tags of the only `<tag>` of a page, or undefined. */
function inside(tag: string, page: string): string | undefined {
  return new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page)?.[1];
}

describe("who gets what", () => {
  test.each([
    ["a browser", BROWSER],
    ["a program that asks for a page", "text/html"],
    ["a program with odd spacing", "application/json;q=0.1 , TEXT/HTML ; q=0.9"],
  ])("%s gets a page", (_, accept) => {
    const { headers, body } = answerProblem(down, accept);
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(body).toMatch(/^<!doctype html><html lang="en">/);
  });

  test.each([
    ["curl", "*/*"],
    ["a script in a page", "application/json, text/plain, */*"],
    ["who does not say", undefined],
    ["who wants anything but a page", "text/html;q=0, */*"],
    ["a picture", "image/avif,image/webp,*/*;q=0.8"],
  ])("%s gets JSON", (_, accept) => {
    const { headers, body } = answerProblem(down, accept);
    expect(headers["content-type"]).toBe("application/json");
    expect(JSON.parse(body)).toEqual({
      error: {
        code: "APP_UNREACHABLE",
        message:
          "The door is open, looked for openhands at http://localhost:3000 and could not reach it: connection refused.",
        fix: "Is openhands running? Start it, or ask the machine the door runs on:\ngenkan status\ngenkan doctor openhands",
        id: "k3f9a2",
        app: { name: "openhands", upstream: "http://localhost:3000" },
      },
    });
  });

  test("a problem without an app names none", () => {
    expect(JSON.parse(answerProblem(unknownHost, "*/*").body).error).not.toHaveProperty("app");
  });

  test("no Accept without text/html gets a page", () => {
    const other = fc.string().filter((accept) => !accept.toLowerCase().includes("text/html"));
    fc.assert(
      fc.property(other, (accept) => {
        expect(wantsHtml(accept)).toBe(false);
      }),
    );
  });
});

describe("the page of an app that is down", () => {
  const { body, headers } = answerProblem(down, BROWSER);

  test("says which app, where it was looked for, why, what to do, and the id in the log", () => {
    for (const part of [
      "<title>openhands does not answer</title>",
      "<h1>openhands does not answer</h1>",
      "http://localhost:3000",
      "connection refused",
      "<code>genkan status</code>",
      "<code>genkan doctor openhands</code>",
      "<code>k3f9a2</code>",
      "502 APP_UNREACHABLE",
    ]) {
      expect(body).toContain(part);
    }
  });

  test("allows exactly the script and the style it brings, by their hashes", () => {
    const hash = (text = ""): string =>
      `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    const policy = headers["content-security-policy"] ?? "";
    const directives = policy.split("; ");
    expect(directives).toContain("default-src 'none'");
    expect(directives).toContain(`script-src ${hash(inside("script", body))}`);
    expect(directives).toContain(`style-src ${hash(inside("style", body))}`);
    expect(policy).not.toContain("unsafe");
  });

  test("reloads without JavaScript too", () => {
    expect(inside("noscript", body)).toBe('<meta http-equiv="refresh" content="5"/>');
  });

  test.each([
    ["an answer to POST", { ...down, method: "POST" }],
    ["an answer to HEAD", { ...down, method: "HEAD" }],
    ["an unknown name", unknownHost],
    ["a loop", { ...down, status: 508, code: "DOOR_LOOP" }],
    ["a busy door", { status: 503, code: "DOOR_BUSY", blame: "door" as const }],
  ])("does not reload for %s", (_, problem) => {
    const answer = answerProblem(problem, BROWSER);
    expect(answer.body).not.toMatch(/<script|http-equiv="refresh"/);
    expect(answer.headers["content-security-policy"]).not.toContain("script-src");
  });

  test.each([502, 503, 504])("reloads when an app answers GET with %i", (status) => {
    expect(answerProblem({ ...down, status, method: "GET" }, BROWSER).body).toContain("<script>");
  });
});

test.each(["APP_UNREACHABLE", "APP_SILENT", "APP_CLOSED", "APP_TLS", "APP_GARBAGE", "APP_NEW"])(
  "%s says what the door found, and why",
  (code) => {
    const { error } = JSON.parse(answerProblem({ ...down, code }, "*/*").body);
    expect(error.message).toMatch(
      /^The door is open, looked for openhands at http:\/\/localhost:3000 and .+: connection refused[.]$/,
    );
    expect(error.fix).toContain("genkan doctor openhands");
  },
);

test("the door's own failure is not laid at the app's feet", () => {
  const problem: Problem = { ...down, status: 500, blame: "door", why: "a secret of the inside" };
  const { body } = answerProblem(problem, BROWSER);
  expect(body).toContain("The door stumbled");
  expect(body).not.toContain("a secret of the inside");
});

test("a loop is explained with the way out of it", () => {
  const { body } = answerProblem({ ...down, status: 508, code: "DOOR_LOOP" }, BROWSER);
  expect(body).toContain("the door itself, so the request would go round for ever");
  expect(body).toContain("<code>genkan add openhands PORT</code>");
});

test("the page for an unknown name lists nothing", () => {
  const { body } = answerProblem(unknownHost, BROWSER);
  expect(body.match(/<(a|table|img|iframe|form)\b/g)).toBeNull();
  expect(body).not.toMatch(/[.]local|https?:\/\/(?!www[.]w3[.]org)/);
});

describe("every problem", () => {
  const statuses = [400, 403, 404, 405, 408, 413, 414, 417, 421, 429, 431, 500, 501, 503, 505, 418];
  const blames = ["visitor", "app", "door"] as const;
  const problems: Problem[] = [
    ...statuses.flatMap((status) => blames.map((blame) => ({ status, code: "ANY", blame }))),
    ...[500, 502, 503, 504, 508].map((status) => ({ ...down, status })),
    { status: 508, code: "DOOR_LOOP", blame: "door" },
  ];

  test.each(problems)("$status by the $blame has its words, for people and programs", (problem) => {
    const page = answerProblem(problem, BROWSER).body;
    const { error } = JSON.parse(answerProblem(problem, "*/*").body);
    expect(inside("h1", page)?.length).toBeGreaterThan(5);
    expect(inside("h1", page)).toBe(inside("title", page));
    expect(error.message).toMatch(/[.]$/);
    expect(error.fix.length).toBeGreaterThan(5);
  });

  test.each(problems)("$status by the $blame is kept by nobody and framed by nobody", (problem) => {
    for (const accept of [BROWSER, "*/*"]) {
      const { headers, body } = answerProblem(problem, accept);
      expect(headers).toMatchObject({
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "x-genkan-problem": problem.code,
        "content-length": String(Buffer.byteLength(body)),
      });
      expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    }
  });

  test("loads nothing from anywhere", () => {
    for (const problem of problems) {
      expect(answerProblem(problem, BROWSER).body).not.toMatch(/\b(src|href)="(?!data:)/);
    }
  });
});

test("no text can become markup, whoever it is from", () => {
  const tags = (page: string): number => page.split("<").length;
  const calm = tags(answerProblem(down, BROWSER).body);
  const nasty = fc.oneof(
    fc.string(),
    fc.constantFrom("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</style>"),
  );
  fc.assert(
    fc.property(nasty, nasty, (why, name) => {
      const { body } = answerProblem({ ...down, id: why, why, app: { name, upstream } }, BROWSER);
      expect(tags(body)).toBe(calm);
    }),
  );
});
