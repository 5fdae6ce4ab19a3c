/*
 * Who may connect at all: counts connections, in all and per address, before a byte is read. Every
 * accepted TCP socket passes here; the engine ends through it what is still open when it stops.
 */
import type { Socket } from "node:net";
import type { Log } from "../../kernel/log.ts";
import { plainAddress } from "./connection.ts";
import type { Limits } from "./limits.ts";

export interface Gate {
  /** False where there are too many already; the socket is gone then. */
  admit(socket: Socket): boolean;
  /** Ends connections on which nobody has said a word yet. */
  endSilent(): void;
  /** Ends every connection at once. */
  endAll(): void;
}

export function createGate(limits: Limits, log: Log): Gate {
  const open = new Set<Socket>();
  const perAddress = new Map<string, number>();

  function forget(socket: Socket, address: string): void {
    open.delete(socket);
    const left = (perAddress.get(address) ?? 1) - 1;
    if (left === 0) perAddress.delete(address);
    else perAddress.set(address, left);
  }
  return {
    admit(socket) {
      // Resets before TLS is up have no other listener, and nobody to be told.
      socket.on("error", (why) => log.debug("connection.broken", { why }));
      const address = plainAddress(socket.remoteAddress);
      const count = perAddress.get(address) ?? 0;
      if (open.size >= limits.connections || count >= limits.connectionsPerAddress) {
        log.debug("connection.refused", { address, open: open.size });
        socket.destroy();
        return false;
      }
      open.add(socket);
      perAddress.set(address, count + 1);
      socket.on("close", () => forget(socket, address));
      return true;
    },
    endSilent() {
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    },
    endAll() {
      for (const socket of open) socket.destroy();
    },
  };
}
