/*
 * What the command line asks of an open door about who is let in. compose.ts hands it to the control socket.
 */
import type { Access } from "../access/access.ts";
import { INVITATION_LIFE, type OpenInvitation } from "../access/pairing.ts";
import { newId } from "../access/secrets.ts";
import type { Clock } from "../kernel/clock.ts";
import { deviceReport, devicesReport, tokenReport } from "./access-reports.ts";
import type { AccessActions, PairReport, PairWish } from "./control/access-protocol.ts";
import { daemonErrors } from "./errors.ts";

export interface AccessActionsNeeds {
  /** @throws where what is kept of who may come in cannot be read. */
  readonly access: () => Access;
  /** The names of the apps at the door. */
  readonly apps: () => readonly string[];
  readonly clock: Pick<Clock, "now">;
}

export function accessActions(needs: AccessActionsNeeds): AccessActions {
  const { access, clock } = needs;
  const made = new Map<string, Made>();
  return {
    devices: async () => devicesReport(access().devices, access().lockedMs()),
    pair: async (wish) => invite(needs, made, wish),
    async invitation(id) {
      const { open, taker } = made.get(id) ?? {};
      // Revoked since, perhaps: then there is nobody to tell of.
      const device = access().devices.alive(taker?.() ?? "");
      if (device) return { is: "taken", device: deviceReport(device, true) };
      return { is: open?.isOpen() ? "open" : "over" };
    },
    async revoke(text) {
      const { devices } = access();
      const before = [...devices.list()];
      const device = await access().revoke(text);
      const left = new Set(devices.list().map(({ id }) => id));
      const gone = before.filter(({ id }) => !left.has(id) && id !== device.id);
      const withIt = gone.map(({ name }) => name);
      return { device: deviceReport(device, false), withIt, hasOwner: devices.hasOwner() };
    },
    tokens: async () =>
      access()
        .tokens.list()
        .map((token) => tokenReport(token, clock.now())),
    async makeToken({ name, apps, goodForMs }) {
      const known = needs.apps();
      const unknown = apps.find((app) => !known.includes(app));
      if (unknown !== undefined)
        throw daemonErrors.APP_NOT_AT_DOOR({ name: unknown, names: known });
      const now = clock.now();
      const expires = goodForMs === null ? null : now + goodForMs;
      const { tokens } = access();
      const token = await tokens.create({ name, apps, expires });
      const times = { madeAt: now, lastSeen: now, expires, ended: false };
      return { ...tokenReport({ name, apps, ...times }, now), token };
    },
    removeToken: (name) => access().tokens.remove(name),
  };
}

/** An invitation for whoever becomes the owner; undefined where there is one. */
export async function firstInvitation(access: AccessActions): Promise<PairReport | undefined> {
  const { hasOwner } = await access.devices();
  return hasOwner ? undefined : access.pair({ role: "owner", name: null, stayMs: null });
}

interface Made {
  readonly open: OpenInvitation;
  /** The id of the device that took it. */
  readonly taker: () => string | undefined;
}

/** Remembered for those who wait. */
const MOST_MADE = 20;

function invite(
  { access, clock }: AccessActionsNeeds,
  made: Map<string, Made>,
  { role, name, stayMs }: PairWish,
): PairReport {
  const now = clock.now();
  const guestUntil = stayMs === null ? null : now + stayMs;
  let device: string | undefined;
  const invitation = {
    role,
    name: name ?? undefined,
    expires: guestUntil,
    onTaken: (id: string) => void (device = id),
  };
  const id = newId();
  const open = access().invite(invitation);
  made.set(id, { open, taker: () => device });
  if (made.size > MOST_MADE) made.delete(String([...made.keys()][0]));
  return {
    id,
    digits: open.digits,
    expires: new Date(now + INVITATION_LIFE).toISOString(),
    role: role === "guest" || access().devices.hasOwner() ? role : "owner",
    guestUntil: guestUntil === null ? null : new Date(guestUntil).toISOString(),
  };
}
