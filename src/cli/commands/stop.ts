/*
 * `genkan stop`: closes the open door, and returns when it is closed.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { doorControl } from "../../daemon/control/client.ts";
import { daemonErrors } from "../../daemon/errors.ts";
import { readLock } from "../../platform/lock.ts";
import type { Answer, Context } from "../command.ts";

/** Looks, 100 ms apart: the door gives running exchanges five seconds, and ends in ten at most. */
const LOOKS = 100;

export async function run({ paths }: Context): Promise<Answer> {
  await doorControl(paths).stop();
  for (let look = 0; look < LOOKS; look++) {
    // Not its control socket: that closes first, while running exchanges still end.
    if (!(await readLock(paths.lock)))
      return { text: "The door is closed.", data: { closed: true } };
    await sleep(100);
  }
  throw daemonErrors.DOOR_SILENT({
    why: "it was asked to close and is still open after 10 seconds",
  });
}
