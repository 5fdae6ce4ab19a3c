/*
 * The apps a device may open, as the door's first page lists them. Strangers are never shown one.
 */
import { admit } from "../../model/admission.ts";
import type { PlannedApp } from "../../model/plan.ts";
import type { ShownApp } from "./frame.tsx";
import type { KnownDevice, Visit } from "./visit.ts";

export async function appsFor({ world, host }: Visit, device: KnownDevice): Promise<ShownApp[]> {
  const apps = (world.plan()?.apps ?? []).filter((app) => mayOpen(device, app));
  return Promise.all(
    apps.map(async (app) => ({
      name: app.name,
      host: nearestHost(app, host),
      isUp: await world.isUp(app),
    })),
  );
}

function mayOpen(device: KnownDevice, { name, access, openPaths }: PlannedApp): boolean {
  const visitor = { is: "device", ...device } as const;
  const facts = { method: "GET", path: "/", kind: "navigation" } as const;
  return admit({ app: name, access, openPaths, visitor, ...facts }).is === "let-in";
}

/** Of the app's names the one like the portal's: what resolves for this visitor resolves again. */
function nearestHost({ hosts, name }: PlannedApp, portal: string): string {
  const suffix = portal.slice(portal.indexOf("."));
  const near = hosts.find((host) => host.slice(host.indexOf(".")) === suffix);
  return near ?? hosts[0] ?? name;
}
