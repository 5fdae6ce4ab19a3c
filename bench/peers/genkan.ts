/*
 * The door as people run it: the built program, everything on.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { openAccess } from "../../src/access/access.ts";
import { SESSION_COOKIE } from "../../src/model/own-fields.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { silentLog } from "../../src/kernel/log.ts";
import type { AppAccess } from "../../src/model/admission.ts";
import type { PresetName } from "../../src/model/preset.ts";
import { PROXY_CORE, start, type Started } from "../machine.ts";
import { GUARDED, HOST, type Peer, SANDBOXED, type Stage, versionBy } from "../peer.ts";

const PROGRAM = join(import.meta.dirname, "../../dist/genkan.js");

export function genkan(engine: "node" | "nginx"): Peer {
  return {
    name: `Genkan, ${engine} engine`,
    hasHttp2: true,
    async version() {
      if (!(await knows(engine))) throw new Error("this version has no such engine");
      return versionBy([process.execPath, PROGRAM, "--version"], /(\d[\w.-]*)/);
    },
    start: (stage) => launch(stage, [HOST], engine),
    gate: {
      async start(stage) {
        await writeFile(join(stage.dir, COOKIE), await letIn(stage));
        await writeApps(stage, { [HOST]: OPEN, [GUARDED]: { access: "household" } });
        return launch(stage, [], engine);
      },
      cookie: ({ dir }) => readFile(join(dir, COOKIE), "utf8"),
    },
    sandboxes: {
      async start(stage) {
        await writeApps(stage, { [HOST]: OPEN, [SANDBOXED]: { ...OPEN, preset: "openhands" } });
        return launch(stage, [], engine);
      },
    },
    routes: {
      start: (stage, hosts) => launch(stage, hosts, engine),
      add: writeConfig,
    },
  };
}

const COOKIE = "cookie";

/** A device that is paired before the door opens, and its session at the guarded app. */
async function letIn({ dir }: Stage): Promise<string> {
  const access = await openAccess({
    dir: join(dir, "state", "access"),
    clock: systemClock,
    steadyNow: () => performance.now(),
    log: silentLog,
    writeAudit: () => undefined,
  });
  const { digits } = access.invite({ role: "owner", name: "Bench", expires: null });
  const wish = { text: digits, name: "Bench", kind: "linux", address: "127.0.0.1", host: HOST };
  const paired = await access.pair(wish);
  if (paired.is !== "paired") throw new Error(`nobody was paired: ${paired.is}`);
  const token = await access.signIn(paired.device.id, GUARDED);
  await access.stop();
  return `${SESSION_COOKIE}=${token}`;
}

/** Asked for an engine nobody has, the program names those it has. */
async function knows(engine: string): Promise<boolean> {
  const args = [PROGRAM, "up", "--engine", "unheard-of"];
  const said = await promisify(execFile)(process.execPath, args).then(() => "", String);
  return said.includes(engine);
}

/** The names of `hosts` without `.local` become apps. The door watches the file. */
async function writeConfig(stage: Stage, hosts: readonly string[]): Promise<void> {
  await writeApps(stage, Object.fromEntries(hosts.map((host) => [host, OPEN])));
}

interface AppTerms {
  readonly access: AppAccess;
  readonly preset?: PresetName;
}

const OPEN = { access: "open" } as const;

async function writeApps(stage: Stage, terms: Readonly<Record<string, AppTerms>>): Promise<void> {
  const apps = Object.entries(terms).map(([host, { access, preset }]) => {
    const more = preset === undefined ? "" : `, preset: ${preset}`;
    const name = host.replace(/\.local$/, "");
    return `  ${name}: { target: ${stage.appPort}, access: ${access}${more} }\n`;
  });
  const path = join(stage.dir, "genkan.yaml");
  await writeFile(`${path}.new`, `apps:\n${apps.join("")}`);
  await rename(`${path}.new`, path);
}

async function launch(
  stage: Stage,
  hosts: readonly string[],
  engine: "node" | "nginx",
): Promise<Started> {
  if (!existsSync(join(stage.dir, "genkan.yaml"))) await writeConfig(stage, hosts);
  const ports = ["--https-port", String(stage.port), "--http-port", String(stage.plainPort)];
  const args = [...ports, "--address", "127.0.0.1", "--engine", engine];
  return start([process.execPath, PROGRAM, "up", ...args], {
    core: PROXY_CORE,
    env: { GENKAN_HOME: stage.dir },
  });
}
