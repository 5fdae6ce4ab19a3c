/*
 * The pages of docs/ that are made from the source, as texts: every error with its words, every
 * check, the configuration, what engines do. write-docs.ts writes them; test/house/docs.test.ts compares them.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { configReferenceText, configSchemaText } from "../src/config/json-schema.ts";
import type { GenkanError } from "../src/kernel/errors.ts";
import { CONTRACT } from "../test/contract/engine.case.ts";
import { NGINX_GAPS, NODE_GAPS } from "../test/contract/gaps.ts";
import { enginesPage } from "./engines-page.ts";

const src = join(import.meta.dirname, "../src");

export interface DocPage {
  /** Below docs/. */
  readonly name: string;
  readonly text: string;
}

export async function docPages(): Promise<DocPage[]> {
  return [
    { name: "errors.md", text: await errorsPage() },
    { name: "checks.md", text: checksPage() },
    { name: "config.md", text: configReferenceText() },
    { name: "config.schema.json", text: configSchemaText() },
    { name: "engines.md", text: enginesPage(CONTRACT, { node: NODE_GAPS, nginx: NGINX_GAPS }) },
  ];
}

/** `src/<folder>/<name>` of every folder that has one, in order. */
function sourcesNamed(name: string): { folder: string; path: string; text: string }[] {
  return readdirSync(src, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith(`/${name}`) && !path.startsWith("kernel/"))
    .sort()
    .map((path) => ({ folder: path.slice(0, -name.length - 1), path: join(src, path) }))
    .map((source) => ({ ...source, text: readFileSync(source.path, "utf8") }));
}

type Maker = (values: object) => GenkanError;

async function errorsPage(): Promise<string> {
  const sections: string[] = [];
  for (const { folder, path, text } of sourcesNamed("errors.ts")) {
    const exported = Object.values(await import(pathToFileURL(path).href));
    const makers = exported.flatMap((catalogue) =>
      typeof catalogue === "object" && catalogue !== null ? Object.entries(catalogue) : [],
    );
    const entries = makers.map(([code, make]) => errorEntry(code, make as Maker, text));
    sections.push(`## ${folder}\n\n${entries.join("\n")}`);
  }
  return `# Errors

Every trouble Genkan can tell you about, by its code. Words in capitals stand for what it was about.
The exit code is 1 where nothing else is said, and 2 where something impossible was asked for.

${sections.join("\n")}`;
}

function errorEntry(code: string, make: Maker, source: string): string {
  const { message, fix, exit } = exampleOf(make, source);
  const ends = exit === 1 ? "" : `\nExit code ${exit}.\n`;
  return `### ${code}\n\n${message}\n\n> ${fix.replaceAll("\n", "\n> ")}\n${ends}`;
}

/** An error whose values are their own names: `PATH cannot be written: WHY.` */
function exampleOf(make: Maker, source: string): GenkanError {
  try {
    return make(named(() => false));
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
    // It joins or maps a value: then its lists are lists.
    return make(named((key) => new RegExp(`\\b${key}: readonly string\\[\\]`).test(source)));
  }
}

function named(isList: (key: string) => boolean): object {
  const value = (key: string): string => key.replaceAll(/[A-Z]/g, "_$&").toUpperCase();
  return new Proxy(
    {},
    { get: (_, key) => (isList(String(key)) ? [value(String(key))] : value(String(key))) },
  );
}

function checksPage(): string {
  const sections = sourcesNamed("checks.ts").map(({ folder, text }) => {
    const checks = [...text.matchAll(/\bid: "([a-z0-9.-]+)",\s*title:\s*"([^"]+)"/g)];
    const rows = checks.map(([, id, title]) => `| \`${id}\` | ${title} |`);
    return `## ${folder}\n\n| check | all is well when |\n| --- | --- |\n${rows.join("\n")}\n`;
  });
  return `# Checks

What \`genkan doctor\` looks at. A check changes nothing; one whose cause is already known is not asked. Only with
\`--deep\` does one begin something, a conversation, which it deletes.

${sections.join("\n")}`;
}
