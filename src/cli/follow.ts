/*
 * After the configuration changed: an open door follows now, and says whether it could.
 */
import { doorControl, statusIfOpen } from "../daemon/control/client.ts";
import type { AppStatus } from "../daemon/control/protocol.ts";
import { GenkanError } from "../kernel/errors.ts";
import type { Context } from "./command.ts";

export interface Followed {
  readonly isOpen: boolean;
  /** One sentence for the person. */
  readonly says: string;
  /** The app of this name as the open door has it. */
  appOf(name: string): AppStatus | undefined;
}

/** @throws what kept the open door from following: the file is changed, the old plan runs on. */
export async function follow({ paths }: Pick<Context, "paths">): Promise<Followed> {
  if (!(await statusIfOpen(paths))) {
    return { isOpen: false, says: "Open the door to use it: genkan up", appOf: () => undefined };
  }
  const { trouble } = await doorControl(paths).reload();
  if (trouble) throw new GenkanError(trouble);
  const status = await doorControl(paths).status();
  return {
    isOpen: true,
    says: "The open door follows already.",
    appOf: (name) => status.apps.find((app) => app.name === name),
  };
}
