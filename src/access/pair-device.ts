/*
 * Pairing a device: whoever brings the digits or the secret of an invitation becomes what the invitation
 * says, and the first of all the owner.
 */
import type { Clock } from "../kernel/clock.ts";
import type { Log } from "../kernel/log.ts";
import type { Audit } from "./audit.ts";
import type { Device, Devices } from "./devices.ts";
import { letIn, newDevice } from "./newcomer.ts";
import type { Invitation, Pairing } from "./pairing.ts";
import type { Sessions } from "./sessions.ts";

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

interface Parts {
  readonly pairing: Pick<Pairing, "redeem">;
  readonly devices: Pick<Devices, "add" | "hasOwner">;
  readonly sessions: Pick<Sessions, "begin" | "endAll">;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
}

/** @throws ACCESS_FULL, FILE_NOT_WRITABLE; then nothing is paired, and the invitation is still open. */
export async function pairDevice(parts: Parts, wish: PairingWish): Promise<Paired> {
  const { pairing, audit } = parts;
  const { address, host } = wish;
  const redeemed = pairing.redeem(wish.text, address);
  if (redeemed.is !== "invited") {
    const why = redeemed.is === "locked" ? `locked out (${redeemed.by})` : "wrong digits";
    audit.write("pairing.refused", { why, address });
    return redeemed;
  }
  const device = invited(parts, wish, redeemed.invitation);
  try {
    const token = await letIn(parts, device, host);
    const { id, name, kind, role } = device;
    audit.write("device.paired", { device: id, name, kind, role, address });
    redeemed.invitation.onTaken?.(id);
    return { is: "paired", device, token };
  } catch (thrown) {
    redeemed.giveBack();
    throw thrown;
  }
}

function invited({ devices, clock }: Parts, wish: PairingWish, invitation: Invitation): Device {
  const isFirst = invitation.role !== "guest" && !devices.hasOwner();
  return newDevice({
    name: invitation.name ?? wish.name,
    kind: wish.kind,
    role: isFirst ? "owner" : invitation.role,
    expires: isFirst ? null : invitation.expires,
    through: null,
    address: wish.address,
    now: clock.now(),
  });
}
