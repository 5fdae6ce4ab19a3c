/*
 * What a person must know of an exported site before it goes live: where it belongs, and what it does not do.
 */
import type { PlannedApp } from "../../../model/plan.ts";
import { isOpenHands } from "../../../model/preset.ts";
import { comment } from "../directives.ts";
import type { Version } from "../facts.ts";

/** @param version of the nginx it is for, where that is known. */
export function heading(apps: readonly PlannedApp[], version: Version | undefined): string[] {
  const made = version
    ? [`Made by genkan export nginx for nginx ${version.join(".")}.`]
    : [
        "Made by genkan export nginx, for any nginx that knows HTTP/2: since 1.25.1 it warns about the word",
        "http2 in `listen` and takes it. Without the warning: genkan export nginx --nginx-version 1.26.0",
      ];
  const words = [...WORDS, ...(apps.some(hasSandboxes) ? OF_SANDBOXES : []), ...LAST];
  return [...made, ...words].map((line) => (line === "" ? "#" : comment(line)));
}

/** What a preset's answers name is filled in by a door that is open; here its name has to do. */
function hasSandboxes({ sandboxes, preset }: PlannedApp): boolean {
  return sandboxes !== undefined || (isOpenHands(preset) && preset !== "openhands@canvas");
}

const WORDS = [
  "",
  "A site for an nginx of your own; genkan neither runs it nor changes it again. It belongs into the http",
  "block, where Debian and Ubuntu include /etc/nginx/conf.d/*.conf. Then: sudo nginx -t && sudo nginx -s reload",
  "An app on another machine is looked up when nginx starts, and nginx does not start where that fails.",
  "",
  "WHAT THIS SITE DOES NOT DO:",
  "- ask who a visitor is: whoever reaches this machine reaches the apps, and an app that runs code does it for them;",
  "- refuse orders and WebSockets that a page of another site sends in a visitor's name (no shield);",
];
const OF_SANDBOXES = [
  "- lead to the sandboxes of OpenHands: its answers name http://localhost:PORT, which on another device is that",
  "  device, and nginx cannot name ports of its own instead or open them. A chat of 1.x stays disconnected, editor",
  "  and app stay empty (with `genkan up --engine nginx` the door does it for nginx);",
];
const LAST = [
  "- renew certificates, announce names in the network, or tell which app is down and why.",
  "The apps' own ports stay as reachable as they are: let apps listen on 127.0.0.1.",
];
