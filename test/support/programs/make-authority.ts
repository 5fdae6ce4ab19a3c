/*
 * A program for the crash test: makes an authority in the folder it is told, and kills itself with
 * SIGKILL just before its STEP-th call that touches the disk. Prints the root's fingerprint if it lives.
 *
 *   make-authority FOLDER STEP [ROOT-KEY-FILE]
 */
import fsp, { type FileHandle } from "node:fs/promises";
import { systemClock } from "../../../src/kernel/clock.ts";
import { silentLog } from "../../../src/kernel/log.ts";
import { createAuthority } from "../../../src/pki/authority.ts";

const [dir = "", step = "", file] = process.argv.slice(2);
let calls = 0;

function countCalls(target: object, names: readonly string[]): void {
  const methods = target as Record<string, (...args: unknown[]) => unknown>;
  for (const name of names) {
    const original = methods[name]!;
    methods[name] = (...args) => {
      calls += 1;
      if (calls === Number(step)) process.kill(process.pid, "SIGKILL");
      return original.apply(target, args);
    };
  }
}

const open = fsp.open.bind(fsp);
Object.assign(fsp, {
  open: async (...args: Parameters<typeof open>): Promise<FileHandle> => {
    const handle = await open(...args);
    countCalls(handle, ["writeFile", "sync", "close"]);
    return handle;
  },
});
countCalls(fsp, ["mkdir", "open", "rename", "rm", "readFile"]);

const passphrase = "correct horse battery staple";
const keep = file === undefined ? {} : { keepRootKey: { file, passphrase } };
void createAuthority({ dir, clock: systemClock, log: silentLog, ...keep }).then(({ root }) => {
  console.log(root.fingerprint256);
});
