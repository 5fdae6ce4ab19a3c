/*
 * What traps of several apps share. Pure.
 */
import type { AtDoor, Trap } from "./preset.ts";

/** Whether an address an app gives out for itself is the door's; undefined where it gives none. */
export function isAtDoor(text: unknown, { origin, hosts }: AtDoor): boolean | undefined {
  if (typeof text !== "string") return undefined;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const { port } = new URL(origin);
  return hosts.some((host) => url.origin === `https://${host}${port === "" ? "" : `:${port}`}`);
}

/** Its own apps and tools are no browsers, and cannot sign in at the door (docs/access.md). */
export function programsTrap(what: string): Trap {
  return {
    id: "programs",
    says: `${what} cannot sign in at the door.`,
    remedy: () =>
      "Open the app to everyone on this network, who then meet its own sign-in: --access open",
    applies: ({ access }) => access !== "open",
  };
}
