/*
 * Who is let in: inviting, pairing, signing in at other names, revoking, and the gate. The daemon
 * opens one; portal, engines and the control socket are handed what they need of it.
 */
import { join } from "node:path";
import { GenkanError } from "../kernel/errors.ts";
import type { Running } from "../kernel/lifecycle.ts";
import type { Log } from "../kernel/log.ts";
import { printable } from "../kernel/printable.ts";
import { type Audit, createAudit } from "./audit.ts";
import { type Device, type Devices, openDevices } from "./devices.ts";
import { createEndings, type Endings } from "./endings.ts";
import { createGate, type Gate } from "./gate.ts";
import { createHandOver, type HandOver } from "./hand-over.ts";
import type { AccessNeeds } from "./needs.ts";
import { createPairing, type Invitation, type OpenInvitation, type Pairing } from "./pairing.ts";
import { newId } from "./secrets.ts";
import { openSessions, type Sessions } from "./sessions.ts";
import { openTokens, type Tokens } from "./tokens.ts";

/** What a device that wants to be paired says, and where it says it. */
export interface PairingWish {
  /** The digits that were typed, or the secret that was scanned. */
  readonly text: string;
  /** What it calls itself, and what it looks like: `iphone`, `mac`, … */
  readonly name: string;
  readonly kind: string;
  readonly address: string;
  /** The portal's host it is at: its first session is there. */
  readonly host: string;
}

export type Paired =
  | { readonly is: "paired"; readonly device: Device; readonly token: string }
  | { readonly is: "wrong" }
  | { readonly is: "locked"; readonly by: "source" | "all"; readonly waitMs: number };

export interface Access extends Running {
  readonly gate: Gate;
  readonly audit: Audit;
  readonly devices: Pick<Devices, "list" | "alive" | "named" | "hasOwner">;
  readonly tokens: Pick<Tokens, "list" | "create" | "remove">;
  /** Opens an invitation for ten minutes; where there is no owner yet, whoever takes it becomes the owner. */
  invite(invitation: Invitation): OpenInvitation;
  /** Whether an invitation is open at this moment. */
  isInviting(): boolean;
  /** Milliseconds that digits are taken from nobody, since too many were guessed; 0 where they are. */
  lockedMs(): number;
  /** @throws ACCESS_FULL, FILE_NOT_WRITABLE; then nothing is paired, and the invitation is still open. */
  pair(wish: PairingWish): Promise<Paired>;
  /** A session at a host for a device that proved who it is (passkey, portal). @throws FILE_NOT_WRITABLE */
  signIn(device: string, host: string): Promise<string>;
  /** A code that takes a device from the portal to another host. */
  handOver(to: Parameters<HandOver["issue"]>[0]): string;
  /** The session at `host` for a code; undefined where the code is not good here. @throws FILE_NOT_WRITABLE */
  takeOver(code: string, at: { host: string; nonce: string }): Promise<string | undefined>;
  /** A new token for a stale session; undefined where the old one stays. @throws FILE_NOT_WRITABLE */
  renew(token: string, host: string): Promise<string | undefined>;
  /**
   * Ends a device's session at one host, or everywhere, and its open connections with it; it stays a device of the
   * household, and comes back with a passkey or by being paired again. @throws FILE_NOT_WRITABLE
   */
  signOut(device: string, host?: string): Promise<void>;
  /**
   * Ends a device, now: its sessions, its open connections (see onEnd).
   * @param text a name or an id. @throws DEVICE_UNKNOWN, DEVICE_AMBIGUOUS; FILE_NOT_WRITABLE, and then
   *   it is out until the door closes.
   */
  revoke(text: string): Promise<Device>;
  /**
   * Gives a device another name or role. @param text a name or an id.
   * @throws DEVICE_UNKNOWN, DEVICE_AMBIGUOUS, FILE_NOT_WRITABLE
   */
  change(text: string, to: Partial<Pick<Device, "name" | "role">>): Promise<void>;
  /** Told of every device that ends, or may do less than before, for those who hold connections of it. @returns ends that. */
  onEnd(listener: (device: string) => void): () => void;
}

/** Milliseconds between writings of what was only noted. */
const FLUSH_EVERY = 5 * 60_000;

/** @throws ACCESS_STATE_DAMAGED, ACCESS_STATE_FOREIGN, FILE_NOT_READABLE: then nobody can be let in. */
export async function openAccess(needs: AccessNeeds): Promise<Access> {
  const { dir, clock, steadyNow, log } = needs;
  const stores = {
    devices: await openDevices(join(dir, "devices.json"), clock.now),
    sessions: await openSessions(join(dir, "sessions.json"), clock.now),
    tokens: await openTokens(join(dir, "tokens.json"), clock.now),
  };
  const audit = createAudit(clock, steadyNow, needs.writeAudit);
  const world: World = {
    ...needs,
    ...stores,
    audit,
    pairing: createPairing(steadyNow, () => audit.write("pairing.locked-out")),
    handOvers: createHandOver(steadyNow),
    endings: createEndings(stores.devices, clock),
  };
  await sweep(world);
  const keep = (): Promise<void> => flush(world);
  const unwatch = clock.every(FLUSH_EVERY, () => void keep());
  const { endings } = world;
  return {
    gate: createGate({ ...stores, log, isRevoked: (device) => endings.isRevoked(device) }),
    audit,
    devices: stores.devices,
    tokens: auditedTokens(world),
    ...pairingUp(world),
    ...signingIn(world),
    ...changing(world),
    onEnd: (listener) => endings.onEnd(listener),
    async stop() {
      unwatch();
      endings.stop();
      await keep();
    },
  };
}

