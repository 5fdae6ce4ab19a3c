/*
 * `genkan revoke DEVICE`: puts a device out at once, its open connections included.
 */
import { doorControl } from "../../daemon/control/client.ts";
import { printable } from "../../kernel/printable.ts";
import type { Answer, Context, Input } from "../command.ts";

export async function run({ paths }: Context, input: Input): Promise<Answer> {
  const [named = ""] = input.args;
  const { device, withIt, hasOwner } = await doorControl(paths).access.revoke(named);
  const lines = [`${printable(device.name)} is out: its sessions and its connections have ended.`];
  if (withIt.length > 0) {
    lines.push(`So are those that came in by its passkeys: ${printable(withIt.join(", "))}`);
  }
  if (device.role === "owner" && !hasOwner) {
    lines.push("No owner is left. The next device that is no guest becomes it: genkan pair");
  }
  return { text: lines.join("\n"), data: { revoked: device, withIt, hasOwner } };
}
