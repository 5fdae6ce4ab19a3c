/*
 * Does this machine trust the door? One check for each kind of reader; doctor runs them.
 */
import { GenkanError } from "../kernel/errors.ts";
import type { Check, Finding } from "../kernel/check.ts";
import type { Root } from "./needs.ts";
import type { Audience, TrustStore } from "./store.ts";

export interface TrustCheckNeeds {
  /** This machine's root, or undefined where no authority has been made yet. */
  readonly root: () => Promise<Root | undefined>;
  /** storesFor, asked anew at every look. */
  readonly stores: () => Promise<readonly TrustStore[]>;
}

interface Subject {
  readonly id: string;
  readonly title: string;
  readonly audience: Audience;
  readonly severity: "high" | "low";
}

const SUBJECTS: readonly Subject[] = [
  {
    id: "trust.system-store",
    title: "This computer trusts the door",
    audience: "system",
    severity: "high",
  },
  {
    id: "trust.chromium",
    title: "Chromium and Chrome on this computer trust the door",
    audience: "chromium",
    severity: "high",
  },
  {
    id: "trust.firefox",
    title: "Firefox on this computer trusts the door",
    audience: "firefox",
    severity: "high",
  },
  {
    id: "trust.windows",
    title: "The Windows around this Linux trusts the door",
    audience: "windows",
    severity: "high",
  },
  {
    id: "trust.java",
    title: "Java on this computer trusts the door",
    audience: "java",
    severity: "low",
  },
];

export function trustChecks(needs: TrustCheckNeeds): Check[] {
  return SUBJECTS.map((subject) => ({
    id: subject.id,
    title: subject.title,
    look: () => look(subject, needs),
  }));
}

async function look(subject: Subject, needs: TrustCheckNeeds): Promise<Finding> {
  const root = await needs.root();
  if (!root) return { state: "unknown", why: "there is no authority yet" };
  const stores = (await needs.stores()).filter(({ audience }) => audience === subject.audience);
  if (stores.length === 0) return { state: "well", note: "no such store on this machine" };
  const lacking: TrustStore[] = [];
  try {
    for (const store of stores) {
      if (!(await store.has(root))) lacking.push(store);
      // One policy covers every profile.
      else if (store.id === "firefox-policy") return { state: "well", note: store.title };
    }
  } catch (thrown) {
    return unreadable(subject, thrown);
  }
  return verdict(subject, stores, lacking);
}

function verdict(
  { severity }: Subject,
  stores: readonly TrustStore[],
  lacking: readonly TrustStore[],
): Finding {
  // Profiles that all have it need no policy; but where there are none yet, the policy is the way.
  const profiles = stores.filter(({ id }) => id !== "firefox-policy");
  const missed = profiles.length === 0 ? lacking : lacking.filter((s) => profiles.includes(s));
  if (missed.length === 0) return { state: "well" };
  const command = missed.some((store) => store.needsRoot) ? "sudo genkan trust" : "genkan trust";
  return {
    state: "unwell",
    severity,
    says: `The root is not in ${missed.map(({ title }) => title).join(", nor in ")}.`,
    fix: { says: "Put it there.", command },
  };
}

/** A missing program is a finding with its remedy; any other trouble means that we cannot tell. */
function unreadable({ severity }: Subject, thrown: unknown): Finding {
  if (!(thrown instanceof GenkanError)) throw thrown;
  if (thrown.code !== "TRUST_TOOL_MISSING") return { state: "unknown", why: thrown.message };
  const fix = { says: `${thrown.fix} - then: genkan trust` };
  return { state: "unwell", severity, says: thrown.message, fix };
}
