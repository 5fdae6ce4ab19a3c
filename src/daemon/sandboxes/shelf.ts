/*
 * Opens and closes ports of sandboxes, and keeps what is open: registry.ts decides when. What must stay true: nothing
 * stays open for an app that is not in the plan, and no app has more than its share.
 */
import type { NamedPlace } from "../../apps/openhands/place.ts";
import { GenkanError, messageOf } from "../../kernel/errors.ts";
import type { Plan, PlannedApp } from "../../model/plan.ts";
import { sandboxErrors } from "./errors.ts";
import { createKeys } from "./keys.ts";
import type { SandboxesNeeds } from "./needs.ts";
import type { Entry, OpenSandbox } from "./open-sandbox.ts";
import { seek, type Whereabouts } from "./whereabouts.ts";

export interface Shelf {
  get(app: string, port: number): Entry | undefined;
  all(): readonly Entry[];
  /** @returns the door's port, or why it is not opened. */
  open(app: PlannedApp, place: NamedPlace): Promise<number | GenkanError>;
  close(sandbox: OpenSandbox): void;
}

/** Ports of one app's sandboxes at a time; OpenHands keeps five sandboxes of four ports each. */
const MOST = 64;

export function createShelf(needs: SandboxesNeeds): Shelf {
  const { plan } = needs;
  const entries = new Map<string, Entry>();
  const begun = new Set<{ readonly app: string }>();
  const close = (entry: OpenSandbox): void => {
    const id = idOf(entry.app, entry.port);
    if (entries.get(id) !== entry) return; // another one has its place already
    entries.delete(id);
    needs.ports.close(entry.doorPort);
  };

  async function openAt(place: NamedPlace, app: string, found: Whereabouts): Promise<number> {
    const entry = await listen(place, { app, found, needs });
    entries.set(idOf(app, place.port), entry);
    // It may have been taken from the plan meanwhile.
    if (!hasSandboxes(plan(), app)) close(entry);
    return entry.doorPort;
  }

  return {
    get: (app, port) => entries.get(idOf(app, port)),
    all: () => [...entries.values()],
    close,
    async open(app, place) {
      const { name } = app;
      const share = [...entries.values(), ...begun].filter((each) => each.app === name).length;
      if (share >= MOST) return sandboxErrors.SANDBOX_PORTS_TOO_MANY({ app: name, most: MOST });
      const one = { app: name };
      begun.add(one);
      try {
        const found = await seek({ app, place, plan: plan() }, needs);
        return found instanceof GenkanError ? found : await openAt(place, name, found);
      } catch (thrown) {
        const about = { app: name, port: place.port, why: messageOf(thrown) };
        return sandboxErrors.SANDBOX_PORT_UNAVAILABLE(about, { cause: thrown });
      } finally {
        begun.delete(one);
      }
    },
  };
}

export function hasSandboxes({ apps }: Plan, name: string): boolean {
  return apps.some((app) => app.name === name && app.sandboxes !== undefined);
}

interface Listening {
  readonly app: string;
  readonly found: Whereabouts;
  readonly needs: SandboxesNeeds;
}

/** @throws the system's own error where no port can be had. */
async function listen(place: NamedPlace, { app, found, needs }: Listening): Promise<Entry> {
  const { generation, kind, port, sandbox, key } = place;
  const keys = createKeys();
  if (key !== undefined) keys.learn(key);
  const { upstream } = found;
  const isKey = (text: string): boolean => keys.isKey(text);
  const doorPort = await needs.ports.open({ app, kind, upstream, isKey });
  return { app, generation, kind, port, doorPort, sandbox, ...found, keys, silent: 0 };
}

function idOf(app: string, port: number): string {
  return `${app} ${port}`;
}
