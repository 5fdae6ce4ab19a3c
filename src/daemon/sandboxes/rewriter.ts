/*
 * Reads answers that name ports of sandboxes, has those ports opened, and names the door's instead. Engines call it
 * (engines/needs.ts, AnswerRewriter). What must stay true: an origin that an answer names is open before anybody
 * reads it, and what could not be opened stays as the app said it.
 */
import type { NamedPlace } from "../../apps/openhands/place.ts";
import { type Change, readPlaces, rewritten } from "../../apps/openhands/read-places.ts";
import type { AnswerRewriter } from "../../engines/needs.ts";
import { messageOf } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import type { PlannedApp } from "../../model/plan.ts";
import { sandboxErrors } from "./errors.ts";
import { sandboxOrigin } from "./origin.ts";
import type { Registry } from "./registry.ts";
import type { Troubles } from "./troubles.ts";

/** Bytes: a hundred conversations, the most OpenHands gives at a time, have about a tenth of it. */
const LIMIT = 2 * 1024 * 1024;

/** Ports of one answer that are looked at; a page of a hundred conversations has the twenty of five sandboxes. */
const MOST = 256;
const NO_NAMES = sandboxErrors.SANDBOX_NAMES_NOT_CARRIED;

interface RewriterParts {
  readonly registry: Pick<Registry, "learn">;
  readonly troubles: Pick<Troubles, "note">;
  readonly log: Log;
}

export function createRewriter({ registry, troubles, log }: RewriterParts): AnswerRewriter {
  return {
    limit: LIMIT,
    async rewrite(app, asked, content) {
      try {
        const places = readPlaces(app.preset, asked.path, content);
        if (places.length === 0 || !app.sandboxes) return undefined;
        const doorPorts = await learnAll(registry, app, places);
        if (app.sandboxes.origins === "hosts") troubles.note(app.name, 0, NO_NAMES({}));
        const changes = changesOf(places, doorPorts, (port) => sandboxOrigin(asked, port));
        return changes.length === 0 ? undefined : rewritten(content, changes);
      } catch (thrown) {
        log.error("answer.not-rewritten", { app: app.name, why: messageOf(thrown) });
        return undefined;
      }
    },
  };
}

/** The door's ports of those that are open, by where the app names them. */
async function learnAll(
  registry: Pick<Registry, "learn">,
  app: PlannedApp,
  places: readonly NamedPlace[],
): Promise<ReadonlyMap<string, number>> {
  const each = withoutContradictions(places);
  const opened = await Promise.all(each.map((place) => registry.learn(app, place)));
  return new Map(
    each.flatMap((place, index) => {
      const doorPort = opened[index];
      return doorPort === undefined ? [] : [[whereOf(place), doorPort] as const];
    }),
  );
}

/** Each once. A port is one thing, whatever an answer says of it the second time; its key may stand anywhere. */
function withoutContradictions(places: readonly NamedPlace[]): readonly NamedPlace[] {
  const kinds = new Map<number, NamedPlace["kind"]>();
  const first = new Map<string, NamedPlace>();
  for (const place of places) {
    const { port, kind, key } = place;
    if (!kinds.has(port)) kinds.set(port, kind);
    if (kinds.get(port) !== kind) continue;
    const known = first.get(whereOf(place));
    first.set(whereOf(place), known ? { ...known, key: known.key ?? key } : place);
  }
  return [...first.values()].slice(0, MOST);
}

function whereOf({ host, port }: NamedPlace): string {
  return `${host} ${port}`;
}

function changesOf(
  places: readonly NamedPlace[],
  doorPorts: ReadonlyMap<string, number>,
  originAt: (doorPort: number) => string,
): Change[] {
  return places.flatMap((place) => {
    const doorPort = doorPorts.get(whereOf(place));
    return doorPort === undefined ? [] : [{ place, origin: originAt(doorPort) }];
  });
}
