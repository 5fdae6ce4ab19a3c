/*
 * Writes the pages of docs/ that are made from the source: npm run docs
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { docPages } from "./docs-pages.ts";

const docs = join(import.meta.dirname, "../docs");
mkdirSync(docs, { recursive: true });
for (const { name, text } of await docPages()) {
  writeFileSync(join(docs, name), text);
  console.log(`docs/${name}`);
}
