/*
 * Whose root `genkan trust` is about. Under sudo it is the person's who called, not the
 * administrator's: the authority in their home, which is only looked at.
 */
import { pathsOf } from "../platform/paths.ts";
import { personOf } from "../trust/world.ts";
import type { Context } from "./command.ts";

/** The context with the home and the paths of the person who called, and whether that is somebody else than this process. @throws TRUST_PERSON_UNKNOWN */
export async function contextOfPerson(
  context: Context,
): Promise<{ readonly context: Context; readonly isBorrowed: boolean }> {
  const { host, run } = context;
  const person = await personOf(host, run);
  if (person.home === host.home) return { context, isBorrowed: false };
  // The home goes along: mkcert's authority is looked for there, too.
  const theirs = { ...host, home: person.home };
  return { context: { ...context, host: theirs, paths: pathsOf(theirs) }, isBorrowed: true };
}
