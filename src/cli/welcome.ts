/*
 * What `genkan up` says when the door is open: where the apps are, how to trust it, what is next.
 * Pure text.
 */
import type { DoorStatus } from "../daemon/control/protocol.ts";
import type { AppSettings } from "../model/settings.ts";
import type { ListeningPort } from "../platform/listening.ts";
import { table } from "./table.ts";

export interface WelcomeMore {
  /** How to get the standard ports, where others stand in for them. */
  readonly advice: string | undefined;
  /** What else listens on this machine; shown when nobody named an app. */
  readonly found: readonly ListeningPort[];
  /** Apps of this run only. */
  readonly extra: readonly AppSettings[];
}

export function welcome(status: DoorStatus, more: WelcomeMore): string {
  const sections = [
    ["The door is open.", ...appLines(status)],
    addressLines(status),
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

/** Where names do not resolve yet, the machine itself has `.localhost`; others have the address. */
function addressLines({ apps, listening, portal }: DoorStatus): string[] {
  const port = new URL(portal).port;
  const here = apps[0]?.hosts.find((host) => host.endsWith(".localhost"));
  const suffix = port === "" ? "" : `:${port}`;
  const lines = here ? [`On this machine it works right now:  https://${here}${suffix}`] : [];
  const isLocalOnly = listening.every(({ address }) => /^(?:127\.|::1$)/.test(address));
  if (isLocalOnly)
    lines.push("It listens on this machine's own address only; no other device reaches it.");
  else
    lines.push(
      "Anyone on this network who reaches the door can open these apps: it asks nobody to sign in yet.",
    );
  return lines;
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
  const others = found.filter((entry) => entry.port > 1023);
  if (others.length === 0) return [];
  const rows = others.slice(0, 8).map(({ port, program }) => [`  ${port}`, program ?? ""]);
  return ["Listening on this machine, if one of these is your app:", table(rows)];
}

function nextLines(status: DoorStatus, { advice, extra, found }: WelcomeMore): string[] {
  const first = extra[0];
  const example = found.find((entry) => entry.port > 1023)?.port ?? 3000;
  const lines = ["Next:", "  genkan trust               make this machine trust it"];
  if (first)
    lines.push(`  genkan add ${first.name} ...         keep ${first.name} beyond this run`);
  else lines.push(`  genkan add NAME ${example}       give your own app a name`);
  lines.push(
    "  genkan doctor              if anything does not work",
    "  Ctrl-C                     close the door",
  );
  if (advice) {
    lines.push(
      "",
      `Ports 443 and 80 need a right this user does not have, so these stand in. To get them:`,
      `  ${advice}`,
    );
  }
  return status.trouble ? [...lines, "", status.trouble.message] : lines;
}
