/*
 * A real Docker engine in a host of support/namespaces.ts, with nothing of this machine's: its own data, socket,
 * networks and firewall. It ends with the host at the latest.
 *
 *   describeWithHosts("docker", DOCKER_TOOLS, () => {
 *     const { home } = await makeHosts({ home: {} });
 *     const docker = await startDocker(home);
 *     await docker.importImage("tiny");                       // busybox and what it needs
 *     await docker.run("web", { image: "tiny", options: ["--label", "genkan.name=wiki"], command: HTTPD });
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished, vi } from "vitest";
import type { NetworkHost, Started } from "./namespaces.ts";
import { tempFolder } from "./temp.ts";
import { toolPath } from "./tools.ts";

export const DOCKER_TOOLS = [
  "dockerd",
  "docker",
  "containerd",
  "runc",
  "busybox",
  "iptables",
  "tar",
];

/** Says `Docker's own page` at port 80. */
export const HTTPD = ["/bin/busybox", "httpd", "-f", "-p", "80", "-h", "/www"];

interface RunSpec {
  readonly image: string;
  /** Of `docker run`, beside `--detach` and `--name`. */
  readonly options?: readonly string[];
  readonly command: readonly string[];
}

interface TestDocker {
  /** On this machine; a program in the host finds it at the same path. */
  readonly socket: string;
  /** `docker ARGS`. @returns what it wrote. @throws where it fails */
  docker(...args: string[]): Promise<string>;
  /** Makes an image of busybox alone. */
  importImage(name: string, changes?: readonly string[]): Promise<void>;
  /** Starts a container. @returns its id */
  run(name: string, spec: RunSpec): Promise<string>;
  /** Starts it again, with what it kept. */
  start(): Promise<void>;
  /** Ends it, and its containers with it. */
  stop(): Promise<void>;
  /** Ends it as a crash would: nothing is put away, and its containers run on. start() begins anew. */
  crash(): Promise<void>;
}

/** Starts the engine and waits until it answers. */
export async function startDocker(host: NetworkHost): Promise<TestDocker> {
  const folder = tempFolder();
  const socket = join(folder, "docker.sock");
  const env = { DOCKER_HOST: `unix://${socket}`, DOCKER_CONFIG: folder };
  // Each host has an engine of its own data; /var/lib is the host's.
  const args = [
    "--data-root /var/lib/docker --exec-root /run/docker --pidfile /run/docker.pid",
    `--host ${env.DOCKER_HOST} --storage-driver vfs`,
    "--exec-opt native.cgroupdriver=cgroupfs --shutdown-timeout 1",
  ].flatMap((words) => words.split(" "));
  let program: Started | undefined;
  const docker = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await host.run("docker", words, { env });
    if (code !== 0) throw new Error(`docker ${words.join(" ")}: ${stderr}`);
    return stdout.trim();
  };
  const start = async (): Promise<void> => {
    await host.run("rm", ["-f", "/run/docker.pid"]);
    const started = host.start("dockerd", args);
    program = started;
    await vi.waitFor(
      async () => {
        if (started.process.exitCode !== null) throw new Error(started.stderr());
        await docker("version");
      },
      { timeout: 30_000, interval: 100 },
    );
  };
  const stop = async (): Promise<void> => void (await program?.end());
  const crash = async (): Promise<void> => {
    program?.signal("SIGKILL");
    await endContainerd(host);
    await program?.ended;
  };
  onTestFinished(stop);
  await start();
  return {
    socket,
    docker,
    start,
    stop,
    crash,
    run: (name, { image, options = [], command }) =>
      docker("run", "--detach", "--name", name, ...options, image, ...command),
    importImage: async (name, changes = []) => {
      const tar = imageTar(folder);
      await docker("import", ...changes.flatMap((each) => ["--change", each]), tar, name);
    },
  };
}

/**
 * What a killed dockerd leaves: the containerd it had started. Nobody in the host waits for that one's end, and the
 * next dockerd would take the number in its file for one that runs.
 */
async function endContainerd(host: NetworkHost): Promise<void> {
  const file = "/run/docker/containerd/containerd.pid";
  await host.run("kill", ["-KILL", readFileSync(host.file(file), "utf8").trim()]);
  await host.run("rm", [file]);
}

/** busybox with the libraries it loads, and a page. */
function imageTar(folder: string): string {
  const root = join(folder, "root");
  const busybox = realpathSync(toolPath("busybox") ?? "/bin/busybox");
  copyTo(join(root, "bin/busybox"), busybox);
  for (const library of librariesOf(busybox)) copyTo(join(root, library), realpathSync(library));
  mkdirSync(join(root, "www"), { recursive: true });
  writeFileSync(join(root, "www/index.html"), "Docker's own page\n");
  const tar = join(folder, "image.tar");
  const made = spawnSync("tar", ["-C", root, "-cf", tar, "."], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
  return tar;
}

function copyTo(place: string, file: string): void {
  mkdirSync(dirname(place), { recursive: true });
  cpSync(file, place);
}

/** None for a static one. */
function librariesOf(program: string): string[] {
  if (!readFileSync(program).subarray(0, 4).equals(Buffer.from("\x7fELF", "latin1"))) return [];
  const { stdout } = spawnSync("ldd", [program], { encoding: "utf8" });
  return [...stdout.matchAll(/(?:=> |^\s*)(\/\S+)/gm)].map(([, path = ""]) => path);
}
