import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { X509Certificate } from "node:crypto";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { createThrowawayCa } from "../../test/support/throwaway-ca.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { describeWithTools, toolPath } from "../../test/support/tools.ts";
import { trustScript } from "./trust-script.ts";

const ca = await createThrowawayCa();
const certificate = new X509Certificate(ca.caPem);
const script = trustScript({ der: certificate.raw });
const print = certificate.fingerprint256;
const other = print.replace(/^../, (first) => (first === "00" ? "11" : "00"));
const short = print.replaceAll(":", "").slice(0, 16).toLowerCase();

interface Ran {
  readonly exit: number | null;
  readonly text: string;
  /** What was put below DESTDIR, home included. */
  readonly files: readonly string[];
  readonly at: string;
}

/** Runs it on a machine of its own: a folder with a store of roots, a home, and only these programs. */
function run(shell: readonly string[], args: readonly string[], more: Partial<Machine> = {}): Ran {
  const { store = "/usr/local/share/ca-certificates", programs = [], there } = more;
  const at = tempFolder();
  const [bin, path] = [join(at, "bin"), join(tempFolder(), "trust.sh")];
  mkdirSync(bin);
  mkdirSync(join(at, store), { recursive: true });
  for (const program of [...PROGRAMS, ...programs]) {
    const real = toolPath(shell[0] === "busybox" ? "busybox" : program);
    if (real !== undefined) symlinkSync(real, join(bin, program));
  }
  writeFileSync(join(bin, "firefox"), "#!/bin/sh\n", { mode: 0o755 });
  writeFileSync(path, script);
  if (there !== undefined) {
    mkdirSync(join(at, dirname(there)), { recursive: true });
    writeFileSync(join(at, there), "{}");
  }
  const [program = "sh", ...before] = shell;
  const env = { PATH: bin, HOME: "/home/ada", DESTDIR: at };
  const ended = spawnSync(toolPath(program) ?? program, [...before, path, ...args], {
    env,
    encoding: "utf8",
  });
  const files = readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith("/bin"))
    .map((entry) => join(entry.parentPath, entry.name).slice(at.length))
    .sort();
  return { exit: ended.status, text: ended.stdout + ended.stderr, files, at };
}

interface Machine {
  readonly store: string;
  readonly programs: readonly string[];
  /** A file that is there already, holding `{}`. */
  readonly there: string;
}

const PROGRAMS = "tr sed base64 sha256sum cut uname id dirname mkdir tee chmod ls cat".split(" ");

const SHELLS = [
  ["dash", ["dash"]],
  ["busybox", ["busybox", "sh"]],
] as const;

describe.each(SHELLS)("the script in %s", (tool, shell) => {
  describeWithTools("compares before it does anything", [tool], () => {
    test("with the right fingerprint it puts the root where programs look", () => {
      const { exit, text, files, at } = run(shell, [print]);
      expect({ exit, text }).toMatchObject({ exit: 0 });
      const [system, copy, policies] = [
        `/usr/local/share/ca-certificates/genkan-root-${short}.crt`,
        `/etc/firefox/policies/genkan-root-${short}.pem`,
        "/etc/firefox/policies/policies.json",
      ];
      expect(files).toEqual([copy, policies, system].sort());
      for (const path of [system, copy]) {
        expect(new X509Certificate(readFileSync(join(at, path))).fingerprint256).toBe(print);
      }
      expect(JSON.parse(readFileSync(join(at, policies), "utf8"))).toEqual({
        policies: { Certificates: { Install: [copy] } },
      });
    });

    test.each([
      ["in lower case and without colons", [print.replaceAll(":", "").toLowerCase()]],
      ["in pieces", print.split(":")],
    ])("takes a fingerprint %s", (_, args) => {
      expect(run(shell, args).exit).toBe(0);
    });

    test.each([
      ["another root's", [other], "THIS IS NOT THE ROOT YOU MEAN"],
      ["none", [], "say which root you mean"],
      ["the beginning of the right one", [print.slice(0, 47)], "a fingerprint has 64 digits"],
      ["one with more behind it", [`${print}:AB`], "a fingerprint has 64 digits"],
      ["the four words", ["primary", "move", "project", "either"], "this is no fingerprint"],
      ["a pattern", ["*".repeat(64)], "this is no fingerprint"],
    ])("with %s it says so and installs nothing", (_, args, says) => {
      const { exit, text, files } = run(shell, args);
      expect(exit).toBe(1);
      expect(text).toContain(says);
      expect(text).toContain("Nothing was installed.");
      expect(files).toEqual([]);
    });

    test("a changed certificate inside is found out", () => {
      const changed = script.replace(/^(MII.{30})./m, (_, before) => `${before}_`);
      const path = join(tempFolder(), "trust.sh");
      writeFileSync(path, changed);
      const [program = "", ...before] = shell;
      const ended = spawnSync(toolPath(program) ?? program, [...before, path, print], {
        env: { PATH: process.env["PATH"], HOME: tempFolder(), DESTDIR: tempFolder() },
        encoding: "utf8",
      });
      expect(ended.status).toBe(1);
      expect(ended.stderr).toContain("THIS IS NOT THE ROOT YOU MEAN");
    });

    test.each([
      ["/etc/pki/ca-trust/source/anchors", "pem"],
      ["/etc/ca-certificates/trust-source/anchors", "pem"],
      ["/etc/pki/trust/anchors", "pem"],
    ])("knows %s", (store, ending) => {
      expect(run(shell, [print], { store }).files).toContain(
        `${store}/genkan-root-${short}.${ending}`,
      );
    });

    test.each([
      "/etc/firefox/policies/policies.json",
      "/usr/lib64/firefox/distribution/policies.json",
      "/usr/lib/firefox-esr/distribution/policies.json",
    ])("leaves Firefox's policies in %s alone", (there) => {
      const { exit, text, files, at } = run(shell, [print], { there });
      expect(exit).toBe(0);
      expect(text).toContain("skip  Firefox");
      expect(files.filter((file) => file.includes("firefox"))).toEqual([there]);
      expect(readFileSync(join(at, there), "utf8")).toBe("{}");
    });

    test("says where it found no folder for roots", () => {
      const { exit, text } = run(shell, [print], { store: "/nowhere" });
      expect(exit).toBe(0);
      expect(text).toContain("skip  the system");
    });
  });
});

describeWithTools("the script with NSS's certutil", ["dash", "certutil"], () => {
  test("makes Chromium's database, and trusts the root in it for websites", () => {
    const { exit, at, text } = run(["dash"], [print], { programs: ["certutil"] });
    expect({ exit, text }).toMatchObject({ exit: 0 });
    const folder = join(at, "home/ada/.local/share/pki/nssdb");
    const listed = execFileSync("certutil", ["-L", "-d", `sql:${folder}`], { encoding: "utf8" });
    expect(listed).toMatch(new RegExp(`Genkan root ${short} +C,,`));
    expect(existsSync(join(at, "home/ada/.pki"))).toBe(false);
  });
});

test("the script asks no network anything", () => {
  const code = script.replaceAll(/^#.*/gm, "");
  expect(code).not.toMatch(/curl|wget|https?:|\beval\b/);
});
