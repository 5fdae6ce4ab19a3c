/*
 * A sandbox as a device meets it: the address the app's answer gave must be the door's, and what is there must answer.
 * Called by the looks that know of a sandbox. Sentences say what broke, or undefined: it works.
 */
import type { Finding } from "../../../kernel/check.ts";
import { messageOf } from "../../../kernel/errors.ts";
import { type ProbeFacts, unwell } from "./facts.ts";
import { eventsPath, readState } from "./state-events.ts";
import type { Dialled, Wire } from "./wire.ts";

/** Milliseconds for the first frame: the whole state may be long. */
const PATIENCE = 8_000;

export interface AgentPlace {
  /** `conversation_url`, as a device gets it. */
  readonly url: string;
  readonly conversation: string;
  readonly key: string;
}

/** The way to a place an answer named, or what is wrong with the name. */
export function wayTo(facts: ProbeFacts, text: string): Wire | Finding {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const wire = url && facts.elsewhere(url);
  if (wire) return wire;
  const place = url ? url.origin : "no URL at all";
  return unwell(
    `The app sends devices to ${place} for its sandbox, and no other device gets there: the door did not put its own address in its place.`,
    `Tell the door which app it is (preset: openhands in genkan.yaml), and see why it left the answer as it was`,
    "genkan status && genkan logs",
  );
}

/** Whether an agent-server's socket stands through the door and says its state. @returns the state, or what broke. */
export async function agentState(
  facts: ProbeFacts,
  place: AgentPlace,
  signal: AbortSignal,
): Promise<string | Finding> {
  const way = wayTo(facts, place.url);
  if ("state" in way) return way;
  const path = `${eventsPath(place.conversation, place.key)}&resend_all=true`;
  const dialled = await way.dial(path, signal);
  const origin = new URL(place.url).origin;
  if (dialled.is === "refused") return unreachable(facts, origin, dialled.why);
  return (
    (await firstState(dialled)) ?? unreachable(facts, origin, "no state came over its WebSocket")
  );
}

async function firstState(dialled: Extract<Dialled, { is: "open" }>): Promise<string | undefined> {
  try {
    const word = await dialled.line.hear(PATIENCE);
    return word.is === "text" ? readState(word.text) : undefined;
  } finally {
    dialled.line.close();
  }
}

/**
 * VS Code with its token: 302 and a cookie, then with that cookie the page
 * (OVS:src/vs/server/node/webClientServer.ts). @returns what broke
 */
export async function editorTrouble(facts: ProbeFacts, text: string): Promise<Finding | undefined> {
  const way = wayTo(facts, text);
  if ("state" in way) return way;
  const { origin, pathname, search } = new URL(text);
  try {
    const first = await way.ask({ path: `${pathname}${search}` });
    if (first.problem !== undefined) return unreachable(facts, origin, first.problem);
    const next = first.location === undefined ? undefined : new URL(first.location, origin);
    const page = next
      ? await way.ask({ path: `${next.pathname}${next.search}`, cookie: first.cookies.join("; ") })
      : first;
    if (page.status === 200) return undefined;
    return unreachable(facts, origin, `the editor answered ${first.status}, then ${page.status}`);
  } catch (thrown) {
    return unreachable(facts, origin, messageOf(thrown));
  }
}

function unreachable({ app }: ProbeFacts, origin: string, why: string): Finding {
  return unwell(
    `The sandbox of ${app} is not reached through the door at ${origin}: ${why}.`,
    "See whether its container runs, and whether the door reaches its ports (docker ps; the door's sentence is in)",
    "genkan logs",
  );
}
