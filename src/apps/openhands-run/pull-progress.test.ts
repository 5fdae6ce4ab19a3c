import { expect, test } from "vitest";
import type { PullProgress } from "./needs.ts";
import { progressText, pullProgress } from "./pull-progress.ts";

test("the lines of all layers become one", () => {
  const told: PullProgress[] = [];
  const take = pullProgress((progress) => told.push(progress));
  const [a, b] = ["aaaaaaaaaaaa", "bbbbbbbbbbbb"];
  take({ status: "Pulling from openhands/agent-canvas", id: "1.20.0" });
  take({ status: "Already exists", id: a });
  take({ status: "Downloading", id: b, progressDetail: { current: 40e6, total: 100e6 } });
  expect(progressText(told.at(-1)!)).toBe("1 of 2 layers, 40 MB of 100 MB");
  take({ status: "Download complete", id: b });
  take({ status: "Extracting", id: b, progressDetail: { current: 1, total: 250e6 } });
  expect(progressText(told.at(-1)!)).toBe("1 of 2 layers, 100 MB of 100 MB");
  take({ status: "Pull complete", id: b });
  expect(told.at(-1)).toEqual({ layers: 2, done: 2, bytes: 100e6, total: 100e6 });
  expect(told).toHaveLength(5);
});
