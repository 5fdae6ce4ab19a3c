/*
 * What the trials of one device mean. Pure; the page shows it in words (words.ts), the list of devices
 * keeps it. A trial whose cause cannot be told apart is unknown, never well or unwell.
 */
import { isIpAddress } from "../../model/hostname.ts";
import type { Met, Validity } from "./needs.ts";
import type { Observed } from "./observed.ts";

/** In the order they are shown. */
export const ROWS = [
  "name",
  "trust",
  "secure",
  "protocol",
  "socket",
  "silence",
  "clock",
  "cookies",
  "limits",
] as const;
export type Row = (typeof ROWS)[number];
export type State = "well" | "unwell" | "unknown" | "late";

/** Why a row is as it is: `trust.no`. The words are found by it. */
export type Because = keyof typeof STATES;

export interface Verdict {
  readonly row: Row;
  readonly state: State;
  readonly because: Because;
}

/** What the door itself knows when the device reports. */
export interface Known {
  /** As the visitor wrote it, without port. */
  readonly host: string;
  readonly met: Met;
  /** By the door's clock. */
  readonly now: number;
  /** Of the certificate the door shows for that host. */
  readonly certificate: Validity;
  readonly keptCookie: boolean;
  /** Whether the authority has limits that a device could overlook. */
  readonly hasLimits: boolean;
  /** Whether this visitor's address was seen lately at the two ports of the trial. */
  readonly reached: { readonly witness: boolean; readonly canary: boolean };
}

const STATES = {
  "name.led-here": "well",
  "name.not-used": "unknown",
  "trust.yes": "well",
  "trust.no": "unwell",
  "trust.unreached": "unknown",
  "trust.by-address": "unknown",
  "trust.late": "late",
  "secure.yes": "well",
  "secure.no": "unwell",
  "secure.late": "late",
  "protocol.newer": "well",
  "protocol.older": "well",
  "socket.yes": "well",
  "socket.no": "unwell",
  "socket.late": "late",
  "silence.yes": "well",
  "silence.no": "unwell",
  "silence.no-socket": "unknown",
  "silence.late": "late",
  "clock.right": "well",
  "clock.ahead": "unwell",
  "clock.behind": "unwell",
  "clock.outside": "unwell",
  "clock.late": "late",
  "cookies.yes": "well",
  "cookies.no": "unwell",
  "cookies.late": "late",
  "limits.kept": "well",
  "limits.ignored": "unwell",
  "limits.untrusted": "unknown",
  "limits.unreached": "unknown",
  "limits.none": "unknown",
  "limits.by-address": "unknown",
  "limits.late": "late",
} as const satisfies Record<`${Row}.${string}`, State>;

/** One verdict for each row. @param observed undefined before the script has told anything. */
export function judge(observed: Observed | undefined, known: Known): Verdict[] {
  const reasons: Record<Row, Because> = {
    name: isIpAddress(known.host) ? "name.not-used" : "name.led-here",
    trust: trust(observed, known),
    secure: observed ? (observed.isSecure ? "secure.yes" : "secure.no") : "secure.late",
    protocol: known.met.protocol === "h2" ? "protocol.newer" : "protocol.older",
    socket: `socket.${observed?.echo ?? "late"}`,
    silence: silence(observed),
    clock: observed ? clock(observed.now, known) : "clock.late",
    cookies: observed ? (known.keptCookie ? "cookies.yes" : "cookies.no") : "cookies.late",
    limits: limits(observed, known),
  };
  return ROWS.map((row) => ({ row, because: reasons[row], state: STATES[reasons[row]] }));
}

/** The worst of all: what the page says first. */
export function overall(verdicts: readonly Verdict[]): State {
  const order = ["unwell", "late", "unknown"] as const;
  return order.find((state) => verdicts.some((verdict) => verdict.state === state)) ?? "well";
}

/**
 * That the page is here proves nothing: a person can pass a browser's warning. The witness is a certificate
 * the browser has never seen, so no exception covers it.
 */
function trust(observed: Observed | undefined, { host, reached }: Known): Because {
  if (isIpAddress(host)) return "trust.by-address";
  if (!observed || observed.witness === "late") return "trust.late";
  if (observed.witness === "yes") return "trust.yes";
  return reached.witness ? "trust.no" : "trust.unreached";
}

function silence(observed: Observed | undefined): Because {
  if (!observed) return "silence.late";
  return observed.echo === "no" ? "silence.no-socket" : `silence.${observed.silence}`;
}

/** Milliseconds; less is the network's delay, or a second hand. */
const SKEW = 2 * 60 * 1000;

function clock(device: number, { now, certificate }: Known): Because {
  if (device < certificate.notBefore || device > certificate.notAfter) return "clock.outside";
  if (Math.abs(device - now) <= SKEW) return "clock.right";
  return device > now ? "clock.ahead" : "clock.behind";
}

/** A refusal means something only where the same device took the witness from the port beside it. */
function limits(observed: Observed | undefined, known: Known): Because {
  if (!known.hasLimits) return "limits.none";
  if (isIpAddress(known.host)) return "limits.by-address";
  if (!observed || observed.canary === "late") return "limits.late";
  if (observed.canary === "yes") return "limits.ignored";
  if (observed.witness === "late") return "limits.late";
  if (observed.witness === "no") return "limits.untrusted";
  return known.reached.canary ? "limits.kept" : "limits.unreached";
}
