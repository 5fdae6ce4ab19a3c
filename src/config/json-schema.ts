/*
 * The schema in the forms that others read: JSON Schema for editors, a table for people. Pure;
 * scripts/write-docs.ts writes both into docs/, and a test tells when they are out of step.
 */
import * as z from "zod";
import { appSchema, configSchema, dnsSchema } from "./schema.ts";

/** The part of JSON Schema (draft 2020-12) that the table reads, as zod writes it for our keys. */
interface Described {
  readonly type: string;
  readonly description: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Described[];
}

interface Block {
  readonly properties: Readonly<Record<string, Described>>;
  readonly required?: readonly string[];
}

const AS_WRITTEN = { io: "input", target: "draft-2020-12" } as const;

/** What a person may write, as JSON Schema: defaults are optional, short forms are there. */
export function configJsonSchema(): z.core.JSONSchema.JSONSchema {
  return z.toJSONSchema(configSchema, AS_WRITTEN);
}

/** The text of docs/config.schema.json. */
export function configSchemaText(): string {
  return `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`;
}

/** The text of docs/config.md. */
export function configReferenceText(): string {
  return [
    "# Configuration",
    "",
    "`genkan.yaml`, in the folder that `genkan status` names. A file that is absent or empty is the configuration without apps; every key may be left out unless it says otherwise. `genkan add` and `genkan remove` change the file and keep your comments.",
    "",
    "```yaml",
    ...EXAMPLE,
    "```",
    "",
    "Only plain YAML is read: no aliases (`*name`), merge keys (`<<`) or tags (`!name`). Editors that know the JSON Schema in [config.schema.json](config.schema.json) complete the keys and show mistakes as you type.",
    "",
    "## Keys",
    "",
    ...tableOf(configSchema),
    "",
    "## Keys of an app",
    "",
    ...tableOf(appSchema),
    "",
    "## Keys of dns",
    "",
    ...tableOf(dnsSchema),
    "",
  ].join("\n");
}

const EXAMPLE = [
  "version: 1",
  "domains: [yourdomain.example]",
  "apps:",
  "  wiki: 8080 # short form: just the target",
  "  openhands:",
  "    target: 3000",
  "    hosts: [openhands.yourdomain.local]",
  "  nas:",
  "    target: https://nas:8443",
  "    insecure: true",
];

function tableOf(schema: z.core.$ZodType): string[] {
  const block = z.toJSONSchema(schema, AS_WRITTEN) as unknown as Block; // zod writes objects so
  const rows = Object.entries(block.properties).map(([key, value]) => {
    const missing = block.required?.includes(key) ? "must be there" : withoutIt(value.default);
    return `| \`${key}\` | ${takes(value)} | ${missing} | ${value.description} |`;
  });
  return ["| key | takes | without it | what it is for |", "| --- | --- | --- | --- |", ...rows];
}

function withoutIt(value: unknown): string {
  return value === undefined ? "" : `\`${JSON.stringify(value)}\``;
}

function takes({ type, anyOf, enum: words, const: word }: Described): string {
  if (anyOf) return anyOf.map(takes).join(" or ");
  if (words) return words.map((one) => `\`${String(one)}\``).join(" or ");
  return word === undefined ? String(FORMS[type]) : `\`${JSON.stringify(word)}\``;
}

const FORMS: Readonly<Record<string, string>> = {
  integer: "a number from 1 to 65535",
  string: "text",
  boolean: "`true` or `false`",
  array: "a list",
  object: "a block",
  null: "nothing",
};
