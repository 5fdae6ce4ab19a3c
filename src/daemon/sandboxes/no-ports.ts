/*
 * Stands in for ports that nobody can open: every sandbox is refused, and its app says so.
 */
import type { SandboxPorts } from "../../engines/needs.ts";

export const NO_SANDBOX_PORTS: SandboxPorts = {
  open: async () => {
    throw new Error("this door cannot listen for sandboxes");
  },
  close: () => undefined,
  follow: () => undefined,
  list: () => [],
  stop: async () => undefined,
};
