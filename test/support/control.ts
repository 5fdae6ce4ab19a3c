import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Access } from "../../src/access/access.ts";
import type { OpenInvitation } from "../../src/access/pairing.ts";
import { accessActions } from "../../src/daemon/access-actions.ts";
import type { AccessActions } from "../../src/daemon/control/access-protocol.ts";
import type { DoorStatus } from "../../src/daemon/control/protocol.ts";
import { startControl } from "../../src/daemon/control/server.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { type AccessWorld, accessWorld } from "./access.ts";
import { type CommandLine, commandLine } from "./cli.ts";
import { tempFolder } from "./temp.ts";

export interface OpenControl {
  readonly line: CommandLine;
  readonly access: Access;
  readonly world: AccessWorld;
  /** Invitations that were asked for, in order. */
  readonly invited: readonly OpenInvitation[];
  /** Closes it: what it kept is on the disk. */
  readonly close: () => Promise<void>;
}

/** For doors that are asked other things. */
export const UNASKED: AccessActions = accessActions({
  access: () => {
    throw new Error("nobody asks");
  },
  apps: () => [],
  clock: systemClock,
});

/** A door of which only the ear and what it knows of who is let in are there: nothing is carried. */
export async function openControl({ address = "192.168.1.5" } = {}): Promise<OpenControl> {
  const folder = tempFolder();
  const world = accessWorld(join(folder, "home", "state", "access"));
  const line = commandLine({ clock: world.clock, folder });
  const access = await world.open();
  const invited: OpenInvitation[] = [];
  const heard: Access = {
    ...access,
    invite: (invitation) => {
      const opened = access.invite(invitation);
      invited.push(opened);
      return opened;
    },
  };
  const status = {
    portal: "https://genkan.local",
    root: { path: "/root.pem", fingerprint: "AA:BB", words: "one two three four" },
    listening: [
      { address, port: 443, secure: true },
      { address, port: 80, secure: false },
    ],
  };
  const control = await startControl(
    join(line.home, "state", "control.sock"),
    {
      status: () => Promise.resolve(status as unknown as DoorStatus), // what these commands read of it
      reload: () => Promise.reject(new Error("nobody asks")),
      stop: () => undefined,
      access: accessActions({
        access: () => heard,
        apps: () => ["wiki", "nas"],
        clock: world.clock,
      }),
    },
    silentLog,
  );
  const close = async (): Promise<void> => {
    await control.stop();
    await access.stop();
  };
  onTestFinished(close);
  return { line, access, world, invited, close };
}
