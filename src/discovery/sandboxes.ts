/*
 * Containers that are sandboxes of OpenHands, by their names: which ports of this machine they are published at.
 * Pure. Names: OpenHands 0.36 docker_runtime.py (`openhands-runtime-`), 1.x docker_sandbox_service.py (`oh-agent-server-`).
 */
import type { Container } from "./container.ts";

const SANDBOX = /^(?:openhands-runtime-|oh-agent-server-)/;

export interface PublishedPort {
  readonly container: string;
  /** As Docker has it: `0.0.0.0`, `127.0.0.1`, `172.17.0.1`, `::`. */
  readonly address: string;
  /** On the machine. */
  readonly port: number;
}

export function publishedBySandboxes(containers: readonly Container[]): PublishedPort[] {
  return containers
    .filter(({ name }) => SANDBOX.test(name))
    .flatMap(({ name, ports }) =>
      ports.flatMap(({ hostAddress, hostPort }) =>
        hostAddress === undefined || hostPort === undefined
          ? []
          : [{ container: name, address: hostAddress, port: hostPort }],
      ),
    );
}
