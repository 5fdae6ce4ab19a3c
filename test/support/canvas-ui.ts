/*
 * The real UI of Agent Canvas: the built files of `@openhands/agent-canvas`, MIT, packed with npm into
 * node_modules/.cache once, checked against the hash below, and never part of the repository.
 */
import { createHash } from "node:crypto";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe } from "vitest";
import { describeWithTools } from "./tools.ts";

/** Its package has dependencies this project has no use for; its built files need none of them. */
const PACKAGE = "@openhands/agent-canvas@1.20.0";
const INTEGRITY =
  "sha512-uq28bmdMapsDN0ltp5ZHYm9xfuk7cHktNkd0NY38w/UTq25wJTqSKSPya+2+ky0+HpGX2vmn0uF3mHuNCoOb2w==";

const CACHE = join(import.meta.dirname, "../../node_modules/.cache/genkan-tests");
const FOLDER = join(CACHE, "agent-canvas-1.20.0");

const run = promisify(execFile);

/**
 * A suite that needs the real UI; skipped, and says why, where npm cannot bring it. Under CI=true it runs, and
 * fails, instead. @param suite is handed the folder with index.html
 */
export async function describeWithCanvas(
  title: string,
  tools: readonly string[],
  suite: (folder: string) => void,
): Promise<void> {
  try {
    const folder = await prebuiltUi();
    describeWithTools(title, tools, () => suite(folder));
  } catch (thrown) {
    if (process.env["CI"] === "true") throw thrown;
    const [why = ""] = String(thrown).split("\n");
    describe.skip(`${title} [the UI cannot be had: ${why}]`, () => suite(FOLDER));
  }
}

/** The folder with index.html. @throws what npm or tar said, or that the hash is another */
async function prebuiltUi(): Promise<string> {
  if (existsSync(FOLDER)) return FOLDER;
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, "packing-"));
  try {
    // npm's list of 10,000 files is long; it is not asked for.
    await run("npm", ["pack", PACKAGE, "--ignore-scripts", "--silent", "--pack-destination", work]);
    const packed = join(work, "openhands-agent-canvas-1.20.0.tgz");
    const hash = createHash("sha512").update(readFileSync(packed)).digest("base64");
    if (`sha512-${hash}` !== INTEGRITY) throw new Error(`${PACKAGE} is not what it was: ${hash}`);
    await run("tar", ["-xzf", packed, "-C", work, "package/build"]);
    keep(join(work, "package/build"));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return FOLDER;
}

/** Another run may have been first. */
function keep(built: string): void {
  try {
    renameSync(built, FOLDER);
  } catch (thrown) {
    if (!existsSync(join(FOLDER, "index.html"))) throw thrown;
  }
}
