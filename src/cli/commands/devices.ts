/*
 * `genkan devices`: who is let in. Asked of the open door; where none is open, read from what it kept.
 */
import { readDevices } from "../../daemon/access-reports.ts";
import type { DeviceReport } from "../../daemon/control/access-protocol.ts";
import { doorControl, ifOpen } from "../../daemon/control/client.ts";
import { printable } from "../../kernel/printable.ts";
import type { Answer, Context } from "../command.ts";
import { table } from "../table.ts";
import { minute } from "../when.ts";

export async function run({ paths, clock, note }: Context): Promise<Answer> {
  const asked = await ifOpen(() => doorControl(paths).access.devices());
  const { devices, hasOwner, lockedMs } = asked ?? (await readDevices(paths.access, clock.now()));
  if (lockedMs > 0) note(GUESSED);
  if (!asked) note("The door is closed: this is what it kept.");
  const data = { open: asked !== undefined, hasOwner, devices };
  if (devices.length === 0) {
    return { text: "No device is paired. The first becomes the owner: genkan pair", data };
  }
  const lines = [table([HEAD, ...devices.map(row)]), "", "Times are UTC."];
  if (!hasOwner)
    lines.push("There is no owner. The next device that is no guest becomes it: genkan pair");
  return { text: lines.join("\n"), data };
}

const GUESSED =
  "Wrong digits were typed so often that none are taken for now. See from where: genkan logs --audit. New ones are taken at once: genkan pair";

const HEAD = [
  "DEVICE",
  "KIND",
  "ROLE",
  "PAIRED",
  "LAST SEEN",
  "ADDRESS",
  "UNTIL",
  "ID",
  "APPS USED",
];

/** Names are the devices' own, and the file may have been edited by hand. */
function row(device: DeviceReport): string[] {
  const { name, kind, role, paired, lastSeen, addresses, expires, ended, id, apps } = device;
  const until = ended ? "over" : expires === null ? "-" : minute(expires);
  return [
    name,
    kind,
    role,
    paired.slice(0, 10),
    minute(lastSeen),
    addresses[0] ?? "-",
    until,
    id,
    apps.join(", ") || "-",
  ].map((cell) => printable(cell));
}
