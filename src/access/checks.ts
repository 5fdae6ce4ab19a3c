/*
 * What doctor asks about who is let in. Only looks: what is kept is read anew from the disk, and what an open
 * door alone knows is handed in.
 */
import { join } from "node:path";
import type { Check, Finding } from "../kernel/check.ts";
import { GenkanError } from "../kernel/errors.ts";
import { shellWord } from "../platform/shell-word.ts";
import { openDevices } from "./devices.ts";
import { openPasskeys } from "./passkeys.ts";
import { openSessions } from "./sessions.ts";
import { openTokens } from "./tokens.ts";

export interface AccessChecksNeeds {
  /** Where it is kept. */
  readonly dir: string;
  /** Milliseconds since the epoch, by the wall clock. */
  readonly now: () => number;
  /** What the open door says; undefined where none is open. */
  readonly door: DoorFacts | undefined;
}

export interface DoorFacts {
  /** Why nobody can be let in, while that is so. */
  readonly trouble: { readonly message: string; readonly fix: string } | undefined;
  /** Whether an app at the door asks who somebody is. */
  readonly asks: boolean;
  /** Milliseconds that digits are taken from nobody, since too many were guessed; 0 where they are. */
  readonly lockedMs: number;
}

export function accessChecks(needs: AccessChecksNeeds): Check[] {
  const dependsOn = ["access.state"];
  return [
    {
      id: "access.state",
      title: "What is kept of who is let in can be read",
      look: () => lookAtState(needs),
    },
    {
      id: "access.owner",
      title: "Somebody is let in who may let others in",
      dependsOn,
      look: () => lookAtOwner(needs),
    },
    {
      id: "access.guests",
      title: "No guest is kept whose time is over",
      dependsOn,
      look: () => lookAtGuests(needs),
    },
    {
      id: "access.guesses",
      title: "Nobody guesses at the digits of an invitation",
      dependsOn,
      look: async () => lookAtGuesses(needs.door),
    },
  ];
}

function unwell(severity: "high" | "low", says: string, fix: { says: string; command?: string }) {
  return { state: "unwell", severity, says, fix } as const;
}

async function lookAtState({ dir, now, door }: AccessChecksNeeds): Promise<Finding> {
  try {
    await openDevices(join(dir, "devices.json"), now);
    await openSessions(join(dir, "sessions.json"), now);
    await openTokens(join(dir, "tokens.json"), now);
    await openPasskeys(join(dir, "passkeys.json"));
  } catch (thrown) {
    if (thrown instanceof GenkanError) return unwell("high", thrown.message, { says: thrown.fix });
    throw thrown;
  }
  if (!door?.trouble) return { state: "well" };
  const says = `The open door could not read it when it opened, and lets nobody in: ${door.trouble.message}`;
  return unwell("high", says, { says: "Close it and open it again", command: "genkan stop" });
}

async function lookAtOwner({ dir, now, door }: AccessChecksNeeds): Promise<Finding> {
  const devices = await openDevices(join(dir, "devices.json"), now);
  if (devices.hasOwner()) return { state: "well" };
  if (!door) return { state: "unknown", why: "no door is open, and no device is an owner yet" };
  if (!door.asks) return { state: "well", note: "nobody yet, and every app is open to everyone" };
  const says = "No device is an owner, so nobody can let devices in from the portal.";
  return unwell("high", says, { says: "Let the first one in", command: "genkan pair" });
}

async function lookAtGuests({ dir, now }: AccessChecksNeeds): Promise<Finding> {
  const devices = await openDevices(join(dir, "devices.json"), now);
  const over = devices
    .list()
    .filter(({ id, through }) => through === null && devices.alive(id) === undefined);
  const [first] = over;
  if (!first) return { state: "well" };
  const says = `The time of ${over.map(({ name }) => name).join(", ")} is over: nobody comes in by that, and the list grows.`;
  const command = `genkan revoke ${shellWord(over.length === 1 ? first.name : first.id)}`;
  return unwell("low", says, { says: "Take it off the list", command });
}

function lookAtGuesses(door: DoorFacts | undefined): Finding {
  if (!door) return { state: "unknown", why: "no door is open" };
  if (door.lockedMs === 0) return { state: "well" };
  const minutes = Math.ceil(door.lockedMs / 60_000);
  const says = `Wrong digits were typed so often that none are taken for ${minutes} more minutes: somebody on this network may be guessing.`;
  const fix = "See from where (genkan logs --audit); then let your device in with new digits";
  return unwell("high", says, { says: fix, command: "genkan pair" });
}