interface World extends AccessNeeds {
  readonly devices: Devices;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly audit: Audit;
  readonly pairing: Pairing;
  readonly handOvers: HandOver;
  readonly endings: Endings;
}

function pairingUp(world: World): Pick<Access, "invite" | "isInviting" | "lockedMs" | "pair"> {
  const { audit, pairing } = world;
  return {
    invite(invitation) {
      audit.write("pairing.opened", { role: invitation.role, expires: invitation.expires });
      return pairing.open(invitation);
    },
    isInviting: () => pairing.count() > 0,
    lockedMs: () => pairing.lockedMs(),
    pair: inTurn((wish: PairingWish) => pairDevice(world, wish)),
  };
}

function changing(world: World): Pick<Access, "revoke" | "change"> {
  const { devices, sessions, audit, endings } = world;
  return {
    async revoke(text) {
      const device = devices.named(text);
      endings.revoke(device.id);
      audit.write("device.revoked", { device: device.id, name: device.name });
      await devices.remove(device.id);
      await sessions.endAll(device.id);
      return device;
    },
    async change(text, to) {
      const device = devices.named(text);
      await devices.change(device.id, to);
      audit.write("device.changed", { device: device.id, ...to });
      if (to.role !== undefined && to.role !== device.role) endings.interrupt(device.id);
    },
  };
}

function signingIn(
  world: World,
): Pick<Access, "signIn" | "handOver" | "takeOver" | "renew" | "signOut"> {
  const { sessions, devices, audit, handOvers, endings } = world;
  async function signIn(device: string, host: string): Promise<string> {
    const token = await sessions.begin(device, host);
    audit.write("device.signed-in", { device, host });
    return token;
  }
  return {
    signIn,
    handOver: (to) => handOvers.issue(to),
    async takeOver(code, at) {
      const id = handOvers.redeem(code, at);
      const device = id === undefined ? undefined : devices.alive(id);
      if (device) return signIn(device.id, at.host);
      audit.write("visitor.refused", { why: "hand-over", host: at.host });
      return undefined;
    },
    renew: (token, host) => sessions.rotate(token, host),
    async signOut(device, host) {
      await (host === undefined ? sessions.endAll(device) : sessions.end(device, host));
      audit.write("device.signed-out", { device, host });
      endings.interrupt(device);
    },
  };
}

function auditedTokens({ tokens, audit }: World): Access["tokens"] {
  return {
    list: () => tokens.list(),
    async create(wish) {
      const token = await tokens.create(wish);
      const { name, apps, expires } = wish;
      audit.write("token.created", { name, apps, expires });
      return token;
    },
    async remove(name) {
      await tokens.remove(name);
      audit.write("token.removed", { name });
    },
  };
}

/** The session first: without its device it opens nothing, so a cut in between pairs nobody. */
async function pairDevice(world: World, wish: PairingWish): Promise<Paired> {
  const { pairing, sessions, devices, audit } = world;
  const { address, host } = wish;
  const redeemed = pairing.redeem(wish.text, address);
  if (redeemed.is !== "invited") {
    const why = redeemed.is === "locked" ? `locked out (${redeemed.by})` : "wrong digits";
    audit.write("pairing.refused", { why, address });
    return redeemed;
  }
  const device = newDevice(world, wish, redeemed.invitation);
  try {
    const token = await sessions.begin(device.id, host);
    await devices.add(device);
    const { id, name, kind, role } = device;
    audit.write("device.paired", { device: id, name, kind, role, address });
    redeemed.invitation.onTaken?.(id);
    return { is: "paired", device, token };
  } catch (thrown) {
    redeemed.giveBack();
    await forget(world, device.id);
    throw thrown;
  }
}

/** Longest name a device may give itself. */
const LONGEST_NAME = 60;

function newDevice({ devices, clock }: World, wish: PairingWish, invitation: Invitation): Device {
  const now = clock.now();
  const isFirst = invitation.role !== "guest" && !devices.hasOwner();
  return {
    id: newId(),
    name: printable(invitation.name ?? wish.name, LONGEST_NAME) || "device",
    kind: printable(wish.kind, LONGEST_NAME),
    role: isFirst ? "owner" : invitation.role,
    pairedAt: now,
    lastSeen: now,
    expires: isFirst ? null : invitation.expires,
    ended: false,
    addresses: [wish.address],
    apps: [],
  };
}

/** Sessions of a device that did not come to be; where that fails too, they open nothing. */
function forget({ sessions, log }: World, device: string): Promise<void> {
  return ifPossible(log, () => sessions.endAll(device));
}

/** What a pairing that was cut off left behind. */
function sweep({ devices, sessions, log }: World): Promise<void> {
  const known = new Set(devices.list().map(({ id }) => id));
  return ifPossible(log, () => sessions.sweep((id) => known.has(id)));
}

/** What was noted, onto the disk. */
async function flush({ devices, sessions, tokens, log }: World): Promise<void> {
  for (const part of [devices, sessions, tokens]) await ifPossible(log, () => part.flush());
}

/** Where the disk is full now, it is done later: nothing depends on it. */
async function ifPossible(log: Log, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (thrown) {
    if (!(thrown instanceof GenkanError)) throw thrown;
    log.warn("access.not-written", { why: thrown.message });
  }
}

/** One at a time: of two first devices only one becomes the owner. */
function inTurn<Input, Output>(task: (input: Input) => Promise<Output>) {
  let queue: Promise<unknown> = Promise.resolve();
  return (input: Input): Promise<Output> => {
    const turn = queue.then(() => task(input));
    queue = turn.catch(() => undefined); // whoever asked hears of it through `turn`
    return turn;
  };
}
