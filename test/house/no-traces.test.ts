import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const repo = join(import.meta.dirname, "../..");

/** What is part of the project: known to git, or about to be; elsewhere (a tarball) there is no list. */
function trackedFiles(): string[] {
  if (!existsSync(join(repo, ".git"))) return [];
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const out = execFileSync("git", ["-c", "safe.directory=*", ...args], {
    cwd: repo,
    encoding: "utf8",
  });
  return out.split("\0").filter((path) => path !== "" && existsSync(join(repo, path)));
}

const texts = trackedFiles()
  .filter((path) => !/[.](png|ico|gz)$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(repo, path), "utf8") }));

/** Lines of the project that hold what they should not. */
function linesWith(pattern: RegExp): string[] {
  return texts.flatMap(({ path, text }) =>
    text
      .split("\n")
      .map((line, at) => ({ line, where: `${path}:${at + 1}` }))
      .filter(({ line }) => pattern.test(line))
      .map(({ line, where }) => `${where}: ${line.trim().slice(0, 120)}`),
  );
}

// Written in pieces, so that this file does not hold what it looks for.
test.each([
  ["the folder it was built in", new RegExp(["", "work", "(main|shared)"].join("/"))],
  ["a job's temporary folder", new RegExp(["/tmp", "(bash_jobs|brief|n26)"].join("/"))],
  [
    "a package registry",
    new RegExp(["registry[.]npm", "js[.]org|registry[.]yarn", "pkg"].join("")),
  ],
  ["where a package was fetched from", new RegExp(`"resol${"ved"}": "https?:`)],
])("no file names %s", (_, pattern) => {
  expect(linesWith(pattern)).toEqual([]);
});

test("the lock file pins every package by its hash", () => {
  const lock = JSON.parse(readFileSync(join(repo, "package-lock.json"), "utf8"));
  const unpinned = Object.entries<{ integrity?: string; link?: boolean; inBundle?: boolean }>(
    lock.packages,
  )
    .filter(([path, entry]) => path !== "" && !entry.link && !entry.inBundle && !entry.integrity)
    .map(([path]) => path);
  expect(unpinned).toEqual([]);
});
