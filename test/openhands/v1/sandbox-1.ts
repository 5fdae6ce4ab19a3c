/*
 * A sandbox of 1.x, the container oh-agent-server-{id}: agent-server, editor and two workers, each on a
 * random free port of the machine, and one key for all (V1dev:openhands/app_server/sandbox/docker_sandbox_service.py).
 */
import { randomBytes } from "node:crypto";
import type { Served } from "../stand-in.ts";
import { startUserApp, type UserAppKind } from "../user-app.ts";
import { startVsCode, type VsCode } from "../vs-code.ts";
import { type AgentServer, startAgentServer } from "./agent-server-1.ts";

interface ExposedUrl {
  readonly name: "AGENT_SERVER" | "VSCODE" | "WORKER_1" | "WORKER_2";
  readonly url: string;
  readonly port: number;
}

export interface Sandbox1 {
  /** Also the container's name. */
  readonly id: string;
  /** `OH_SESSION_API_KEYS_0`. */
  readonly key: string;
  readonly agent: AgentServer;
  readonly editor: VsCode;
  readonly worker: Served;
  readonly exposedUrls: readonly ExposedUrl[];
  readonly unexpected: () => readonly string[];
  stop(): Promise<void>;
}

export interface SandboxSpec1 {
  readonly conversation: string;
  readonly address: string;
  readonly app: UserAppKind;
  readonly origins: readonly string[];
}

export async function startSandbox1(spec: SandboxSpec1): Promise<Sandbox1> {
  const { address } = spec;
  const key = inBase62(43);
  const editor = await startVsCode(key, { address });
  const worker = await startUserApp(spec.app, { address });
  const silent = await startUserApp("friendly", { address });
  await silent.stop(); // its port is published, and nobody listens in the container
  const vscodeUrl = `http://localhost:${editor.port}/?tkn=${key}&folder=%2Fworkspace%2Fproject`;
  const agent = await startAgentServer({ ...spec, key, vscodeUrl: () => vscodeUrl });
  const parts = [agent, editor, worker];
  return {
    id: `oh-agent-server-${inBase62(22)}`,
    key,
    agent,
    editor,
    worker,
    exposedUrls: [
      { name: "AGENT_SERVER", url: agent.url, port: 8000 },
      { name: "VSCODE", url: vscodeUrl, port: 8001 },
      { name: "WORKER_1", url: worker.url, port: 8011 },
      { name: "WORKER_2", url: silent.url, port: 8012 },
    ],
    unexpected: () => parts.flatMap((part) => part.unexpected),
    stop: async () => {
      await Promise.all(parts.map((part) => part.stop()));
    },
  };
}

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** As base62.encodebytes writes ids and keys. */
function inBase62(length: number): string {
  return [...randomBytes(length)].map((byte) => DIGITS[byte % 62]).join("");
}
