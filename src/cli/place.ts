/*
 * Where a device that is to be let in begins, at this door and for this terminal.
 */
import type { DoorStatus } from "../daemon/control/protocol.ts";
import { plainOriginOf } from "../daemon/shown-address.ts";
import { doorLink } from "../model/door-link.ts";
import { PORTAL_HOSTS } from "../model/plan.ts";
import type { Context } from "./command.ts";
import type { InvitationPlace } from "./invitation-lines.ts";
import { qrText } from "./qr-text.ts";

export function placeOf(
  status: DoorStatus,
  { terminal }: Pick<Context, "terminal">,
): InvitationPlace {
  const origin = plainOriginOf(status);
  if (origin === undefined) return { origin, code: undefined, portal: here(status.portal) };
  const link = doorLink(origin, status.root.fingerprint);
  // Not into pipes and files, where no camera looks.
  return { origin, code: terminal && qrText(link, terminal), portal: status.portal };
}

/** Names of a door of one machine are announced to nobody; `.localhost` is its own everywhere (RFC 6761 section 6.3). */
function here(portal: string): string {
  const { port } = new URL(portal);
  return `https://${PORTAL_HOSTS[1]}${port === "" ? "" : `:${port}`}`;
}
