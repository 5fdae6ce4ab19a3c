import { expect, test } from "vitest";
import { BASE, sectionText } from "./report.ts";
import { Results } from "./results.ts";

const columns = [{ title: "cost", format: (n: number) => `${n} us`, ratioTo: "cost" }];
const section = { title: "Cost", text: "What it costs.", columns };

test("shows the median of the rounds and its ratio to the article's nginx", () => {
  const results = new Results();
  for (const value of [90, 100, 500]) results.add("cost", BASE, value);
  for (const value of [40, 60]) results.add("cost", "Other", value);
  const lines = sectionText(section, results, [BASE, "Other"]).split("\n");
  expect(lines.slice(6)).toEqual([
    "| nginx, the article's | 100 us (1.00 x) |",
    "| Other                | 50 us (0.50 x)  |",
    "",
  ]);
});

test("leaves out who was not measured, and tells what somebody could not do", () => {
  const results = new Results();
  results.say("cost", "Other", "refused (413)");
  const text = sectionText(section, results, [BASE, "Other"]);
  expect(text).toContain("| Other | refused (413) |");
  expect(text).not.toContain(BASE);
});

test("a section nobody was measured for is left out", () => {
  expect(sectionText(section, new Results(), [BASE])).toBe("");
});
