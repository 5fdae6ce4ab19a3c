/*
 * A RunSpec as the `docker run` a person could type: what is printed is what is done. Pure.
 */
import type { Host } from "../../platform/host.ts";
import { shellWord } from "../../platform/shell-word.ts";
import type { RunSpec } from "./run-spec.ts";

/** The words behind `docker`, one option with its value in each group. */
export function dockerRunWords(spec: RunSpec): string[][] {
  return [
    ["run", "--detach"],
    ["--name", spec.name],
    ["--restart", "unless-stopped"],
    ...Object.entries(spec.labels).map(([name, value]) => ["--label", `${name}=${value}`]),
    ...spec.publish.map((at) => ["--publish", `${at.address}:${at.port}:${at.inside}`]),
    ...Object.entries(spec.env).map(([name, value]) => ["--env", `${name}=${value}`]),
    ...(spec.envFile === undefined ? [] : [["--env-file", spec.envFile]]),
    ...mountsOf(spec).map((mount) => ["--volume", mount]),
    ...Object.entries(spec.tmpfs).map(([path, options]) => ["--tmpfs", `${path}:${options}`]),
    ...(spec.user === undefined ? [] : [["--user", spec.user]]),
    ...spec.extraHosts.map((host) => ["--add-host", host]),
    [spec.image],
  ];
}

/** Folders and the socket as Docker writes them: `source:target`. */
export function mountsOf({ folders, socket }: RunSpec): string[] {
  const all = socket === undefined ? folders : [socket, ...folders];
  return all.map(({ source, target }) => `${source}:${target}`);
}

/**
 * The line for a shell. PowerShell and cmd know no `\` at a line's end, so there it is one long line.
 * @param missing folders to be made first: Docker would make them as root's
 */
export function commandLine(
  spec: RunSpec,
  os: Host["os"],
  missing: readonly string[] = [],
): string {
  const groups = dockerRunWords(spec).map((words) => words.map(shellWord).join(" "));
  const run = `docker ${groups.join(os === "windows" ? " " : " \\\n  ")}`;
  if (missing.length === 0) return run;
  return `mkdir -p ${missing.map(shellWord).join(" ")}\n${run}`;
}
