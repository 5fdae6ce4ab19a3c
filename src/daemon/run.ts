/*
 * A door's life in the foreground: lock, open, wait for the end, drain, close.
 */
import type { Clock } from "../kernel/clock.ts";
import { createLog, type LogEntry } from "../kernel/log.ts";
import { printable } from "../kernel/printable.ts";
import type { Settings } from "../model/settings.ts";
import { makePrivateFolder } from "../platform/files.ts";
import type { Host } from "../platform/host.ts";
import { takeLock } from "../platform/lock.ts";
import type { Paths } from "../platform/paths.ts";
import type { Run } from "../platform/run.ts";
import { dirname } from "node:path";
import { type Door, openDoor } from "./compose.ts";
import type { PairReport } from "./control/access-protocol.ts";
import type { DoorStatus } from "./control/protocol.ts";
import { openLogFile } from "./log-file.ts";

export interface DoorRun {
  readonly host: Host;
  readonly paths: Paths;
  readonly run: Run;
  readonly clock: Clock;
  readonly load: () => Promise<Settings>;
  /** Aborted when the person asks for the end. */
  readonly signal: AbortSignal;
  /** A remark for the person who watches. */
  readonly note: (text: string) => void;
  onOpen(opened: Opened): Promise<void> | void;
  onClosing(webSockets: number): void;
}

export interface Opened {
  readonly status: DoorStatus;
  /** How to get the standard ports, where others stand in for them. */
  readonly advice: string | undefined;
  /** For the first device, where there is no owner yet. */
  readonly invitation: PairReport | undefined;
}

/** Milliseconds running exchanges have to end when the door closes. */
const GRACE = 5_000;

/**
 * Resolves when the door is closed again.
 * @throws DOOR_ALREADY_OPEN and what opening throws.
 */
export async function runDoor(spec: DoorRun): Promise<void> {
  const { paths, clock } = spec;
  await makePrivateFolder(paths.state);
  await makePrivateFolder(dirname(paths.config));
  const lock = await takeLock(paths.lock, {
    command: "genkan up",
    socket: paths.socket,
  });
  const file = openLogFile(paths.log, (why) => spec.note(`The log cannot be written: ${why}`));
  const audit = openLogFile(paths.audit, (why) => {
    spec.note(`The audit log cannot be written: ${why}`);
  });
  const write = (entry: LogEntry): void => {
    file.write(entry);
    if (entry.level === "error") spec.note(lineOf(entry));
  };
  // Single requests that went well are no news, and writing each would cost more than carrying it.
  const log = createLog(clock.now, write, "info");
  try {
    const asked = new AbortController();
    const writeAudit = (entry: LogEntry): void => {
      audit.write(entry);
      const remark = remarkOn(entry);
      if (remark !== undefined) spec.note(remark);
    };
    const door = await openDoor({ ...spec, log, writeAudit, onStop: () => asked.abort() });
    await keepOpen(door, spec, AbortSignal.any([spec.signal, asked.signal]));
  } finally {
    await audit.stop();
    await file.stop();
    await lock.stop();
  }
}

/** What the person who watches must hear at once: who took the digits, and that somebody guesses at them. */
function remarkOn({ event, ...fields }: LogEntry): string | undefined {
  const [name, role, address] = [fields["name"], fields["role"], fields["address"]].map(String);
  if (event === "device.paired") {
    return printable(`${name} was let in (${role}, from ${address}). Not you? genkan devices`);
  }
  if (event !== "pairing.locked-out") return undefined;
  return "Wrong digits were typed so often that none are taken for ten minutes. If that was not you, somebody on this network is guessing: genkan logs --audit";
}

async function keepOpen(door: Door, spec: DoorRun, end: AbortSignal): Promise<void> {
  const invitation = await door.firstInvitation();
  await spec.onOpen({ status: await door.status(), advice: door.advice, invitation });
  await aborted(end);
  const { apps } = await door.status();
  spec.onClosing(apps.reduce((sum, app) => sum + app.webSockets, 0));
  await door.stop(GRACE);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function lineOf({ at, level, event, ...fields }: LogEntry): string {
  return printable(`${at} ${level} ${event} ${JSON.stringify(fields)}`, Infinity);
}
