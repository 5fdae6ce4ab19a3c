/*
 * Passkeys, as routes of the portal: the page to keep them on, and the two ceremonies its script and that of
 * the sign-in page hold. Called once by portal.tsx, before it refuses everything but GET and HEAD.
 */
import { Hono } from "hono";
import { page, pathTo, seeOther } from "../sign-in/answers.ts";
import { type DeviceVisit, forDevice } from "../sign-in/for-device.tsx";
import type { SignInWorld } from "../sign-in/needs.ts";
import type { SignInEnv } from "../sign-in/visit.ts";
import { createCeremonies } from "./ceremonies.ts";
import type { PasskeyNeeds } from "./needs.ts";
import { PASSKEYS_PATH } from "./offer.tsx";
import { passkeysPage } from "./passkeys-page.tsx";
import { PASSKEY_SCRIPT } from "./script.ts";

export function mountPasskeys(app: Hono, world: SignInWorld, needs: PasskeyNeeds): void {
  const { access } = needs;
  const ceremonies = createCeremonies(world, needs);
  const routes = new Hono<SignInEnv>();
  const backToList = ({ visit }: DeviceVisit): Response =>
    seeOther(pathTo(PASSKEYS_PATH, visit.words.lang));
  const idIn = ({ said, device }: DeviceVisit): string | undefined =>
    access.list(device.id).find(({ id }) => id === said.get("id"))?.id; // gone already: as good

  routes.get(
    PASSKEYS_PATH,
    forDevice(world, ({ visit, device }) =>
      page(passkeysPage(visit, access.list(device.id)), 200, PASSKEY_SCRIPT),
    ),
  );
  routes.post(
    "/passkeys/rename",
    forDevice(world, async (asked) => {
      const id = idIn(asked);
      if (id !== undefined) {
        await access.rename(asked.device.id, id, asked.said.get("name") ?? "");
      }
      return backToList(asked);
    }),
  );
  routes.post(
    "/passkeys/remove",
    forDevice(world, async (asked) => {
      const id = idIn(asked);
      if (id !== undefined) await access.remove(asked.device.id, id);
      return backToList(asked);
    }),
  );
  routes.post("/passkey/add/options", ceremonies.beginAdding);
  routes.post("/passkey/add", ceremonies.add);
  routes.post("/passkey/sign-in/options", ceremonies.beginSignIn);
  routes.post("/passkey/sign-in", ceremonies.signIn);
  app.route("/", routes);
}
