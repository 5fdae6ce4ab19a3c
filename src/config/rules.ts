/*
 * What the keys must be to each other: names of apps, names asked for twice, one port for two things.
 * Pure; check.ts runs it after, and beside, the schema.
 */
import { parseAppName } from "../model/hostname.ts";
import { clashError, findClashes } from "../model/compile.ts";
import { isOpenHands } from "../model/preset.ts";
import { HOME_SCOPE, isInScope } from "../model/scope.ts";
import type { Settings } from "../model/settings.ts";
import type { Fault } from "./problem.ts";
import { troubleOf } from "./trouble.ts";

/** What is wrong with the apps' names. @param names the keys below `apps`, as they are written */
export function nameFaults(names: readonly string[]): readonly Fault[] {
  const seen = new Map<string, string>();
  return names.flatMap((name): readonly Fault[] => {
    const trouble = troubleOf(() => parseAppName(name));
    const path = ["apps", name];
    if (trouble) return [{ path, at: "key", says: `${trouble.message} ${trouble.fix}` }];
    const one = parseAppName(name);
    const earlier = seen.get(one);
    seen.set(one, name);
    if (earlier === undefined) return [];
    return [{ path, at: "key", says: `This is the same name as ${earlier}. Remove one of them.` }];
  });
}

/** What is wrong between keys that are right by themselves. @param names as for nameFaults */
export function settingsFaults(settings: Settings, names: readonly string[]): readonly Fault[] {
  const written = new Map(settings.apps.map((app, i) => [app.name, names[i]]));
  const clashes = findClashes(settings.apps).map((clash): Fault => {
    const { message, fix } = clashError(clash);
    const path = ["apps", String(written.get(clash.second))];
    return { path, at: "key", says: `${message} ${fix}` };
  });
  return [
    ...clashes,
    ...portFaults(settings),
    ...insecureFaults(settings, names),
    ...sandboxFaults(settings, names),
  ];
}

/** What is right, and still not what the person can have meant. */
export function settingsWarnings({ domains }: Settings): readonly Fault[] {
  const needless = domains.filter((domain) => isInScope(HOME_SCOPE, domain));
  return needless.map((domain) => {
    const says = `Every authority may vouch for ${domain} already; it can go.`;
    return { path: ["domains"], at: "key", says };
  });
}

function portFaults({ httpsPort, httpPort }: Settings): readonly Fault[] {
  if (httpsPort === undefined || httpsPort !== httpPort) return [];
  const says = `https_port and http_port are both ${httpPort}, and a port takes one of them. Change one.`;
  return [{ path: ["http_port"], at: "value", says }];
}

function insecureFaults({ apps }: Settings, names: readonly string[]): readonly Fault[] {
  return apps.flatMap(({ upstream }, i): readonly Fault[] => {
    if (!upstream.insecure || upstream.scheme === "https") return [];
    const says =
      "'insecure' is for https:// targets only. Remove it, or write https:// in the target.";
    return [{ path: ["apps", String(names[i]), "insecure"], at: "key", says }];
  });
}

/** Names below `openhands.local` are found by nobody: mDNS carries them, and most resolvers do not ask it. */
function sandboxFaults({ apps, dns }: Settings, names: readonly string[]): readonly Fault[] {
  return apps.flatMap(({ preset, sandboxOrigins, hosts }, i): readonly Fault[] => {
    if (sandboxOrigins === undefined) return [];
    const path = ["apps", String(names[i]), "sandbox_origins"];
    if (!isOpenHands(preset)) {
      const says = "Only OpenHands has sandboxes. Remove this, or write 'preset: openhands' too.";
      return [{ path, at: "key", says }];
    }
    const hasNames = dns !== undefined || hosts.some((host) => !/\.local(?:host)?$/.test(host));
    if (sandboxOrigins === "ports" || hasNames) return [];
    const says =
      "'hosts' makes names below the app's, and below NAME.local nobody finds any. Give the app a name in a domain whose DNS you control, with a wildcard for what is below it, such as hosts: [openhands.home.lan]; or write ports.";
    return [{ path, at: "value", says }];
  });
}
