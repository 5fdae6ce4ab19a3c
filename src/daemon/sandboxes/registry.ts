/*
 * Which ports of sandboxes are open at the door: those that answers named, as long as their sandboxes are there.
 * Called by rewriter.ts, by looks.ts and by what the plan and Docker tell. What must stay true: answers that name
 * the same port at once open it once.
 */
import type { NamedPlace } from "../../apps/openhands/place.ts";
import { GenkanError } from "../../kernel/errors.ts";
import type { PlannedApp } from "../../model/plan.ts";
import type { SandboxesNeeds } from "./needs.ts";
import { type Entry, isOfSame, type OpenSandbox } from "./open-sandbox.ts";
import { refusalOf } from "./refusal.ts";
import { createShelf, hasSandboxes } from "./shelf.ts";
import type { Troubles } from "./troubles.ts";
import { seek } from "./whereabouts.ts";

export interface Registry {
  /** The door's port for a named one, open when it resolves; undefined where it is not opened. Never rejects. */
  learn(app: PlannedApp, place: NamedPlace): Promise<number | undefined>;
  open(): readonly OpenSandbox[];
  close(sandbox: OpenSandbox): void;
  /** Closes what belongs to apps that are not in the plan, or have no sandboxes there. */
  follow(): void;
}

export function createRegistry(needs: SandboxesNeeds, troubles: Troubles): Registry {
  const { plan } = needs;
  const shelf = createShelf(needs);

  async function learnInTurn(app: PlannedApp, place: NamedPlace): Promise<number | undefined> {
    const naming = { app, place, plan: plan(), interfaces: needs.interfaces() };
    const opened = refusalOf(naming, needs.listen) ?? (await keepOrOpen(app, place));
    if (opened instanceof GenkanError) {
      troubles.note(app.name, place.port, opened);
      return undefined;
    }
    troubles.forget(app.name, place.port);
    return opened;
  }

  async function keepOrOpen(app: PlannedApp, place: NamedPlace): Promise<number | GenkanError> {
    const known = shelf.get(app.name, place.port);
    if (!known) return shelf.open(app, place);
    const isStill = isOfSame(known, place) && (known.isHeard || (await isThere(known, app, place)));
    if (!isStill) {
      shelf.close(known);
      return shelf.open(app, place);
    }
    if (place.key !== undefined) known.keys.learn(place.key);
    return known.doorPort;
  }

  /** One that nobody was heard at may have been looked for in the wrong place, before its sandbox was there. */
  async function isThere(known: Entry, app: PlannedApp, place: NamedPlace): Promise<boolean> {
    const found = await seek({ app, place, plan: plan() }, needs);
    if (found instanceof GenkanError) return false;
    known.isHeard = found.isHeard;
    return !found.isHeard || found.upstream.host === known.upstream.host;
  }

  return {
    learn: inTurnByPort(learnInTurn),
    open: () => shelf.all(),
    close: (sandbox) => shelf.close(sandbox),
    follow() {
      for (const entry of shelf.all()) if (!hasSandboxes(plan(), entry.app)) shelf.close(entry);
      troubles.keepOnly(plan().apps.map((app) => app.name));
    },
  };
}

type Learn = (app: PlannedApp, place: NamedPlace) => Promise<number | undefined>;

/** Those for one port of an app each begin when the one before has ended. */
function inTurnByPort(learn: Learn): Learn {
  const turns = new Map<string, Promise<unknown>>();
  return (app, place) => {
    const id = `${app.name} ${place.port}`;
    const turn = (turns.get(id) ?? Promise.resolve()).then(() => learn(app, place));
    const over = turn.catch(() => undefined); // whoever asked hears of it through `turn`
    turns.set(id, over);
    void over.then(() => turns.get(id) === over && turns.delete(id));
    return turn;
  };
}
