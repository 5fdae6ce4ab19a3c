/*
 * The devices of the household: an owner's sees, renames and revokes all of them, every other itself
 * alone.
 */
import { printable } from "../../kernel/printable.ts";
import { page, pathTo, seeOther } from "./answers.ts";
import { devicesPage, revokePage } from "./devices-page.tsx";
import type { DeviceVisit } from "./for-device.tsx";
import type { PairedDevice } from "./needs.ts";

/** GET /devices */
export function showDevices({ visit, device }: DeviceVisit): Response {
  const all = visit.world.access.devices.list();
  const own = all.filter(({ id }) => id === device.id);
  const others = all.filter(({ id }) => id !== device.id);
  const byLastSeen = others.toSorted((a, b) => b.lastSeen - a.lastSeen);
  return page(devicesPage(visit, device.role === "owner" ? [...own, ...byLastSeen] : own));
}

const LONGEST_NAME = 60;

/** POST /devices/rename: any device itself, an owner's every one. */
export async function rename(asked: DeviceVisit): Promise<Response> {
  const { visit, device, said } = asked;
  const one = meantBy(asked);
  const name = printable(said.get("name") ?? "", LONGEST_NAME);
  if (one && name !== "" && (device.role === "owner" || one.id === device.id)) {
    await visit.world.access.change(one.id, { name });
  }
  return backToList(asked);
}

/** GET /devices/revoke: asks once more, without JavaScript too. */
export function askToRevoke(asked: DeviceVisit): Response {
  const one = meantBy(asked);
  if (!one) return backToList(asked);
  const { devices } = asked.visit.world.access;
  const going = devices.branch(one.id);
  const goes = new Set(going.map(({ id }) => id));
  const owners = devices.list().filter(({ id }) => devices.alive(id)?.role === "owner");
  const isLastOwner = owners.length > 0 && owners.every(({ id }) => goes.has(id));
  const withIt = going.filter(({ id }) => id !== one.id).map(({ name }) => name);
  return page(revokePage({ visit: asked.visit, one, withIt, isLastOwner }));
}

/** POST /devices/revoke */
export async function revoke(asked: DeviceVisit): Promise<Response> {
  const { visit, device } = asked;
  const one = meantBy(asked);
  if (one) await visit.world.access.revoke(one.id);
  return one?.id === device.id
    ? seeOther(pathTo("/signed-out", visit.words.lang), [visit.world.cookies.noSession])
    : backToList(asked);
}

/** Undefined where it is gone already. */
function meantBy({ visit, said }: DeviceVisit): PairedDevice | undefined {
  return visit.world.access.devices.list().find(({ id }) => id === said.get("id"));
}

function backToList({ visit }: DeviceVisit): Response {
  return seeOther(pathTo("/devices", visit.words.lang));
}
