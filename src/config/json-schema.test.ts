import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { configJsonSchema, configReferenceText, configSchemaText } from "./json-schema.ts";
import { KNOWN_KEYS } from "./schema.ts";

const docs = join(import.meta.dirname, "../../docs");

test.each([
  ["config.schema.json", configSchemaText],
  ["config.md", configReferenceText],
])("docs/%s says what the schema says (if not: npm run docs)", (name, text) => {
  expect(readFileSync(join(docs, name), "utf8"), "run npm run docs").toBe(text());
});

test("editors are told of every key, of short forms, and that nothing else is allowed", () => {
  expect(configJsonSchema()).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    additionalProperties: false,
    properties: {
      https_port: { type: "integer", minimum: 1, maximum: 65535 },
      apps: { anyOf: [{ additionalProperties: { anyOf: [{}, { type: "string" }, {}] } }, {}] },
    },
  });
  expect(configJsonSchema()).not.toHaveProperty("required");
});

test("the table has every key and a sentence for each", () => {
  const rows = configReferenceText()
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  expect(rows.map((row) => /`(.+?)`/.exec(row)?.[1])).toEqual([
    ...KNOWN_KEYS.top,
    ...KNOWN_KEYS.app,
    ...KNOWN_KEYS.dns,
  ]);
  for (const row of rows) expect(row).toMatch(/ \| [A-Z`].+\. \|$/);
});
