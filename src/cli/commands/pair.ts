/*
 * `genkan pair`: asks the open door for six digits that let one device in.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { DeviceReport, PairReport, PairWish } from "../../daemon/control/access-protocol.ts";
import { doorControl } from "../../daemon/control/client.ts";
import { printable } from "../../kernel/printable.ts";
import { parseDuration } from "../../model/duration.ts";
import {
  type Answer,
  type Context,
  flagOption,
  type Input,
  type Options,
  textOption,
} from "../command.ts";
import { cliErrors } from "../errors.ts";
import { digitLines, type InvitationPlace, placeLines } from "../invitation-lines.ts";
import { placeOf } from "../place.ts";

export async function run(context: Context, { options }: Input): Promise<Answer> {
  const wish = wishOf(options);
  const door = doorControl(context.paths);
  const status = await door.status();
  const made = await door.access.pair(wish);
  const place = placeOf(status, context);
  if (wish.role === "guest" && !(await door.access.devices()).hasOwner) context.note(NO_OWNER);
  const data = invitationData(made, place);
  const text = [...placeLines(place), "", ...digitLines(made, place)].join("\n");
  if (!flagOption(options, "wait")) return { text, data };
  context.say(context.json ? JSON.stringify(data) : text);
  return waitFor(context, made);
}

const NO_OWNER =
  "This door has no owner yet. The first device that is no guest becomes the owner: genkan pair";

/** Longest name a device can be given. */
const LONGEST_NAME = 60;

function wishOf(options: Options): PairWish {
  const stay = textOption(options, "guest");
  const name = textOption(options, "name") ?? null;
  const isOwner = flagOption(options, "owner");
  if (stay !== undefined && isOwner)
    throw refused("A guest cannot be an owner: --guest or --owner.");
  if (name !== null && (name.trim() === "" || name.length > LONGEST_NAME)) {
    throw refused(`A device's name has 1 to ${LONGEST_NAME} letters.`);
  }
  const role = stay !== undefined ? "guest" : isOwner ? "owner" : "member";
  return { role, name, stayMs: stay === undefined ? null : parseDuration(stay) };
}

function refused(why: string): Error {
  return cliErrors.USAGE({ why, command: "genkan pair" });
}

function invitationData(made: PairReport, { origin, portal }: InvitationPlace): object {
  const { digits, expires, role, guestUntil } = made;
  return { digits, expires, role, guestUntil, page: `${portal}/pair`, firstPage: origin ?? null };
}

/** Milliseconds between questions whether it is in. */
const LOOK = 500;
/** Answers in a row that it is over before that is believed: who took it is known once it is on the disk. */
const SURE = 4;

/** @throws INVITATION_OVER, and DOOR_CLOSED where the door is closed meanwhile */
async function waitFor({ paths, signal }: Context, { id }: PairReport): Promise<Answer> {
  const { access } = doorControl(paths);
  let over = 0;
  while (!signal.aborted) {
    const invitation = await access.invitation(id);
    if (invitation.is === "taken") return { text: inText(invitation.device), data: invitation };
    over = invitation.is === "over" ? over + 1 : 0;
    if (over === SURE) throw cliErrors.INVITATION_OVER({});
    await sleep(LOOK, undefined, { signal }).catch((thrown: unknown) => {
      if (!signal.aborted) throw thrown;
    });
  }
  const text = "Not waiting any more. The digits stay good for their ten minutes.";
  return { text, data: { is: "open" }, exit: 1 };
}

function inText({ name, role, addresses }: DeviceReport): string {
  return `${printable(name)} is in, as ${role === "owner" ? "an owner" : `a ${role}`}, from ${addresses[0] ?? "nowhere"}.`;
}
