/*
 * What `genkan up` says when the door is open: where the apps are, how to trust it, what is next.
 * Pure text.
 */
import type { DoorStatus } from "../daemon/control/protocol.ts";
import type { AppSettings } from "../model/settings.ts";
import { shortTarget } from "../model/target.ts";
import type { ListeningPort } from "../platform/listening.ts";
import { addressByName } from "./name-lines.ts";
import { table } from "./table.ts";

export interface WelcomeMore {
  /** How to get the standard ports, where others stand in for them. */
  readonly advice: string | undefined;
  /** What else listens on this machine; shown when nobody named an app. */
  readonly found: readonly ListeningPort[];
  /** `http://192.168.1.20`, where other devices reach the door's page; undefined where none can. */
  readonly origin: string | undefined;
  /** A QR code of that page and the root's fingerprint, for a phone; undefined where it cannot be shown. */
  readonly code: string | undefined;
  /** Apps of this run only. */
  readonly extra: readonly AppSettings[];
}

export function welcome(status: DoorStatus, more: WelcomeMore): string {
  const sections = [
    ["The door is open.", ...appLines(status)],
    addressLines(status, more),
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
function addressLines(status: DoorStatus, { origin, code }: WelcomeMore): string[] {
  const { apps, portal } = status;
  const port = new URL(portal).port;
  const at = (host: string): string =>
    port === "" ? `https://${host}` : `https://${host}:${port}`;
  const here = apps[0]?.hosts.find((host) => host.endsWith(".localhost"));
  const lines = here ? [`On this machine it works right now:  ${at(here)}`] : [];
  if (origin === undefined)
    return [...lines, "No other device reaches it: it listens on this machine's own address only."];
  const byName = addressByName(status);
  if (byName) lines.push(`On other devices, once they trust it: ${byName}`);
  const open = "Anyone on this network can open these apps: the door asks nobody to sign in yet.";
  if (code === undefined) return [...lines, `On other devices, begin here:        ${origin}`, open];
  return [...lines, open, "", "To let a phone in, point its camera here, or type the address:"]
    .concat(["", code, ""])
    .concat(`  ${origin}`);
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
    .map(({ port, program }) => [`  ${port}`, program ?? "another user's"]);
  return rows.length === 0
    ? []
    : ["Listening on this machine, if one of these is your app:", table(rows)];
}

/** Ports below 1024 belong to the system. Those whose program this user may see come first. */
function likelyApps(found: readonly ListeningPort[]): readonly ListeningPort[] {
  const high = found.filter(({ port }) => port > 1023);
  return high.toSorted((a, b) => Number(a.program === undefined) - Number(b.program === undefined));
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
