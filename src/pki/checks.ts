/*
 * What doctor asks about the authority. Only looks: the renewal check signs a leaf in memory and
 * drops it.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Check, Finding } from "../kernel/check.ts";
import type { Clock } from "../kernel/clock.ts";
import { GenkanError } from "../kernel/errors.ts";
import type { Host } from "../platform/host.ts";
import { shellWord } from "../platform/shell-word.ts";
import type { Authority } from "./authority.ts";
import { lookAtCanary } from "./canary-check.ts";
import { authorityFolder, FILES } from "./state.ts";

export interface PkiChecksSpec {
  /** Opens the authority in use; undefined where none was made yet. */
  readonly open: () => Promise<Authority | undefined>;
  readonly dir: string;
  readonly host: Host;
  readonly clock: Clock;
}

const DAY = 24 * 60 * 60 * 1000;
/** Long enough to bring a new root to every device without haste. */
const EXPIRES_SOON = 180 * DAY;
const REPLACE = "genkan root --replace";

export function pkiChecks(spec: PkiChecksSpec): Check[] {
  const on = async (
    ask: (authority: Authority) => Finding | Promise<Finding>,
  ): Promise<Finding> => {
    const authority = await spec.open();
    return authority ? ask(authority) : { state: "unknown", why: "no authority was made yet" };
  };
  const dependsOn = ["pki.authority"];
  return [
    {
      id: "pki.authority",
      title: "The authority is whole and readable",
      look: () => lookAtAuthority(spec.open),
    },
    {
      id: "pki.clock",
      title: "The clock is right, as far as the authority can tell",
      dependsOn,
      look: () => on((authority) => lookAtClock(authority, spec)),
    },
    {
      id: "pki.expiry",
      title: "The root holds for long enough",
      dependsOn: [...dependsOn, "pki.clock"],
      look: () => on((authority) => lookAtExpiry(authority, spec.clock.now())),
    },
    {
      id: "pki.key-rights",
      title: "Nobody else can read the authority's key",
      dependsOn,
      look: () => on((authority) => lookAtRights(authority, spec)),
    },
    {
      id: "pki.renewal",
      title: "Certificates can be made and renewed",
      dependsOn: [...dependsOn, "pki.clock", "pki.expiry"],
      look: () => on(lookAtRenewal),
    },
    {
      id: "pki.canary",
      title: "This machine holds the authority to its limits",
      dependsOn: [...dependsOn, "pki.renewal"],
      look: () => on((authority) => lookAtCanary(authority)),
    },
  ];
}

async function lookAtAuthority(open: PkiChecksSpec["open"]): Promise<Finding> {
  try {
    const authority = await open();
    if (!authority)
      return { state: "unknown", why: "no authority was made yet; genkan up makes it" };
    if (authority.warning === undefined) return { state: "well", note: authority.root.words };
    const says = authority.warning;
    const fix = {
      says: "Set authority: own in genkan.yaml; every device must then trust it anew.",
    };
    return { state: "unwell", severity: "low", says, fix };
  } catch (thrown) {
    if (!(thrown instanceof GenkanError)) throw thrown;
    return { state: "unwell", severity: "high", says: thrown.message, fix: { says: thrown.fix } };
  }
}

function lookAtClock({ root }: Authority, { clock, host }: PkiChecksSpec): Finding {
  const now = clock.now();
  if (now >= root.notBefore) return { state: "well" };
  const command = host.os === "linux" ? { command: "timedatectl set-ntp true" } : {};
  return {
    state: "unwell",
    severity: "high",
    says: `The clock says ${day(now)}, but the authority was made on ${day(root.notBefore)}.`,
    fix: { says: "Set this machine's clock.", ...command },
  };
}

function lookAtExpiry({ root }: Authority, now: number): Finding {
  const left = root.notAfter - now;
  if (left > EXPIRES_SOON) return { state: "well", note: `until ${day(root.notAfter)}` };
  const isOver = left <= 0;
  return {
    state: "unwell",
    severity: isOver ? "high" : "low",
    says: `The root ${isOver ? "expired" : "expires"} on ${day(root.notAfter)}.`,
    fix: { says: "Make a new authority; every device must trust it anew.", command: REPLACE },
  };
}

async function lookAtRights(authority: Authority, spec: PkiChecksSpec): Promise<Finding> {
  if (spec.host.os === "windows") return { state: "well", note: "by the rights of your profile" };
  const path =
    authority.kind === "own"
      ? join(authorityFolder(spec.dir), FILES.key)
      : join(authority.root.path, "..", "rootCA-key.pem");
  const { mode, uid } = await stat(path);
  if (uid !== spec.host.uid && !spec.host.isRoot) {
    const says = `The key ${path} belongs to another user (number ${uid}).`;
    const fix = {
      says: "Make it yours.",
      command: `sudo chown ${shellWord(spec.host.user)} ${shellWord(path)}`,
    };
    return { state: "unwell", severity: "high", says, fix };
  }
  if ((mode & 0o077) === 0) return { state: "well" };
  const says = `Other users of this machine can read the key ${path}.`;
  const fix = { says: "Close it to them.", command: `chmod 600 ${shellWord(path)}` };
  return { state: "unwell", severity: "high", says, fix };
}

/** Signs a leaf for the loopback address, which every authority may; it is kept nowhere. */
async function lookAtRenewal(authority: Authority): Promise<Finding> {
  try {
    await authority.issue({ ips: ["127.0.0.1"] });
    return { state: "well" };
  } catch (thrown) {
    if (!(thrown instanceof GenkanError)) throw thrown;
    return { state: "unwell", severity: "high", says: thrown.message, fix: { says: thrown.fix } };
  }
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
