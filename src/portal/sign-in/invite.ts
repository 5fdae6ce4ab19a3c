/*
 * An owner's device lets another in: digits to be typed there, and the way to the door's first page.
 */
import { printable } from "../../kernel/printable.ts";
import type { DeviceVisit } from "./for-device.tsx";
import { page } from "./answers.ts";
import { invitedPage, invitePage } from "./invite-page.tsx";
import type { Invitation } from "./needs.ts";

const DAY = 24 * 60 * 60 * 1000;
/** How long guests may be let in for. */
const GUEST_DAYS: readonly number[] = [1, 2, 7, 30];
const LONGEST_NAME = 60;

/** GET /devices/pair */
export function askWhom({ visit }: DeviceVisit): Response {
  return page(invitePage(visit, GUEST_DAYS));
}

/** POST /devices/pair: opens an invitation; each time it is asked another one. */
export function invite({ visit, device, said }: DeviceVisit): Response {
  const invitation = { ...invitationOf(said, visit.world.now()), by: device.id };
  const { digits } = visit.world.access.invite(invitation);
  return page(invitedPage(visit, digits));
}

/** `household`, `owner`, or for how many days a guest; whatever else there is invites nobody for long. */
function invitationOf(said: URLSearchParams, now: number): Omit<Invitation, "by"> {
  const chosen = printable(said.get("name") ?? "", LONGEST_NAME);
  const name = chosen === "" ? undefined : chosen;
  const who = said.get("who");
  if (who === "household") return { role: "member", name, expires: null };
  if (who === "owner") return { role: "owner", name, expires: null };
  const days = GUEST_DAYS.find((some) => String(some) === who) ?? 1;
  return { role: "guest", name, expires: now + days * DAY };
}
