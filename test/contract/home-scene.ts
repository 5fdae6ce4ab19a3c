/*
 * A household behind an engine: an app that is not for everyone, and a device that was let in.
 */
import { type Household, openHousehold, type Paired } from "../support/household.ts";
import type { Terms } from "../support/door.ts";
import { answering, type Play } from "../support/raw-app.ts";
import { OK, type OpenEngine, type Scene, scene } from "./contract.ts";

/** What a browser says that opens a page, and for a page's script. */
export const PAGE = {
  accept: "text/html",
  "sec-fetch-mode": "navigate",
  "sec-fetch-dest": "document",
};
export const SCRIPT = { accept: "*/*", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" };

export interface HomeScene extends Scene {
  readonly household: Household;
  /** An owner's, signed in at `wiki.local`. */
  readonly device: Paired;
}

export async function atHome(
  open: OpenEngine,
  { play = answering(OK), ...terms }: Terms & { readonly play?: Play } = {},
): Promise<HomeScene> {
  const household = await openHousehold();
  const { gate } = household;
  const options = { gate, terms: { access: "household", ...terms } } as const;
  const device = await household.pair("Ada's phone", "wiki.local");
  return { ...(await scene(open, play, options)), household, device };
}
