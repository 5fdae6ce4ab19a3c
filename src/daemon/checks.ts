/*
 * How to tell that the door is well: the configuration, the open door, what it serves on the wire.
 */
import type { Check, Finding } from "../kernel/check.ts";
import { GenkanError, messageOf } from "../kernel/errors.ts";
import { PORTAL_HOSTS } from "../model/plan.ts";
import type { DoorStatus } from "./control/protocol.ts";
import { lookAtPlain } from "./plain-check.ts";
import { placeOf, probe } from "./probe.ts";

export interface DoorChecksNeeds {
  /** The open door, or undefined. */
  readonly status: DoorStatus | undefined;
  readonly rootPem: string | undefined;
  readonly now: () => number;
  readonly loadConfig: () => Promise<unknown>;
}

export function doorChecks(needs: DoorChecksNeeds): Check[] {
  return [
    {
      id: "config.valid",
      title: "The configuration can be read",
      look: () => lookAtConfig(needs),
    },
    {
      id: "door.open",
      title: "The door is open",
      look: async () =>
        needs.status
          ? well(`pid ${needs.status.pid}, since ${needs.status.since}`)
          : unwell("No door is open here.", "Open it", "genkan up"),
    },
    {
      id: "door.follows",
      title: "The configuration is in force",
      dependsOn: ["config.valid", "door.open"],
      look: async () => lookAtForce(needs.status),
    },
    {
      id: "door.answers",
      title: "The door answers over https with a certificate of this authority",
      dependsOn: ["door.open"],
      look: (signal) => lookAtWire(needs, signal),
    },
    {
      id: "door.plain",
      title: "New devices find the door's first page over plain http",
      dependsOn: ["door.open"],
      look: async () =>
        needs.status ? lookAtPlain(needs.status) : { state: "unknown", why: "no door is open" },
    },
  ];
}

export function well(note?: string): Finding {
  return note === undefined ? { state: "well" } : { state: "well", note };
}

export function unwell(says: string, fix: string, command?: string): Finding {
  const way = command === undefined ? { says: fix } : { says: fix, command };
  return { state: "unwell", severity: "high", says, fix: way };
}

async function lookAtConfig({ loadConfig }: DoorChecksNeeds): Promise<Finding> {
  try {
    await loadConfig();
    return well();
  } catch (thrown) {
    if (thrown instanceof GenkanError) return unwell(thrown.message, thrown.fix);
    throw thrown;
  }
}

function lookAtForce(status: DoorStatus | undefined): Finding {
  if (!status) return { state: "unknown", why: "no door is open" };
  const { trouble, waiting } = status;
  if (trouble) return unwell(trouble.message, trouble.fix);
  if (waiting.length === 0) return well();
  const says = `Changed in the file, and waiting for the next start: ${waiting.join(", ")}.`;
  const fix = { says: "Close the door and open it again", command: "genkan stop" };
  return { state: "unwell", severity: "low", says, fix };
}

async function lookAtWire(
  { status, rootPem, now }: DoorChecksNeeds,
  signal: AbortSignal,
): Promise<Finding> {
  const at = status && placeOf(status);
  if (!at || rootPem === undefined) return { state: "unknown", why: "there is nothing to ask" };
  const where = `${at.address}:${at.port}`;
  try {
    const path = "/.well-known/genkan";
    const answer = await probe({ at, name: PORTAL_HOSTS[0], path, rootPem, signal });
    if (answer.notAfter < now()) {
      return unwell(
        `The certificate served at ${where} has expired.`,
        "Close it and open it again",
        "genkan stop && genkan up",
      );
    }
    if (answer.status === 200) return well(`certificate good until ${isoDay(answer.notAfter)}`);
    return unwell(`What answers at ${where} is not this door.`, "See who listens", "genkan status");
  } catch (thrown) {
    const says = `Asking ${where} over https failed: ${messageOf(thrown)}.`;
    return unwell(says, "See what the door says", "genkan logs");
  }
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
