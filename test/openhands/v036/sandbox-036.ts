/*
 * A runtime container of 0.36, openhands-runtime-{conversation_id}: action server, editor and two app ports,
 * each on a port drawn from its range and published under the same number
 * (V0:openhands/runtime/impl/docker/docker_runtime.py).
 */
import { randomUUID } from "node:crypto";
import { freePortIn, type PortRange } from "../ports.ts";
import { type Served, serve } from "../stand-in.ts";
import { startUserApp, type UserAppKind } from "../user-app.ts";
import { startVsCode, type VsCode } from "../vs-code.ts";

/** EXECUTION_SERVER_PORT_RANGE and its neighbours in docker_runtime.py. */
const PORTS_036 = {
  actions: { from: 30_000, to: 39_999 },
  editor: { from: 40_000, to: 49_999 },
  app1: { from: 50_000, to: 54_999 },
  app2: { from: 55_000, to: 59_999 },
} satisfies Readonly<Record<string, PortRange>>;

export interface Sandbox036 {
  readonly containerName: string;
  readonly actions: Served;
  readonly editor: VsCode;
  /** The first app port listens; nobody serves on the second. */
  readonly app: Served;
  readonly silentPort: number;
  /** What vscode-url answers. */
  readonly vscodeUrl: string;
  /** What web-hosts answers. */
  readonly webHosts: Readonly<Record<string, number>>;
  readonly unexpected: () => readonly string[];
  stop(): Promise<void>;
}

export interface SandboxSpec036 {
  readonly conversation: string;
  /** SANDBOX_RUNTIME_BINDING_ADDRESS. */
  readonly address: string;
  readonly app: UserAppKind;
}

export async function startSandbox036(spec: SandboxSpec036): Promise<Sandbox036> {
  const at = async (range: PortRange): Promise<{ address: string; port: number }> => {
    const { address } = spec;
    return { address, port: await freePortIn(range, address) };
  };
  const actions = await startActions(await at(PORTS_036.actions));
  const editor = await startVsCode(randomUUID(), await at(PORTS_036.editor));
  const app = await startUserApp(spec.app, await at(PORTS_036.app1));
  const { port: silentPort } = await at(PORTS_036.app2);
  const parts = [actions, editor, app];
  return {
    containerName: `openhands-runtime-${spec.conversation}`,
    actions,
    editor,
    app,
    silentPort,
    vscodeUrl: `http://localhost:${editor.port}/?tkn=${editor.token}&folder=/workspace`,
    webHosts: {
      [`http://localhost:${app.port}`]: app.port,
      [`http://localhost:${silentPort}`]: silentPort,
    },
    unexpected: () => parts.flatMap((part) => part.unexpected),
    stop: async () => {
      await Promise.all(parts.map((part) => part.stop()));
    },
  };
}

/** The action server asks nobody who they are (section 1.5); through a door nobody may come here at all. */
function startActions(place: { address: string; port: number }): Promise<Served> {
  return serve(
    {
      name: "action server",
      routes: [
        ["GET", /^\/alive$/, () => ({ json: { status: "ok" } })],
        ["GET", /^\/server_info$/, () => ({ json: { uptime: 1, idle_time: 1 } })],
      ],
    },
    place,
  );
}
