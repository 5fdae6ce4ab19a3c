import { expect, test } from "vitest";
import { lineOf, reportOf } from "./report.ts";

const problem = { line: 8, column: 5, path: ["apps", "wiki", "hosts", 1], says: "It is odd." };

test("a problem is one line that editors and terminals can open", () => {
  expect(lineOf("/home/ada/genkan.yaml", problem)).toBe(
    "genkan.yaml:8:5 apps.wiki.hosts[1]: It is odd.",
  );
  expect(lineOf("genkan.yaml", { ...problem, path: [] })).toBe("genkan.yaml:8:5 It is odd.");
});

test("a key that is no plain word stands in quotes", () => {
  const path = ["apps", "my app", 0, "x.y"];
  expect(lineOf("genkan.yaml", { ...problem, path })).toContain('apps."my app"[0]."x.y": ');
});

test("a key cannot speak to the terminal or fill the screen", () => {
  const line = lineOf("genkan.yaml", { ...problem, path: [`\u001b[2J\n${"x".repeat(9999)}`] });
  expect(line.length).toBeLessThanOrEqual(600);
  expect(line).not.toMatch(/\p{Cc}/u);
});

test("the report says how many there are, and shows the first twenty", () => {
  expect(reportOf("/etc/genkan.yaml", [problem])).toBe(
    "/etc/genkan.yaml has one problem:\n  genkan.yaml:8:5 apps.wiki.hosts[1]: It is odd.",
  );
  const report = reportOf("/etc/genkan.yaml", Array<typeof problem>(23).fill(problem)).split("\n");
  expect(report).toHaveLength(22);
  expect(report[0]).toBe("/etc/genkan.yaml has 23 problems:");
  expect(report[21]).toBe("  ... and 3 more");
});
