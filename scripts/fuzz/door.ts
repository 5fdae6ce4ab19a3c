/*
 * A real door in front of the fuzz run's apps: the built program as a process of its own, so that what kills
 * it does not kill the run.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";

export interface FuzzDoor {
  readonly httpsPort: number;
  /** Bytes its processes hold in memory (Linux; 0 elsewhere). */
  residentBytes(): number;
  isAlive(): boolean;
  /** A finished handshake for a name. */
  connect(name: string, protocol: "h2" | "http/1.1"): Promise<TLSSocket>;
  /** Everything it wrote to standard error. */
  said(): string;
  stop(): Promise<void>;
}

interface FuzzedApp {
  readonly name: string;
  readonly port: number;
  readonly preset?: string;
}

/** @param apps open to everyone. */
export async function openFuzzDoor(
  program: string,
  engine: string,
  apps: readonly FuzzedApp[],
): Promise<FuzzDoor> {
  const home = mkdtempSync(join(tmpdir(), "genkan-fuzz-"));
  const lines = apps.map(({ name, port, preset }) => {
    const more = preset === undefined ? "" : `, preset: ${preset}`;
    return `  ${name}: { target: ${port}, access: open${more} }\n`;
  });
  writeFileSync(join(home, "genkan.yaml"), `apps:\n${lines.join("")}`);
  const httpsPort = await freePort();
  const ports = ["--https-port", String(httpsPort), "--http-port", String(await freePort())];
  const choice = engine === "node" ? [] : ["--engine", engine];
  const args = ["up", "--address", "127.0.0.1", ...ports, ...choice, "--json"];
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, GENKAN_HOME: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ready = JSON.parse(await firstLine(child, () => said)) as { root: { path: string } };
  const ca = readFileSync(ready.root.path);
  let visits = 0;
  return {
    httpsPort,
    said: () => said,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    residentBytes: () => familyOf(child.pid ?? 0).reduce((sum, pid) => sum + residentOf(pid), 0),
    async connect(name, protocol) {
      visits += 1;
      // From many addresses: what one of them may hold open is limited.
      const localAddress = `127.0.1.${1 + (visits % 200)}`;
      const options = { host: "127.0.0.1", port: httpsPort, localAddress, servername: name, ca };
      const socket = connect({ ...options, ALPNProtocols: [protocol] });
      await once(socket, "secureConnect");
      return socket;
    },
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function firstLine(child: ChildProcess, said: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
    child.once("exit", (code) => reject(new Error(`the door did not open (${code}): ${said()}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no port was given");
  return address.port;
}

/** A process and its children's children (proc(5)). */
function familyOf(pid: number): number[] {
  let children: number[];
  try {
    children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8")
        .split(" ")
        .filter(Boolean)
        .map(Number),
    );
  } catch (thrown) {
    if (thrown instanceof Error) return []; // gone meanwhile, or no Linux
    throw thrown;
  }
  return [pid, ...children.flatMap(familyOf)];
}

function residentOf(pid: number): number {
  try {
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kib ?? 0) * 1024;
  } catch (thrown) {
    if (thrown instanceof Error) return 0; // gone meanwhile
    throw thrown;
  }
}
