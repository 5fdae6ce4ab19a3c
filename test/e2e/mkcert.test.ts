/*
 * `authority: mkcert`: the door with the root that the real mkcert made, and devices trust already.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { genkan, openDoor } from "../support/genkan.ts";
import { tempFolder } from "../support/temp.ts";
import { describeWithTools } from "../support/tools.ts";
import { visit } from "../support/visit.ts";

function homeWithMkcert(): { home: string; env: { CAROOT: string } } {
  const home = tempFolder();
  writeFileSync(join(home, "genkan.yaml"), "authority: mkcert\napps: {}\n");
  return { home, env: { CAROOT: join(home, "caroot") } };
}

test("without an mkcert root the door does not open, and makes no other root in its place", async () => {
  const { home, env } = homeWithMkcert();
  const { code, stderr } = await genkan(home, ["up", "--address", "127.0.0.1"], { env });
  expect(code).toBe(1);
  expect(stderr).toContain("(PKI_MKCERT_MISSING)");
});

describeWithTools("an mkcert root", ["mkcert"], () => {
  test("signs what the door serves, with a plain word that nothing limits it", async () => {
    const { home, env } = homeWithMkcert();
    const files = ["-cert-file", join(home, "x.pem"), "-key-file", join(home, "x-key.pem")];
    execFileSync("mkcert", [...files, "x.local"], { env: { ...process.env, ...env } });
    const door = await openDoor(home, [], env);
    expect(door.ready.root.path).toBe(join(env.CAROOT, "rootCA.pem"));
    expect(readFileSync(door.ready.root.path, "utf8")).toContain("BEGIN CERTIFICATE");
    expect((await visit(door, "hello.local")).status).toBe(200);
    expect(door.stderr()).toContain("can vouch for any site in the world");
    const root = await genkan(home, ["root"], { env });
    expect(root.stdout).toContain("May vouch  for any site in the world");
  });
});
