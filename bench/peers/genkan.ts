/*
 * The door as people run it: the built program, everything on.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { PROXY_CORE, start, type Started } from "../machine.ts";
import { HOST, type Peer, type Stage, versionBy } from "../peer.ts";

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
    routes: {
      start: (stage, hosts) => launch(stage, hosts, engine),
      add: writeConfig,
    },
  };
}

/** Asked for an engine nobody has, the program names those it has. */
async function knows(engine: string): Promise<boolean> {
  const args = [PROGRAM, "up", "--engine", "unheard-of"];
  const said = await promisify(execFile)(process.execPath, args).then(() => "", String);
  return said.includes(engine);
}

/** The names of `hosts` without `.local` become apps. The door watches the file. */
async function writeConfig(stage: Stage, hosts: readonly string[]): Promise<void> {
  const app = `{ target: ${stage.appPort}, access: open }`;
  const apps = hosts.map((host) => `  ${host.replace(/\.local$/, "")}: ${app}\n`);
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
