/*
 * Ports for sandboxes without anything behind them: real listeners on 127.0.0.1, so that what decides about ports can
 * be tested by itself. As the door's own, it takes the sandbox's number where that is free.
 */
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { onTestFinished } from "vitest";
import type { OpenSandboxPort, SandboxPlace, SandboxPorts } from "../../src/engines/needs.ts";

export interface PlainSandboxPorts extends SandboxPorts {
  /** Every place that was opened, in order. */
  readonly opened: readonly SandboxPlace[];
}

export interface PlainOptions {
  /** Whether it may listen anywhere. */
  readonly isAllowed?: () => boolean;
}

export function plainSandboxPorts({
  isAllowed = () => true,
}: PlainOptions = {}): PlainSandboxPorts {
  const open = new Map<number, OpenSandboxPort & { readonly server: Server }>();
  const opened: SandboxPlace[] = [];
  const end = (port: number): void => {
    open.get(port)?.server.close();
    open.delete(port);
  };
  onTestFinished(() => [...open.keys()].forEach(end));
  return {
    opened,
    async open(place) {
      if (!isAllowed()) throw new Error("listen EACCES: permission denied");
      opened.push(place);
      const server = await listening(place.upstream.port).catch(() => listening(0));
      const { port: doorPort } = server.address() as { port: number };
      open.set(doorPort, { doorPort, place, server });
      return doorPort;
    },
    close: end,
    follow: () => undefined,
    list: () => [...open.values()].map(({ doorPort, place }) => ({ doorPort, place })),
    stop: async () => [...open.keys()].forEach(end),
  };
}

async function listening(port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy()).listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}
