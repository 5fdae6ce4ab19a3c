/*
 * What is said of the names other devices find the door by. Pure text.
 */
import type { DoorStatus } from "../daemon/control/protocol.ts";

type NamingStatus = DoorStatus["names"];

const BY = { avahi: "Avahi", "dns-sd": "this Mac", own: "the door itself" } as const;

/** For `genkan status`: by whom they are announced, where, and which are not as the person asked. */
export function nameLines(names: NamingStatus): string[] {
  return [`Names      ${announcedBy(names)}`, ...namesOf(names), ...troublesOf(names)];
}

function announcedBy({ by, links, trouble }: NamingStatus): string {
  if (by === undefined && links.length === 0)
    return "announced nowhere: no network leads to this door";
  if (by === undefined || trouble) return "not announced";
  const where = links.map(
    ({ interfaceName, addresses }) => `${interfaceName} (${addresses.join(", ")})`,
  );
  return `announced by ${BY[by]} on ${where.join(", ")}`;
}

function namesOf({ names, links, trouble }: NamingStatus): string[] {
  if (links.length === 0 || trouble) return [];
  const line = (state: string, before: string): string[] => {
    const some = names.filter((name) => name.state === state).map(({ name }) => name);
    return some.length === 0 ? [] : [`           ${before}${some.join(", ")}`];
  };
  return [...line("announced", ""), ...line("claimed", "being claimed: ")];
}

function troublesOf({ names, notCarried, trouble }: NamingStatus): string[] {
  const lines: string[] = [];
  for (const { name, state, owner, instead } of names) {
    if (state !== "taken") continue;
    const who = owner === undefined ? "another machine" : `another machine (${owner})`;
    const then = instead === undefined ? "nothing stands in for it" : `${instead} stands in for it`;
    lines.push(`           ${name} belongs to ${who}; ${then}`);
  }
  if (notCarried.length > 0) {
    lines.push(`           devices do not find by themselves: ${notCarried.join(", ")}`);
    lines.push("           -> genkan hosts --print gives the lines for their hosts files");
  }
  if (trouble) lines.push(`           ${trouble.message}`, `           -> ${trouble.fix}`);
  return lines;
}

/** For `genkan up`: what to type on another device; undefined where names lead nowhere. */
export function addressByName({ names, apps, portal }: DoorStatus): string | undefined {
  return names.links.length === 0 ? undefined : (apps[0]?.url ?? portal);
}
