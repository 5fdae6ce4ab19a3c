import { expect, test } from "vitest";
import { runsCode } from "./runs-code.ts";

test.each(["openhands", "openhands-2", "my-jupyter", "code-server", "lab-code-server-old"])(
  "%s is known to run what its visitor types",
  (name) => {
    expect(runsCode(name)).toBe(true);
  },
);

test.each(["wiki", "hello", "openhandsome", "code", "server", "unjupyter"])(
  "of %s nothing is known",
  (name) => {
    expect(runsCode(name)).toBe(false);
  },
);
