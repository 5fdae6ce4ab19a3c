/*
 * Finds out that sandboxes are gone where Docker does not tell: nobody listens there any more, look after look.
 * Called by sandboxes.ts. A paused sandbox may be closed, too: the next answer that names it opens it again.
 */
import { accepts } from "../../platform/accepts.ts";
import type { OpenSandbox } from "./open-sandbox.ts";
import type { Registry } from "./registry.ts";

/** Milliseconds between looks. */
export const LOOK = 10_000;
const PATIENCE = 1_000;
/** Looks that find nobody until it is gone. */
const GONE = 3;
/** The same where nobody has ever been heard: its image may be on its way. */
const NEVER_THERE = 60;

/** Looks at all that is open, and closes what has been silent too often. */
export async function look(registry: Registry): Promise<void> {
  const all = registry.open();
  await Promise.all(
    all.map(async (sandbox) => {
      const { host, port } = sandbox.upstream;
      const isHeard = await accepts(host, port, PATIENCE);
      sandbox.silent = isHeard ? 0 : sandbox.silent + 1;
      sandbox.isHeard ||= isHeard;
    }),
  );
  for (const members of bySandbox(all)) {
    if (isGone(members)) for (const member of members) registry.close(member);
  }
}

function isGone(members: readonly OpenSandbox[]): boolean {
  const least = members.some(({ isHeard }) => isHeard) ? GONE : NEVER_THERE;
  return members.every(({ silent }) => silent >= least);
}

/** What the agent serves comes and goes: its ports stay as long as anything of their sandbox is there. */
function bySandbox(all: readonly OpenSandbox[]): OpenSandbox[][] {
  const groups = new Map<string, OpenSandbox[]>();
  for (const each of all) {
    const id = `${each.app} ${each.sandbox ?? each.port}`;
    groups.set(id, [...(groups.get(id) ?? []), each]);
  }
  return [...groups.values()];
}
