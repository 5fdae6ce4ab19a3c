import { spawnSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../../test/support/temp.ts";
import { describeWithTools } from "../../../test/support/tools.ts";

/** As in a container, where /etc/hosts is a mount of its own: in a mount namespace that ends with the script. */
describeWithTools("a hosts file that is a bind mount", ["unshare", "mount"], () => {
  test.runIf(process.getuid?.() === 0)("is written in place, and comes back byte for byte", () => {
    const folder = tempFolder();
    const [inside, outside] = [join(folder, "hosts"), join(folder, "outside")];
    writeFileSync(inside, "");
    const before = `127.0.0.1 localhost\n172.17.0.2 ${"x".repeat(300)}`;
    writeFileSync(outside, before);
    const { ino } = statSync(outside);
    const module = join(import.meta.dirname, "hosts-file.ts");
    const script = `
      import { readFileSync } from "node:fs";
      import { removeHosts, writeHosts } from ${JSON.stringify(module)};
      const file = { path: ${JSON.stringify(inside)}, command: "" };
      await writeHosts(file, { id: "01234567", home: "/a", lines: ["10.0.0.1 wiki.home.arpa"] });
      process.stdout.write(readFileSync(file.path, "utf8").includes("wiki") ? "written" : "lost");
      await removeHosts(file, "01234567");
    `;
    const command = `mount --bind "$1" "$2" && "$3" --import tsx --input-type=module -e "$4"`;
    const words = ["-m", "sh", "-c", command, "sh", outside, inside, process.execPath, script];
    const { stdout, stderr } = spawnSync("unshare", words, { encoding: "utf8" });
    expect({ stdout, stderr }).toEqual({ stdout: "written", stderr: "" });
    expect(readFileSync(outside, "utf8")).toBe(before);
    expect(statSync(outside).ino).toBe(ino);
  });
});
