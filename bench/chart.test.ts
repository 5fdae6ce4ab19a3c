import { expect, test } from "vitest";
import { barChart } from "./chart.ts";

const bars = [
  { name: "a <b> & c", value: 100, isOurs: false },
  { name: "ours", value: 50, isOurs: true },
];

test("the longest bar takes the room there is, half the value half of it", () => {
  const widths = [...barChart("t", bars).matchAll(/<rect .*?width="([\d.]+)"/g)].map((m) => m[1]);
  expect(widths).toEqual(["430.0", "215.0"]);
});

test("names are text, whatever they hold", () => {
  const svg = barChart("t", bars);
  expect(svg).toContain("a &#60;b&#62; &#38; c");
  expect(svg).not.toContain("<b>");
});

test("says its numbers to those who do not see it", () => {
  expect(barChart("CPU", bars)).toContain('aria-label="CPU: a &#60;b&#62; &#38; c 100, ours 50"');
});
