/*
 * The readiness probe: how to tell that OpenHands works for a device, step by step, and which step does not. Asked by
 * `genkan doctor NAME`; `--deep` alone begins a conversation. Ids are `app.NAME.` and these.
 */
import type { Check } from "../../../kernel/check.ts";
import { lookDeep } from "./deep.ts";
import type { ProbeFacts } from "./facts.ts";
import { lookAtAnswers, lookAtKey, lookAtSettings } from "./look-answers.ts";
import { lookAtSandbox } from "./look-sandbox.ts";
import { lookAtSocket } from "./look-socket.ts";
import { type AroundApp, lookAroundApp, lookAtDocker } from "./look-around.ts";
import { FIRST_RUN } from "./stages.ts";

/** Milliseconds: a socket is looked at twice, with patience for each frame. */
const SOCKET_TIME = 30_000;
/** Milliseconds beyond a conversation's own time, for what is looked at after it. */
const DEEP_MORE = 60_000;

export function probeChecks(facts: ProbeFacts, isDeep: boolean): Check[] {
  const id = (what: string): string => `app.${facts.app}.${what}`;
  const named = (check: Check): Check => ({
    ...check,
    id: id(check.id),
    dependsOn: (check.dependsOn ?? []).map(id),
  });
  return [...lookingChecks(facts), ...(isDeep ? [deepCheck(facts)] : [])].map(named);
}

/** Of every app of OpenHands, named or not: nothing is asked of it. */
export function aroundChecks(facts: AroundApp): Check[] {
  const checks: Check[] = [
    {
      id: "around.port",
      title: "OpenHands is reached through the door only",
      look: () => lookAroundApp(facts),
    },
    {
      id: "around.docker",
      title: "Docker takes orders from this machine only",
      look: () => lookAtDocker(facts),
    },
  ];
  return checks.map((check) => ({ ...check, id: `app.${facts.app}.${check.id}` }));
}

function lookingChecks(facts: ProbeFacts): Check[] {
  return [
    {
      id: "ready.answers",
      title: "OpenHands answers through the door",
      dependsOn: ["upstream", "https"],
      look: () => lookAtAnswers(facts),
    },
    {
      id: "ready.key",
      title: "OpenHands takes the key its page hands out",
      dependsOn: ["ready.answers"],
      look: () => lookAtKey(facts),
    },
    {
      id: "ready.socket",
      title: "OpenHands' WebSocket stands through the door",
      dependsOn: ["ready.answers"],
      patienceMs: SOCKET_TIME,
      look: (signal) => lookAtSocket(facts, signal),
    },
    {
      id: "ready.settings",
      title: "OpenHands has its settings",
      dependsOn: ["ready.key"],
      look: () => lookAtSettings(facts),
    },
    {
      id: "ready.sandbox",
      title: "A sandbox of OpenHands is reached through the door",
      dependsOn: ["ready.answers"],
      patienceMs: SOCKET_TIME,
      look: (signal) => lookAtSandbox(facts, signal),
    },
  ];
}

function deepCheck(facts: ProbeFacts): Check {
  return {
    id: "ready.conversation",
    title: "A conversation of OpenHands gets to where it awaits input",
    dependsOn: ["ready.socket", "ready.settings", "ready.sandbox"],
    patienceMs: FIRST_RUN + DEEP_MORE,
    look: (signal) => lookDeep(facts, signal),
  };
}
