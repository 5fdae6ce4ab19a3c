/*
 * What `genkan up` says when the door is open: where the apps are, how to trust it, what is next.
 * Pure text.
 */
import type { PairReport } from "../daemon/control/access-protocol.ts";
import type { DoorStatus } from "../daemon/control/protocol.ts";
import type { AppSettings } from "../model/settings.ts";
import { shortTarget } from "../model/target.ts";
import { digitLines, type InvitationPlace, placeLines } from "./invitation-lines.ts";
import { addressByName } from "./name-lines.ts";
import { inWords, openLines } from "./open-lines.ts";
import type { FoundPort } from "./presets/found-here.ts";
import { table } from "./table.ts";

export interface WelcomeMore {
  /** How to get the standard ports, where others stand in for them. */
  readonly advice: string | undefined;
  /** What else listens on this machine; shown when nobody named an app. */
  readonly found: readonly FoundPort[];
  /** Where a device that is to be let in begins. */
  readonly place: InvitationPlace;
  /** For the first device, where there is no owner yet. */
  readonly invitation: PairReport | undefined;
  /** Apps of this run only. */
  readonly extra: readonly AppSettings[];
}

export function welcome(status: DoorStatus, more: WelcomeMore): string {
  const sections = [
    ["The door is open.", ...appLines(status)],
    addressLines(status, more),
    inviteLines(more),
    rootLines(status),
    foundLines(more),
    nextLines(status, more),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function appLines({ apps, portal }: DoorStatus): string[] {
  const rows = apps.map((app) => {
    const down = app.reachable ? "" : "   (nothing listens there yet)";
    return [`  ${app.name}`, app.url, `-> ${app.upstream}${down}`];
  });
  return ["", table([...rows, ["  portal", portal, "the door's own page"]])];
}

/** Where names do not resolve yet, the machine itself has `.localhost`; others begin at the page that brings them to trust the root. */
function addressLines(status: DoorStatus, { place, invitation }: WelcomeMore): string[] {
  const { apps, portal, accessTrouble } = status;
  const port = new URL(portal).port;
  const at = (host: string): string =>
    port === "" ? `https://${host}` : `https://${host}:${port}`;
  const here = apps[0]?.hosts.find((host) => host.endsWith(".localhost"));
  const lines = here ? [`On this machine:  ${at(here)}`] : [];
  if (accessTrouble) lines.push("", accessTrouble.message, `  -> ${accessTrouble.fix}`);
  if (place.origin === undefined) return [...lines, whyNobodyElse(status)];
  const byName = addressByName(status);
  if (byName) lines.push(`On other devices, once they trust it: ${byName}`);
  if (!invitation) lines.push(`On other devices, begin here: ${place.origin}`);
  return [...lines, ...whoLines(apps)];
}

/** There is no address to tell: by the person's own choice, or until there is a network. */
function whyNobodyElse({ listening }: DoorStatus): string {
  const isEverywhere = listening.some(({ address }) => address === "::" || address === "0.0.0.0");
  return isEverywhere
    ? "No other device reaches it while this machine is on no network; once it is on one, they do."
    : "No other device reaches it: it listens on this machine's own address only.";
}

function whoLines(apps: DoorStatus["apps"]): string[] {
  const closed = apps.filter(({ access }) => access !== "open").map(({ name }) => name);
  const asked = `Only devices that were let in can open ${inWords(closed)}. To let one in: genkan pair`;
  return [...(closed.length === 0 ? [] : [asked]), ...openLines(apps)];
}

function inviteLines({ place, invitation }: WelcomeMore): string[] {
  return invitation ? [...placeLines(place), "", ...digitLines(invitation, place)] : [];
}

function rootLines({ root }: DoorStatus): string[] {
  return [
    "Its certificates come from this home's own authority:",
    `  root         ${root.path}`,
    `  fingerprint  ${root.fingerprint}`,
    `  four words   ${root.words}`,
  ];
}

function foundLines({ found }: WelcomeMore): string[] {
  const rows = likelyApps(found)
    .slice(0, 8)
    .map(({ port, program, title }) => [`  ${port}`, title ?? program ?? "another user's"]);
  return rows.length === 0
    ? []
    : ["Listening on this machine, if one of these is your app:", table(rows)];
}

/** Ports below 1024 belong to the system. Apps we know come first, then those whose program this user may see. */
function likelyApps(found: readonly FoundPort[]): readonly FoundPort[] {
  const rank = ({ title, program }: FoundPort): number =>
    title === undefined ? (program === undefined ? 2 : 1) : 0;
  return found.filter(({ port }) => port > 1023).toSorted((a, b) => rank(a) - rank(b));
}

function nextLines({ trouble }: DoorStatus, { advice, extra, found }: WelcomeMore): string[] {
  const first = extra[0];
  const example = likelyApps(found)[0]?.port ?? 3000;
  const steps = [
    ["  genkan trust", "make this machine trust it"],
    first
      ? [`  genkan add ${first.name} ${shortTarget(first.upstream)}`, "keep it beyond this run"]
      : [`  genkan add NAME ${example}`, "give your own app a name"],
    ["  genkan doctor", "if anything does not work"],
    ["  Ctrl-C", "close the door"],
  ];
  const lines = ["Next:", table(steps)];
  if (advice !== undefined) {
    const why =
      "Ports 443 and 80 need a right this user does not have, so others stand in. To get them:";
    lines.push("", why, ...advice.split("\n").map((line) => `  ${line}`));
  }
  return trouble ? [...lines, "", trouble.message] : lines;
}
