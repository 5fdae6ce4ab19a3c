import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { describeHost } from "../../test/support/host.ts";
import { machineWith } from "../../test/support/machine.ts";
import { recordingRun } from "../../test/support/run.ts";
import { tempFolder } from "../../test/support/temp.ts";
import { throwawayRoot } from "../../test/support/throwaway-root.ts";
import type { Host } from "../platform/host.ts";
import { rootOf } from "./needs.ts";
import { storesFor } from "./stores.ts";
import { trustRoot, untrustRoot } from "./trust.ts";

const root = rootOf(await throwawayRoot(), "C:\\Users\\ada\\root.pem");
const thumbprint = createHash("sha1").update(root.der).digest("hex");

/** CertUtil's NTE_NOT_FOUND, as an exit code. */
const NOT_FOUND = 0x11;

interface Windows {
  readonly certificates: Set<string>;
  /** A person who answers No in the window that asks. */
  refuses: boolean;
}

/** The last store of a described machine whose certutil.exe keeps thumbprints in a set. */
async function windowsMachine(host: Partial<Host>, machine = tempFolder()) {
  const state: Windows = { certificates: new Set(), refuses: false };
  const { run, started } = recordingRun((line) => {
    if (line.startsWith("wslpath -w ")) return `\\\\wsl.localhost\\Debian${line.slice(11)}\r\n`;
    if (line.includes("-verifystore")) {
      const found = state.certificates.has(line.split(" ").at(-1) ?? "");
      // German Windows; spaces in the hash as old versions print them.
      return found ? `Zertifikathash(sha1): ${thumbprint.replaceAll(/../g, "$& ")}\r\n` : NOT_FOUND;
    }
    if (state.refuses) return 1;
    if (line.includes("-addstore")) state.certificates.add(thumbprint);
    if (line.includes("-delstore")) state.certificates.delete(line.split(" ").at(-1) ?? "");
    return "";
  });
  const tmp = tempFolder();
  const all = await storesFor({
    host: describeHost({ ...host, tmp }),
    run,
    files: { root: machine },
  });
  return { state, started, tmp, stores: all.slice(-1) };
}

const windows: Partial<Host> = { os: "windows", distro: [], env: { SystemRoot: "D:\\Win" } };
const wsl: Partial<Host> = { isWsl: true };
const rest = { root, dryRun: false, report: () => undefined };

test("Windows' own certutil is started by its full path, for this user, with a file", async () => {
  const { started, stores, tmp } = await windowsMachine(windows);
  expect(await trustRoot({ ...rest, stores })).toMatchObject([
    { store: "windows-root", outcome: "done" },
  ]);
  const [first, second, third] = started;
  expect(first).toBe(`D:\\Win\\System32\\certutil.exe -user -verifystore Root ${thumbprint}`);
  expect(second).toMatch(/^D:\\Win\\System32\\certutil\.exe -user -addstore Root .*root\.pem$/);
  expect(third).toBe(first);
  expect(readdirSync(tmp)).toEqual([]);
});

test("from a Linux inside Windows the file is named as Windows names it", async () => {
  const machine = machineWith({ "/mnt/c/Windows/System32/certutil.exe": "" });
  const { started, stores } = await windowsMachine(wsl, machine);
  expect(await trustRoot({ ...rest, stores })).toMatchObject([
    { store: "wsl-windows", outcome: "done" },
  ]);
  const added = started.find((line) => line.includes("-addstore")) ?? "";
  expect(added).toMatch(/\/mnt\/c\/Windows\/System32\/certutil\.exe -user -addstore Root \\\\wsl/);
});

test("removal names the certificate by its thumbprint, and leaves the others", async () => {
  const { started, stores, state } = await windowsMachine(windows);
  state.certificates.add(thumbprint).add("another");
  expect(await untrustRoot({ ...rest, stores })).toMatchObject([{ outcome: "done" }]);
  expect([...state.certificates]).toEqual(["another"]);
  expect(started.find((line) => line.includes("-delstore"))).toContain(
    ` -user -delstore Root ${thumbprint}`,
  );
  expect(await untrustRoot({ ...rest, stores })).toMatchObject([{ outcome: "already" }]);
});

test("a No in Windows' window is a failure, not a success", async () => {
  const { stores, state } = await windowsMachine(windows);
  state.refuses = true;
  expect(await trustRoot({ ...rest, stores })).toMatchObject([
    { outcome: "failed", error: { code: "TRUST_STORE_FAILED" } },
  ]);
});

test("the window is announced, and a dry run opens none", async () => {
  const { stores, started } = await windowsMachine(windows);
  const results = await trustRoot({ ...rest, stores, dryRun: true });
  expect(results).toMatchObject([{ outcome: "planned" }]);
  expect(stores[0]?.plan(root, "remove")[0]?.says).toContain("confirm in a window");
  expect(started.filter((line) => !line.includes("-verifystore"))).toEqual([]);
});

test("a Linux that cannot start Windows' programs says so", async () => {
  const { run } = recordingRun(() => "missing");
  const host = describeHost({ isWsl: true, distro: [] });
  const [store] = await storesFor({ host, run, files: { root: tempFolder() } });
  await expect(store?.has(root)).rejects.toMatchObject({ code: "TRUST_TOOL_MISSING" });
});
