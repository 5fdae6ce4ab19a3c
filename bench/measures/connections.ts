/*
 * What is measured with programs of our own: TLS handshakes and WebSockets.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cpuOf, LOAD_CORE, memoryOf, run } from "../machine.ts";
import { HOST, type Stage } from "../peer.ts";

const program = (name: string): string => join(import.meta.dirname, "../programs", name);

/** CPU microseconds of one handshake. @throws where those that should be resumed were not. */
export async function measureHandshakes(
  pid: number,
  { port }: Stage,
  { kind, seconds }: { kind: "new" | "resumed"; seconds: number },
): Promise<number> {
  const before = cpuOf(pid);
  const args = [program("handshakes.mjs"), String(port), HOST, String(seconds), kind];
  const { done, resumed } = JSON.parse(await run([process.execPath, ...args]));
  if (kind === "resumed" && resumed < done * 0.9) throw new Error("its sessions are not resumed");
  return (cpuOf(pid) - before) / done;
}

const SOCKETS = 50;

/** Messages that went there and back, per second of the proxy's CPU. */
export async function measureMessages(pid: number, stage: Stage, seconds: number): Promise<number> {
  let before = 0;
  const { echoes } = await withWebSockets(stage, { count: SOCKETS, seconds }, async () => {
    before = cpuOf(pid);
  });
  return echoes / ((cpuOf(pid) - before) / 1e6);
}

/** Bytes of memory per idle WebSocket; `open` may be fewer than were asked for. */
export async function measureIdle(
  pid: number,
  stage: Stage,
  count: number,
): Promise<{ bytes: number; open: number }> {
  // The first ones pay for what is paid once.
  await withWebSockets(stage, { count: 100, seconds: 1 }, async () => undefined);
  const before = memoryOf(pid);
  let bytes = 0;
  const { open } = await withWebSockets(stage, { count, seconds: 0 }, async (n) => {
    await sleep(3000);
    bytes = (memoryOf(pid) - before) / n;
  });
  return { bytes, open };
}

interface Talk {
  open: number;
  echoes: number;
}

async function withWebSockets(
  { port }: Stage,
  { count, seconds }: { count: number; seconds: number },
  whenOpen: (open: number) => Promise<void>,
): Promise<Talk> {
  const args = [port, HOST, count, seconds].map(String);
  const command = [process.execPath, program("websockets.mjs"), ...args];
  const child = spawn("taskset", ["-c", String(LOAD_CORE), ...command], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  const talk: Talk = { open: 0, echoes: 0 };
  try {
    for await (const text of child.stdout.setEncoding("utf8")) {
      Object.assign(talk, JSON.parse(text));
      if (talk.echoes > 0) break;
      await whenOpen(talk.open);
      if (seconds === 0) break;
    }
  } finally {
    child.kill("SIGKILL");
    await exit;
  }
  return talk;
}
