/*
 * The user's root store of Windows, through Windows' own certutil: read by Edge, Chrome and
 * (since 120) Firefox. From a Linux inside Windows (WSL) the same program is started through
 * interop, and takes files by their Windows path.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { ProgramFailedError } from "../platform/run.ts";
import { commandText } from "./command-text.ts";
import type { Root } from "./needs.ts";
import { withRootFile } from "./root-file.ts";
import type { Action, Step, TrustStore } from "./store.ts";
import { ASKING, through } from "./tool.ts";
import type { World } from "./world.ts";

interface Windows {
  readonly id: "windows-root" | "wsl-windows";
  readonly title: string;
  readonly audience: "system" | "windows";
  /** Windows' certutil by its full path: NSS has a program of the same name. */
  readonly certutil: string;
  /** A path of ours as Windows programs write it. */
  toWindows(path: string): Promise<string>;
}

/** The store of the Windows this process runs on. */
export function createWindowsStore(world: World): TrustStore {
  const system = world.host.env["SystemRoot"] ?? "C:\\Windows";
  return create(world, {
    id: "windows-root",
    title: "your Windows root store (Edge, Chrome, Firefox 120 and later)",
    audience: "system",
    certutil: `${system}\\System32\\certutil.exe`,
    toWindows: async (path) => path,
  });
}

/** The store of the Windows around this Linux. */
export function createWslStore(world: World): TrustStore {
  const usual = "/mnt/c/Windows/System32/certutil.exe";
  return create(world, {
    id: "wsl-windows",
    title: "the root store of the Windows around this Linux",
    audience: "windows",
    certutil: existsSync(world.at(usual)) ? world.at(usual) : "certutil.exe",
    toWindows: async (path) => (await world.run("wslpath", ["-w", path])).stdout.trim(),
  });
}

function create(world: World, windows: Windows): TrustStore {
  const { id, title, audience } = windows;
  return {
    id,
    title,
    audience,
    needsRoot: false,
    has: (root) => has(world, windows, root),
    install: (root) =>
      withRootFile(world.host, root, async (path) => {
        const file = await inWindows(windows, path);
        await certutil(world, windows, ["-addstore", "Root", file]);
      }),
    async remove(root) {
      if (!(await has(world, windows, root))) return;
      await certutil(world, windows, ["-delstore", "Root", thumbprint(root)]);
    },
    plan: (root, action) => planOf(title, root, action),
  };
}

/** certutil finds by thumbprint, and fails where there is none; its words are in the person's language. */
async function has(world: World, windows: Windows, root: Root): Promise<boolean> {
  const args = ["-user", "-verifystore", "Root", thumbprint(root)];
  try {
    const { stdout } = await world.run(windows.certutil, args);
    return stdout.replaceAll(/\s/g, "").toLowerCase().includes(thumbprint(root));
  } catch (thrown) {
    if (thrown instanceof ProgramFailedError && thrown.end.exitCode !== undefined) return false;
    return await through(contextOf(windows), Promise.reject(thrown));
  }
}

async function certutil(world: World, windows: Windows, args: readonly string[]): Promise<void> {
  const running = world.run(windows.certutil, ["-user", ...args], { timeout: ASKING });
  await through(contextOf(windows), running);
}

async function inWindows(windows: Windows, path: string): Promise<string> {
  return await through({ ...contextOf(windows), tool: "wslpath" }, windows.toWindows(path));
}

function contextOf({ title, certutil: tool }: Windows): {
  store: string;
  tool: string;
  install: string;
} {
  return {
    store: title,
    tool,
    install: "See that Windows' own programs can be started from here.",
  };
}

/** SHA-1 of the DER: the name Windows itself gives a certificate within a store. */
function thumbprint(root: Root): string {
  return createHash("sha1").update(root.der).digest("hex");
}

function planOf(title: string, root: Root, action: Action): Step[] {
  const asks: Step = { says: "Windows will ask you to confirm in a window" };
  const command = (...args: string[]): string => commandText("certutil", "-user", ...args);
  if (action === "install") {
    const says = `put the root into ${title}`;
    return [asks, { says, command: command("-addstore", "Root", root.path) }];
  }
  const says = `take the root out of ${title}`;
  return [asks, { says, command: command("-delstore", "Root", thumbprint(root)) }];
}
