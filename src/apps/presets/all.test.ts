import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PRESETS } from "../../model/preset.ts";
import { ALL_PRESETS, presetOf, titleOf } from "./all.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../../docs/apps.md"), "utf8");
const AT = { origin: "https://NAME.local", hosts: ["NAME.local"], access: "household" } as const;

test.each(PRESETS)("%s, which may be written in genkan.yaml, is known", (name) => {
  expect(presetOf(name)?.name).toBe(name.replace(/@.*/, ""));
  expect(titleOf(name)).toMatch(/^(?:[A-Z]|n8n|code-server)/);
});

test.each(ALL_PRESETS)("docs/apps.md says of $name what is known of it", (preset) => {
  const section = PAGE.split(/^## /m).find((text) => text.startsWith(preset.title)) ?? "";
  expect(section).toContain(`\`preset: ${preset.name}`);
  for (const path of preset.webSockets) expect(section).toContain(`\`${path}\``);
  for (const port of preset.ports) expect(section).toContain(String(port));
  expect(/runs (?:code|programs)/.test(section)).toBe(preset.runsCode);
});

test("every remedy says what to do and where", () => {
  for (const { traps } of ALL_PRESETS) {
    for (const { says, remedy } of traps) {
      expect(says).toMatch(/^[A-Z].*\.$|^(?:n8n|git)\b.*\.$/);
      expect(remedy(AT)).toMatch(/^[A-Z][a-z]+ /);
    }
  }
});
