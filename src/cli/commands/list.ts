/*
 * `genkan list`: the apps in genkan.yaml, whether the door is open or not.
 */
import { loadConfig } from "../../config/load.ts";
import { formatTarget } from "../../model/target.ts";
import type { Answer, Context } from "../command.ts";
import { table } from "../table.ts";

export async function run({ paths }: Context): Promise<Answer> {
  const { settings } = await loadConfig(paths.config);
  const apps = settings.apps.map((app) => ({
    name: app.name,
    upstream: formatTarget(app.upstream),
    hosts: [`${app.name}.local`, ...app.hosts],
    ...(app.upstream.insecure ? { insecure: true } : {}),
    access: app.access,
    ...(app.preset ? { preset: app.preset } : {}),
  }));
  const data = { config: paths.config, apps };
  if (apps.length === 0) {
    return { text: `No apps yet in ${paths.config}. The first: genkan add openhands 3000`, data };
  }
  const isKnown = apps.some(({ preset }) => preset !== undefined);
  const known = (word: string): string[] => (isKnown ? [word] : []);
  const rows = apps.map(({ name, upstream, access, hosts, preset = "-" }) => {
    return [name, upstream, ...known(preset), access, hosts.join(" ")];
  });
  return { text: table([["APP", "UPSTREAM", ...known("PRESET"), "FOR", "NAMES"], ...rows]), data };
}
