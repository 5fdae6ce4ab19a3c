/*
 * Pairing, signing in and the devices, as routes of the portal. Called once by portal.tsx, before it
 * refuses everything but GET and HEAD.
 */
import { type Context, Hono } from "hono";
import { page } from "./answers.ts";
import { appsFor } from "./apps.ts";
import { askToRevoke, rename, revoke, showDevices } from "./devices.ts";
import { forDevice, forOwner } from "./for-device.tsx";
import { homePage } from "./home-page.tsx";
import { askWhom, invite } from "./invite.ts";
import type { SignInWorld } from "./needs.ts";
import { enter, pair, showPair } from "./pair.ts";
import { askToLeave, leave, showLeft } from "./sign-out.tsx";
import { type SignInEnv, visitOf } from "./visit.ts";

export function mountSignIn(app: Hono, world: SignInWorld): void {
  const routes = new Hono<SignInEnv>();
  const showHome = forDevice(world, async ({ visit, device }) =>
    page(homePage(visit, await appsFor(visit, device))),
  );
  routes.get("/", (context, next) =>
    wantsSteps(context) || !visitOf(context, world).device ? next() : showHome(context),
  );
  routes.get("/pair", (context) => showPair(context, world));
  routes.post("/pair", (context) => pair(context, world));
  routes.get("/enter", (context) => enter(context, world));
  routes.get("/devices", forDevice(world, showDevices));
  routes.post("/devices/rename", forDevice(world, rename));
  routes.get("/devices/revoke", forOwner(world, askToRevoke));
  routes.post("/devices/revoke", forOwner(world, revoke));
  routes.get("/devices/pair", forOwner(world, askWhom));
  routes.post("/devices/pair", forOwner(world, invite));
  routes.get("/sign-out", forDevice(world, askToLeave));
  routes.post("/sign-out", forDevice(world, leave));
  routes.get("/signed-out", (context) => showLeft(context, world));
  app.route("/", routes);
}

/** The steps to trust the door are for who asks for them, and for strangers. */
function wantsSteps({ req }: Context): boolean {
  return req.query("steps") !== undefined || req.query("device") !== undefined;
}
