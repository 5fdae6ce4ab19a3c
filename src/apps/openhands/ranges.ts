/*
 * The ports a generation of OpenHands gives to its sandboxes. What is outside is never opened, whoever names it.
 * Called by read-places.ts and by checks. Pure.
 */
import type { Generation, SandboxKind } from "./place.ts";

/** Inclusive. */
interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** V0:openhands/runtime/impl/docker/docker_runtime.py: VSCODE_PORT_RANGE, APP_PORT_RANGE_1 and _2. */
const OF_036: Readonly<Record<SandboxKind, readonly PortRange[]>> = {
  // Its action server (30000-39999) is asked by the app alone: no browser is sent there.
  "agent-server": [],
  editor: [{ from: 40_000, to: 49_999 }],
  app: [{ from: 50_000, to: 59_999 }],
};

/**
 * V1dev:docker_sandbox_service.py binds port 0: what the system gives then, from Linux' 32768 (ip-sysctl.rst,
 * ip_local_port_range) or RFC 6335's 49152 up. With the host's network the sandbox has its ports of the inside; without
 * Docker (process_sandbox_service.py) its agent-server is at the first free one from 8000 up.
 */
const OF_1: Readonly<Record<SandboxKind, readonly PortRange[]>> = {
  "agent-server": [
    { from: 32_768, to: 65_535 },
    { from: 8_000, to: 8_099 },
  ],
  editor: [
    { from: 32_768, to: 65_535 },
    { from: 8_001, to: 8_001 },
  ],
  app: [
    { from: 32_768, to: 65_535 },
    { from: 8_011, to: 8_012 },
  ],
};

const RANGES = { "0.36": OF_036, "1": OF_1 } as const;

export function isInRange(port: number, generation: Generation, kind: SandboxKind): boolean {
  return RANGES[generation][kind].some(({ from, to }) => port >= from && port <= to);
}
