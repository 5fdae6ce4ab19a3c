import { join } from "node:path";
import { type Access, openAccess } from "../../src/access/access.ts";
import type { AccessNeeds } from "../../src/access/needs.ts";
import type { PairingWish } from "../../src/access/pair-device.ts";
import type { Invitation } from "../../src/access/pairing.ts";
import { silentLog } from "../../src/kernel/log.ts";
import type { LogEntry } from "../../src/kernel/log.ts";
import { movedClock, type MovedClock } from "./clock.ts";
import { tempFolder } from "./temp.ts";

export interface AccessWorld extends AccessNeeds {
  readonly clock: MovedClock;
  /** Moves both clocks on: time went by. (`clock.move` alone is somebody setting the wall clock.) */
  pass(ms: number): void;
  /** What is due at intervals, done now. */
  tick(): void;
  readonly audited: readonly LogEntry[];
  open(): Promise<Access>;
}

/** A home's access folder with clocks the test owns. */
export function accessWorld(dir = join(tempFolder(), "access")): AccessWorld {
  const wall = movedClock();
  let steady = 1_000_000;
  const tasks = new Set<() => void>();
  const audited: LogEntry[] = [];
  const clock: MovedClock = {
    ...wall,
    every: (_, task) => {
      tasks.add(task);
      return () => void tasks.delete(task);
    },
  };
  const needs: AccessNeeds = {
    dir,
    clock,
    steadyNow: () => steady,
    log: silentLog,
    writeAudit: (entry) => void audited.push(entry),
  };
  return {
    ...needs,
    clock,
    audited,
    pass: (ms) => {
      wall.move(ms);
      steady += ms;
    },
    tick: () => {
      for (const task of tasks) task();
    },
    open: () => openAccess(needs),
  };
}

export const PORTAL = "genkan.local";
export const MEMBER: Invitation = { role: "member", name: undefined, expires: null };

/** What a phone says that wants to be paired. */
export function wish(text: string, more: Partial<PairingWish> = {}): PairingWish {
  return { text, name: "Phone", kind: "iphone", address: "192.168.1.20", host: PORTAL, ...more };
}

/** Invites a device and pairs it; gives it with its session's token at the portal. */
export async function pairDevice(
  access: Access,
  name: string,
  invitation: Partial<Invitation> = {},
): Promise<{ id: string; token: string }> {
  const { digits } = access.invite({ ...MEMBER, name, ...invitation });
  const paired = await access.pair(wish(digits));
  if (paired.is !== "paired") throw new Error(`pairing said ${paired.is}`);
  return { id: paired.device.id, token: paired.token };
}
