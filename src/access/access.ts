/*
 * Who is let in: inviting, pairing, signing in at other names, revoking, and the gate. The daemon
 * opens one; portal, engines and the control socket are handed what they need of it.
 */
import { join } from "node:path";
import type { Running } from "../kernel/lifecycle.ts";
import { sessionKey } from "../model/admission.ts";
import { type Audit, createAudit } from "./audit.ts";
import { type Device, type Devices, openDevices } from "./devices.ts";
import { createEndings, type Endings } from "./endings.ts";
import { createGate, type Gate } from "./gate.ts";
import { createHandOver, type HandOver } from "./hand-over.ts";
import { ifPossible } from "./if-possible.ts";
import { inTurn } from "./in-turn.ts";
import type { AccessNeeds } from "./needs.ts";
import { type Paired, pairDevice, type PairingWish } from "./pair-device.ts";
import { createPasskeyAccess, type PasskeyAccess } from "./passkeys-access.ts";
import { createChallenges } from "./passkeys-challenges.ts";
import { openPasskeys, type Passkeys } from "./passkeys.ts";
import { createPairing, type Invitation, type OpenInvitation, type Pairing } from "./pairing.ts";
import { openSessions, type Sessions } from "./sessions.ts";
import { openTokens, type Tokens } from "./tokens.ts";

export interface Access extends Running {
  readonly gate: Gate;
  readonly audit: Audit;
  readonly devices: Pick<Devices, "list" | "alive" | "branch" | "named" | "hasOwner">;
  readonly tokens: Pick<Tokens, "list" | "create" | "remove">;
  readonly passkeys: PasskeyAccess;
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
   * Ends a device's session at one host, or everywhere, and what it has open there; it stays a device of the
   * household, and comes back with a passkey or by being paired again. @throws FILE_NOT_WRITABLE
   */
  signOut(device: string, host?: string): Promise<void>;
  /**
   * Ends a device, now, and all that came in through it: sessions, open connections (see onEnd), passkeys.
   * @param text a name or an id. @throws DEVICE_UNKNOWN, DEVICE_AMBIGUOUS; FILE_NOT_WRITABLE, and then
   *   it is out until the door closes.
   */
  revoke(text: string): Promise<Device>;
  /**
   * Gives a device another name, or it and all that came in through it another role. @param text a name or an id.
   * @throws DEVICE_UNKNOWN, DEVICE_AMBIGUOUS, FILE_NOT_WRITABLE
   */
  change(text: string, to: Partial<Pick<Device, "name" | "role">>): Promise<void>;
  /**
   * Told of everything that ends, or may do less than before, for those who hold connections of it: devices and
   * tokens by their id, sessions by their key (model/admission.ts). @returns ends that.
   */
  onEnd(listener: (who: string) => void): () => void;
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
    passkeys: await openPasskeys(join(dir, "passkeys.json")),
  };
  const audit = createAudit(clock, steadyNow, needs.writeAudit);
  const world: World = {
    ...needs,
    ...stores,
    audit,
    pairing: createPairing(steadyNow, () => audit.write("pairing.locked-out")),
    handOvers: createHandOver(steadyNow),
    endings: createEndings({ ...stores, clock, log }),
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
    passkeys: passkeysOf(world),
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
  readonly passkeys: Passkeys;
  readonly audit: Audit;
  readonly pairing: Pairing;
  readonly handOvers: HandOver;
  readonly endings: Endings;
}

function pairingUp(world: World): Pick<Access, "invite" | "isInviting" | "lockedMs" | "pair"> {
  const { audit, pairing } = world;
  return {
    invite(invitation) {
      const { role, expires } = invitation;
      audit.write("pairing.opened", { role, until: dateOf(expires) });
      return pairing.open(invitation);
    },
    isInviting: () => pairing.count() > 0,
    lockedMs: () => pairing.lockedMs(),
    pair: inTurn((wish: PairingWish) => pairDevice(world, wish)),
  };
}

function changing(world: World): Pick<Access, "revoke" | "change"> {
  const { devices, sessions, passkeys, pairing, audit, endings } = world;
  return {
    async revoke(text) {
      const device = devices.named(text);
      const branch = devices.branch(device.id);
      const ids = branch.map(({ id }) => id);
      pairing.close(ids);
      for (const { id, name, through } of branch) {
        endings.revoke(id);
        audit.write("device.revoked", { device: id, name, through });
      }
      await devices.remove(ids);
      await passkeys.remove(passkeys.of(ids).map(({ id }) => id));
      for (const id of ids) await sessions.endAll(id);
      return device;
    },
    async change(text, to) {
      const device = devices.named(text);
      const before = devices.branch(device.id);
      await devices.change(device.id, to);
      audit.write("device.changed", { device: device.id, ...to });
      if (to.role === undefined) return;
      pairing.close(before.filter(({ role }) => role !== to.role).map(({ id }) => id));
      for (const { id, role } of before) if (role !== to.role) endings.interrupt(id);
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
      endings.interrupt(host === undefined ? device : sessionKey(device, host));
    },
  };
}

function passkeysOf(world: World): PasskeyAccess {
  const { devices, endings, steadyNow } = world;
  const challenges = createChallenges(steadyNow);
  const alive = (id: string): Device | undefined =>
    endings.isRevoked(id) ? undefined : devices.alive(id);
  return createPasskeyAccess({ ...world, challenges, alive });
}

function auditedTokens({ tokens, audit, endings }: World): Access["tokens"] {
  return {
    list: () => tokens.list(),
    async create(wish) {
      const token = await tokens.create(wish);
      const { name, apps, expires } = wish;
      audit.write("token.created", { name, apps, until: dateOf(expires) });
      return token;
    },
    async remove(name) {
      const token = tokens.list().find((one) => one.name === name);
      await tokens.remove(name);
      audit.write("token.removed", { name });
      if (token) endings.interrupt(token.id);
    },
  };
}

/** As people read it, for what has an end. */
function dateOf(expires: number | null): string | undefined {
  return expires === null ? undefined : new Date(expires).toISOString();
}

/** What a pairing or a revocation that was cut off left behind. */
async function sweep({ devices, sessions, passkeys, log }: World): Promise<void> {
  const known = new Set(devices.list().map(({ id }) => id));
  const isDevice = (id: string): boolean => known.has(id);
  await ifPossible(log, () => sessions.sweep(isDevice));
  await ifPossible(log, () => passkeys.sweep(isDevice));
}

/** What was noted, onto the disk. */
async function flush({ devices, sessions, tokens, log }: World): Promise<void> {
  for (const part of [devices, sessions, tokens]) await ifPossible(log, () => part.flush());
}
