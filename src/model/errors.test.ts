import { expect, test } from "vitest";
import { modelErrors } from "./errors.ts";

test("without a better domain the name itself is what a new authority would be made for", () => {
  const error = modelErrors.NAME_OUT_OF_SCOPE({ host: "wiki.example", scope: ["local"] });
  expect(error.fix).toMatch(/--domain wiki\.example$/);
});
