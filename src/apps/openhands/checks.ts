/*
 * How to tell that the sandboxes of an app of OpenHands are well: the door has their ports, and nobody reaches them
 * around it. Asked by `genkan doctor` for every such app, and by `genkan doctor openhands`.
 */
import type { Check, Finding } from "../../kernel/check.ts";
import type { Generation, SandboxKind } from "./place.ts";
import { type Around, aroundFix, aroundPorts, type WidePort } from "./around.ts";

export interface SandboxFacts extends Around {
  /** The app's name. */
  readonly app: string;
  /** What the door has open of it. */
  readonly open: readonly SandboxPort[];
  /** Why it could not open something. */
  readonly trouble: { readonly message: string; readonly fix: string } | undefined;
}

interface SandboxPort {
  readonly port: number;
  readonly doorPort: number;
  readonly kind: SandboxKind;
  readonly generation: Generation;
}

/** Ids are `app.NAME.` and these. */
export function sandboxChecks(facts: SandboxFacts): Check[] {
  const checks: Check[] = [
    {
      id: "sandboxes.open",
      title: "The ports of an app's sandboxes are open at the door",
      look: async () => lookAtOpen(facts),
    },
    {
      id: "sandboxes.around",
      title: "An app's sandboxes are reached through the door only",
      look: () => lookAround(facts),
    },
  ];
  return checks.map((check) => ({ ...check, id: `app.${facts.app}.${check.id}` }));
}

function lookAtOpen({ open, trouble, app }: SandboxFacts): Finding {
  if (trouble) {
    return {
      state: "unwell",
      severity: "high",
      says: trouble.message,
      fix: { says: trouble.fix },
    };
  }
  if (open.length === 0) return { state: "well", note: `${app} has named none yet` };
  const numbers = open.map(({ doorPort }) => doorPort).join(", ");
  return { state: "well", note: `${numbers}; a firewall must let other devices reach these, too` };
}

async function lookAround(facts: SandboxFacts): Promise<Finding> {
  const wide = aroundPorts(facts.open, await facts.listening(), facts);
  if (wide.length === 0) return { state: "well", note: "none listens on the home network" };
  return {
    state: "unwell",
    severity: "high",
    says: `Other devices reach sandboxes of ${facts.app} around the door, without signing in, unless a firewall stops them: ${named(wide)}.`,
    fix: aroundFix(facts.app, facts),
  };
}

/** Ports shown; the rest is counted. */
const SHOWN = 8;

function named(wide: readonly WidePort[]): string {
  const shown = wide.slice(0, SHOWN).map(({ port, what }) => `port ${port} (${what})`);
  const more = wide.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}
