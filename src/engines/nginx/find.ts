/*
 * Finds the nginx of this machine and looks whether it can be the engine. The door runs it with a
 * configuration of its own; the system's nginx, should one be running, is not touched.
 */
import { access, constants } from "node:fs/promises";
import { posix } from "node:path";
import { GenkanError, messageOf } from "../../kernel/errors.ts";
import type { Host } from "../../platform/host.ts";
import type { Run } from "../../platform/run.ts";
import { nginxErrors } from "./errors.ts";
import { isAtLeast, type Version } from "./facts.ts";

export interface FoundNginx {
  readonly path: string;
  readonly version: Version;
}

/** Debian 12's. */
const LEAST: Version = [1, 22, 0];
/** Where packages put it when PATH does not say: Debian for ordinary users, Homebrew, a build of one's own. */
const USUAL = ["/usr/sbin", "/sbin", "/opt/homebrew/bin", "/usr/local/sbin", "/usr/local/bin"];
const USED = ["http_ssl_module", "http_v2_module", "http_auth_request_module"];
/** Part of every nginx unless somebody took it out. */
const BUILT_IN = ["http_map_module", "http_proxy_module", "http_rewrite_module"].concat([
  "http_limit_conn_module",
  "http_upstream_keepalive_module",
  "http-cache",
]);

/** @throws NGINX_MISSING, NGINX_TOO_OLD, NGINX_LACKS_MODULE, NGINX_UNKNOWN */
export async function findNginx(host: Host, run: Run): Promise<FoundNginx> {
  const install = installLine(host);
  const path = await firstProgram(host);
  if (path === undefined) {
    const where = foldersOf(host).join(", ");
    throw nginxErrors.NGINX_MISSING({ where, install });
  }
  const said = await ask(path, run);
  const version = versionOf(said);
  if (!version) throw nginxErrors.NGINX_UNKNOWN({ path, why: "no version in what -V says" });
  if (!isAtLeast(version, LEAST)) {
    throw nginxErrors.NGINX_TOO_OLD({ path, version: version.join("."), least: "1.22" });
  }
  const modules = missingModules(said);
  if (modules.length > 0) throw nginxErrors.NGINX_LACKS_MODULE({ path, modules, install });
  return { path, version };
}

/** Of the nginx of this machine, whether it could be the engine or not; undefined where none says one. */
export async function versionHere(host: Host, run: Run): Promise<Version | undefined> {
  const path = await firstProgram(host);
  if (path === undefined) return undefined;
  try {
    return versionOf(await ask(path, run));
  } catch (thrown) {
    if (thrown instanceof GenkanError) return undefined; // it does not run, so it says nothing
    throw thrown;
  }
}

/** `nginx version: nginx/1.22.1`; relatives put their own name there. */
function versionOf(said: string): Version | undefined {
  const [, major, minor, patch] = /^nginx version: [^/\n]+\/(\d+)\.(\d+)\.(\d+)/m.exec(said) ?? [];
  return patch === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

/** By the arguments of its build. */
function missingModules(said: string): string[] {
  const options = new Set(said.split(/\s+/));
  const lacking = USED.filter((module) => !options.has(`--with-${module}`));
  return [...lacking, ...BUILT_IN.filter((module) => options.has(`--without-${module}`))];
}

function installLine({ os, distro }: Host): string {
  if (os === "macos") return "brew install nginx";
  if (distro.some((id) => id === "fedora" || id === "rhel")) return "sudo dnf install nginx";
  if (distro.includes("arch")) return "sudo pacman -S nginx";
  if (distro.includes("alpine")) return "sudo apk add nginx";
  return "sudo apt install nginx-light";
}

function foldersOf({ env }: Host): string[] {
  const own = (env["PATH"] ?? "").split(":").filter((folder) => folder.startsWith("/"));
  return [...new Set([...own, ...USUAL])];
}

async function firstProgram(host: Host): Promise<string | undefined> {
  for (const folder of foldersOf(host)) {
    const path = posix.join(folder, "nginx");
    if (await isProgram(path)) return path;
  }
  return undefined;
}

function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false, // not there, or not for us: the next folder may have it
  );
}

/** nginx answers -V on standard error. */
async function ask(path: string, run: Run): Promise<string> {
  try {
    const { stdout, stderr } = await run(path, ["-V"], { timeout: 10_000 });
    return stderr + stdout;
  } catch (thrown) {
    throw nginxErrors.NGINX_UNKNOWN({ path, why: messageOf(thrown) }, { cause: thrown });
  }
}
