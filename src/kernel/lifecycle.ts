/*
 * Things that were started and must be stopped: in reverse order, each once, and one that fails to
 * stop does not keep the others running.
 */
import { messageOf } from "./errors.ts";
import type { Log } from "./log.ts";

export interface Running {
  /** Ends it. Calling it again is harmless. */
  stop(): Promise<void>;
}

export interface Lifecycle extends Running {
  /** Remembers how to end a part; gives the part back. */
  add<T extends Running>(name: string, part: T): T;
}

export function createLifecycle(log: Log): Lifecycle {
  const parts: { name: string; part: Running }[] = [];
  let stopping: Promise<void> | undefined;

  async function stopAll(): Promise<void> {
    for (const { name, part } of parts.reverse()) {
      try {
        await part.stop();
      } catch (thrown) {
        log.error("part.stop-failed", { part: name, why: messageOf(thrown) });
      }
    }
  }
  return {
    add(name, part) {
      parts.push({ name, part });
      return part;
    },
    stop: () => (stopping ??= stopAll()),
  };
}
