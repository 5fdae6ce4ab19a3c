/*
 * What every deep look shares: how it ends badly, in words, and that what it began is deleted. Called by deep-036.ts,
 * deep-1.ts, deep-canvas.ts.
 */
import type { Finding } from "../../../kernel/check.ts";
import { messageOf } from "../../../kernel/errors.ts";
import { type ProbeFacts, unwell } from "./facts.ts";
import type { Progress } from "./progress.ts";
import type { Heard } from "./wire.ts";

export interface DeepRun {
  readonly facts: ProbeFacts;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Milliseconds for an answer that begins or ends a conversation. */
export const SLOW = 30_000;

/**
 * Deletes afterwards what is begun now, also when nobody waits for it any more.
 * @param begun the answer that begins it @param idIn finds the conversation in it @param pathOf what is deleted
 */
export function deleteAfterwards(
  { facts }: DeepRun,
  begun: Promise<Heard>,
  ways: {
    readonly idIn: (heard: Heard) => Promise<string | undefined>;
    readonly pathOf: (id: string) => string;
    readonly key?: string;
  },
): void {
  facts.afterwards(async () => {
    const heard = await begun.catch(() => undefined); // the look told why it failed
    const id = heard && (await ways.idIn(heard));
    if (id === undefined) return;
    const { key } = ways;
    const why = await facts.door
      .ask({ method: "DELETE", path: ways.pathOf(id), key, patienceMs: SLOW })
      .then(({ status }) => (status < 300 ? undefined : `it answered ${status}`), messageOf);
    facts.note(
      why === undefined
        ? `${facts.app}: the conversation was deleted`
        : `${facts.app}: the conversation ${id} could not be deleted (${why}); delete it on its page`,
    );
  });
}

export function notBegun({ facts }: DeepRun, { status, text, problem }: Heard): Finding {
  const said = problem ?? `${status} ${text.slice(0, 200)}`.trim();
  return unwell(
    `${facts.app} began no conversation: ${said}.`,
    `See what ${facts.app} says: docker logs, or the window it runs in`,
  );
}

export function stuck({ facts, progress }: DeepRun, why: string): Finding {
  return unwell(
    `The conversation did not get to where it awaits input. Its last stage: ${progress.last()}; then ${why}.`,
    `See what ${facts.app} and its sandbox say: docker logs; docker ps -a shows whether the sandbox runs`,
  );
}

export function tookTooLong(run: DeepRun): Finding {
  return stuck(run, "nothing more came in time (10 minutes with an image to fetch, 3 without)");
}
