/*
 * `genkan status`: what the open door says of itself.
 */
import { doorControl } from "../../daemon/control/client.ts";
import type { AppStatus, DoorStatus, TroubleReport } from "../../daemon/control/protocol.ts";
import type { Answer, Context } from "../command.ts";
import { nameLines } from "../name-lines.ts";
import { table } from "../table.ts";

export async function run({ paths }: Context): Promise<Answer> {
  const status = await doorControl(paths).status();
  return { text: statusText(status), data: status };
}

/** The status for a person. Pure. */
export function statusText(status: DoorStatus): string {
  const places = status.listening.map(({ address, port, secure }) => {
    const host = address.includes(":") ? `[${address}]` : address;
    return `${host}:${port}${secure ? "" : " (plain, redirects)"}`;
  });
  const lines = [
    `The door is open since ${status.since} (pid ${status.pid}, engine ${status.engine}).`,
    `Listening  ${places.join(", ")}`,
    `Portal     ${status.portal}`,
    `Root       ${status.root.fingerprint}`,
    `           ${status.root.words}`,
    ...nameLines(status.names),
    "",
    appTable(status),
    ...sandboxLines(status),
    ...deviceLines(status),
  ];
  return [...lines, ...troubleLines(status)].join("\n");
}

function appTable({ apps }: DoorStatus): string {
  if (apps.length === 0) return "No apps.";
  const isKnown = apps.some(({ preset }) => preset !== undefined);
  const known = (word: string): string[] => (isKnown ? [word] : []);
  const isFromElsewhere = apps.some(({ from }) => from !== undefined);
  const source = (word: string): string[] => (isFromElsewhere ? [word] : []);
  const rows = apps.map((app) => [
    app.name,
    app.url,
    app.upstream,
    ...known(app.preset ?? "-"),
    ...source(app.from ?? "genkan.yaml"),
    app.access,
    app.trouble ? "LEFT OUT" : app.reachable ? "up" : "DOWN",
    String(app.requests),
    String(app.webSockets),
  ]);
  return table([
    [
      "APP",
      "ADDRESS",
      "UPSTREAM",
      ...known("PRESET"),
      ...source("FROM"),
      "FOR",
      "APP IS",
      "REQUESTS",
      "WEBSOCKETS",
    ],
    ...rows,
  ]);
}

/** What apps started on ports of their own, and where it is at the door. */
function sandboxLines({ apps }: DoorStatus): string[] {
  const rows = apps.flatMap(({ name, sandboxes }) =>
    sandboxes.map(({ kind, port, url, upstream }) => [name, kind, String(port), url, upstream]),
  );
  if (rows.length === 0) return [];
  return ["", table([["SANDBOX OF", "PART", "PORT", "ADDRESS", "UPSTREAM"], ...rows])];
}

/** Devices that checked themselves at the portal's /check, and what was not well with them. */
function deviceLines({ devices }: DoorStatus): string[] {
  if (devices.length === 0) return [];
  const rows = devices.slice(0, SHOWN_DEVICES).map(({ kind, from, at, rows: states }) => {
    const named = (state: string): string =>
      Object.entries(states)
        .filter(([, is]) => is === state)
        .map(([row]) => row)
        .join(", ");
    return [
      kind,
      from,
      at.slice(0, 16).replace("T", " "),
      named("unwell") || "-",
      named("unknown") || "-",
    ];
  });
  return ["", table([["DEVICE", "ADDRESS", "CHECKED (UTC)", "NOT WELL", "NOT KNOWN"], ...rows])];
}

/** `--json` has them all. */
const SHOWN_DEVICES = 20;

function troublesOf({ trouble, sandboxTrouble }: AppStatus): (TroubleReport | undefined)[] {
  return [trouble, sandboxTrouble];
}

function dockerTroubles({ docker }: DoorStatus): { message: string; fix: string }[] {
  if (!docker) return [];
  const { isWanted, trouble, containers, unhealthy } = docker;
  const sick = unhealthy.map((container) => ({
    message: `The container ${container} says of itself that it is unhealthy; the door carries it all the same.`,
    fix: "See why: docker ps --filter health=unhealthy",
  }));
  return [...(isWanted && trouble ? [trouble] : []), ...containers, ...sick];
}

function troubleLines(status: DoorStatus): string[] {
  const { trouble, waiting, config, apps, engineTrouble, accessTrouble } = status;
  const lines: string[] = [];
  const all = [
    accessTrouble,
    engineTrouble,
    ...apps.flatMap(troublesOf),
    ...dockerTroubles(status),
  ];
  for (const of of all) {
    if (of) lines.push("", of.message, `  -> ${of.fix}`);
  }
  if (trouble) {
    lines.push("", `The change in ${config} is not in force; the plan before it runs on:`);
    lines.push(`  ${trouble.message.replaceAll("\n", "\n  ")}`, `  -> ${trouble.fix}`);
  }
  if (waiting.length > 0) {
    lines.push("", `Changed, and waiting for the next start: ${waiting.join(", ")}`);
    lines.push("  -> genkan stop, then genkan up");
  }
  return lines;
}
