import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { docPages } from "../../scripts/docs-pages.ts";

const repo = join(import.meta.dirname, "../..");
const pages = await docPages();
const readDoc = (name: string): string => {
  const path = join(repo, "docs", name);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
};

/** Everything in src/ that matches, from files of one name. */
function inSources(name: string, pattern: RegExp): string[] {
  return readdirSync(join(repo, "src"), { recursive: true })
    .map(String)
    .filter((path) => path.endsWith(`/${name}`) && !path.startsWith("kernel/"))
    .flatMap((path) => [...readFileSync(join(repo, "src", path), "utf8").matchAll(pattern)])
    .map((found) => found[1] ?? "")
    .sort();
}

const inDoc = (name: string, pattern: RegExp): string[] =>
  [...readDoc(name).matchAll(pattern)].map((found) => found[1] ?? "").sort();

describe("what is documented is what there is", () => {
  test("every error code, and no other", () => {
    const codes = inSources("errors.ts", /^ {2}([A-Z][A-Z0-9_]+): \{/gm);
    expect(inDoc("errors.md", /^### (\w+)$/gm)).toEqual(codes);
    expect(new Set(codes).size).toBe(codes.length);
  });

  test("every check, and no other", () => {
    const ids = inSources("checks.ts", /\bid: "([a-z0-9-]+[.][a-z0-9.-]+)"/g);
    expect(inDoc("checks.md", /^\| `([a-z0-9.-]+)` \|/gm)).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("every code a visitor may read, and no other", () => {
    const codes = readdirSync(join(repo, "src"), { recursive: true })
      .map(String)
      .filter((path) => /^((engines|portal)\/.*|daemon\/admission)(?<![.]test)[.]tsx?$/.test(path))
      .flatMap((path) => [
        ...readFileSync(join(repo, "src", path), "utf8").matchAll(
          /"((?:DOOR|APP|PORTAL)_[A-Z_]+)"/g,
        ),
      ])
      .map((found) => found[1] ?? "");
    expect(inDoc("pages.md", /^\| `(\w+)` +\|/gm)).toEqual([...new Set(codes)].sort());
  });

  test.each(pages)("docs/$name is what `npm run docs` writes", ({ name, text }) => {
    expect(readDoc(name)).toBe(text);
  });
});
