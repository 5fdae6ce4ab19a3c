import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { describeWithTools } from "../../test/support/tools.ts";

/** On a real disk of 64 KiB, in a mount namespace that ends with the script. */
describeWithTools("a disk that is really full", ["unshare", "mount"], () => {
  test.runIf(process.getuid?.() === 0)(
    "pairs nobody by halves, and pairs again when there is room",
    () => {
      const disk = tempFolder();
      const script = `
      import { rmSync, writeFileSync } from "node:fs";
      import { openAccess } from ${JSON.stringify(join(import.meta.dirname, "access.ts"))};
      import { silentLog } from ${JSON.stringify(join(import.meta.dirname, "../kernel/log.ts"))};
      import { systemClock } from ${JSON.stringify(join(import.meta.dirname, "../kernel/clock.ts"))};
      const disk = ${JSON.stringify(disk)};
      const open = () => openAccess({ dir: disk + "/access", clock: systemClock, steadyNow: () => 1, log: silentLog, writeAudit: () => {} });
      const said = [];
      const access = await open();
      const { digits } = access.invite({ role: "member", name: "phone", expires: null });
      const wish = { text: digits, name: "", kind: "", address: "10.0.0.1", host: "genkan.local" };
      try { writeFileSync(disk + "/full", Buffer.alloc(1 << 20)); } catch (thrown) { said.push(thrown.code); }
      await access.pair(wish).catch((thrown) => said.push(thrown.code, thrown.cause.code));
      said.push((await open()).devices.list().length);
      rmSync(disk + "/full");
      said.push((await access.pair(wish)).is, (await open()).devices.list().length);
      process.stdout.write(JSON.stringify(said));
    `;
      const command = `mount -t tmpfs -o size=64k none "$1" && "$2" --import tsx --input-type=module -e "$3"`;
      const words = ["-m", "sh", "-c", command, "sh", disk, process.execPath, script];
      const { stdout, stderr } = spawnSync("unshare", words, { encoding: "utf8" });
      expect({ stdout, stderr }).toEqual({
        stdout: '["ENOSPC","FILE_NOT_WRITABLE","ENOSPC",0,"paired",1]',
        stderr: "",
      });
    },
  );
});
