import { expect, test } from "vitest";
import { type CheckResult, reportOf } from "./report.ts";
import { reportJson } from "./report-json.ts";
import { reportText } from "./report-text.ts";

const well: CheckResult = {
  id: "platform.node",
  title: "This Node receives security fixes",
  outcome: { state: "well", note: "v26.1.0" },
};
const plain: CheckResult = { id: "a", title: "The clock is right", outcome: { state: "well" } };
const broken: CheckResult = {
  id: "trust.system-store",
  title: "This computer trusts the door",
  outcome: {
    state: "unwell",
    severity: "high",
    says: "The root is not in this computer's store.",
    fix: { says: "Install it.", command: "genkan trust" },
  },
};
const alsoBroken: CheckResult = {
  id: "app.wiki",
  title: "wiki answers",
  outcome: {
    state: "unwell",
    severity: "high",
    says: "Nothing listens on port 3000.",
    fix: { says: "Start wiki:\n  docker start wiki" },
  },
};
const old: CheckResult = {
  id: "pki.age",
  title: "The authority is young",
  outcome: {
    state: "unwell",
    severity: "low",
    says: "It ends in a month.",
    fix: { says: "Renew it." },
  },
};
const unclear: CheckResult = {
  id: "trust.java",
  title: "Java trusts the door",
  outcome: { state: "unknown", why: "keytool did not answer (PROGRAM_FAILED)" },
};
const skipped: CheckResult = {
  id: "trust.page",
  title: "The page is green",
  outcome: { state: "skipped", because: "trust.system-store" },
};
const everything = reportOf([well, plain, broken, skipped, alsoBroken, old, unclear]);

test("the cause and its fix come first, then everything that was looked at", () => {
  expect(reportText(everything)).toMatchInlineSnapshot(`
    "2 things to fix, this one first: The root is not in this computer's store. [trust.system-store]
      Install it.
        genkan trust

      ok               This Node receives security fixes (v26.1.0)
      ok               The clock is right
      FIX              The root is not in this computer's store. [trust.system-store]
      not checked      The page is green: first trust.system-store must be well [trust.page]
      FIX              Nothing listens on port 3000. [app.wiki]
                       Start wiki:
                         docker start wiki
      could be better  It ends in a month. [pki.age]
                       Renew it.
      not checked      Java trusts the door: keytool did not answer (PROGRAM_FAILED) [trust.java]
    "
  `);
});

test("one thing to fix is told as one", () => {
  expect(reportText(reportOf([well, broken]))).toMatchInlineSnapshot(`
    "1 thing to fix: The root is not in this computer's store. [trust.system-store]
      Install it.
        genkan trust

      ok   This Node receives security fixes (v26.1.0)
      FIX  The root is not in this computer's store. [trust.system-store]
    "
  `);
});

test.each([
  [[well, plain], "Nothing to fix."],
  [[well, old], "Nothing to fix; 1 thing could be better."],
  [
    [old, old, unclear],
    "Nothing to fix; 2 things could be better; 1 thing could not be looked at.",
  ],
  [[], "Nothing to fix."],
])("without a broken thing the first line says so", (results, headline) => {
  expect(reportText(reportOf(results)).split("\n")[0]).toBe(headline);
});

test("our own words are plain ASCII", () => {
  expect(reportText(everything)).toMatch(/^[\n -~]*$/);
});

test("what an app or a program said cannot play tricks on the terminal", () => {
  const says = "It said \u001b[2J\u001b]0;all is well\u0007\nok  fine \u202egnp";
  const fix = { says: "Do\r\u001b[1A this.", command: "genkan\u0007 stop" };
  const hostile: CheckResult = {
    ...broken,
    outcome: { state: "unwell", severity: "high", says, fix },
  };
  const sly: CheckResult = { ...unclear, outcome: { state: "unknown", why: "\u009b31mred" } };
  const noted: CheckResult = { ...well, outcome: { state: "well", note: "\u001b[8mhidden" } };
  const text = reportText(reportOf([hostile, sly, noted]));
  expect(text).toMatch(/^[\n -~]*$/);
  expect(text.split("\n")[0]).toBe(
    "1 thing to fix: It said [2J ]0;all is well ok  fine gnp [trust.system-store]",
  );
});

test("the JSON shape is a promise", () => {
  expect(reportJson(everything)).toMatchInlineSnapshot(`
    {
      "cause": "trust.system-store",
      "checks": [
        {
          "id": "platform.node",
          "note": "v26.1.0",
          "state": "well",
          "title": "This Node receives security fixes",
        },
        {
          "id": "a",
          "state": "well",
          "title": "The clock is right",
        },
        {
          "fix": {
            "command": "genkan trust",
            "says": "Install it.",
          },
          "id": "trust.system-store",
          "says": "The root is not in this computer's store.",
          "severity": "high",
          "state": "unwell",
          "title": "This computer trusts the door",
        },
        {
          "because": "trust.system-store",
          "id": "trust.page",
          "state": "skipped",
          "title": "The page is green",
        },
        {
          "fix": {
            "says": "Start wiki:
      docker start wiki",
          },
          "id": "app.wiki",
          "says": "Nothing listens on port 3000.",
          "severity": "high",
          "state": "unwell",
          "title": "wiki answers",
        },
        {
          "fix": {
            "says": "Renew it.",
          },
          "id": "pki.age",
          "says": "It ends in a month.",
          "severity": "low",
          "state": "unwell",
          "title": "The authority is young",
        },
        {
          "id": "trust.java",
          "state": "unknown",
          "title": "Java trusts the door",
          "why": "keytool did not answer (PROGRAM_FAILED)",
        },
      ],
      "ok": false,
      "version": 1,
    }
  `);
  expect(reportJson(reportOf([plain]))).toEqual({
    version: 1,
    ok: true,
    cause: null,
    checks: [{ id: "a", title: "The clock is right", state: "well" }],
  });
});
