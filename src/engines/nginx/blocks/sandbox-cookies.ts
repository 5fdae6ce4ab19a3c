/*
 * Cookies of apps with sandboxes: none reach the app's own page but those it is known to use (SandboxRules.cookies), as
 * pages on its sandboxes' ports can set any for its host. The built-in engine does the same in fields-for.ts.
 */
import type { Plan } from "../../../model/plan.ts";
import { comment, live } from "../directives.ts";
import { DEFAULT, map } from "./map.ts";

/** What every app but those gets. */
const ALL = "$genkan_cookie";

/** What `proxy_set_header Cookie` says. */
export function cookieSent(plan: Plan): string {
  return withSandboxes(plan).length === 0 ? ALL : "$genkan_cookie_sent";
}

/** For the http block. */
export function sandboxCookieMaps(plan: Plan): string[] {
  const apps = withSandboxes(plan);
  if (apps.length === 0) return [];
  const names = [...new Set(apps.flatMap(({ cookies }) => cookies))];
  return [
    comment("Of the cookies of apps with sandboxes, those their own pages use."),
    ...names.map(keeping),
    map("$genkan_app", "$genkan_cookie_sent", [
      [DEFAULT, live(ALL)],
      ...apps.map(({ app, cookies }) => [app, live(cookies.map(kept).join(""))] as const),
    ]),
  ];
}

/** nginx has variables for cookies whose names could be a variable's; others are looked for. */
function keeping(name: string): string {
  if (/^\w+$/.test(name)) {
    return map(`$cookie_${name}`, kept(name), [
      [DEFAULT, live(`${name}=$cookie_${name}; `)],
      [live(""), live("")],
    ]);
  }
  const found = `genkan_found_${asVariable(name)}`;
  return map("$http_cookie", kept(name), [
    [DEFAULT, live("")],
    [live(`~(?:^|;\\s*)(?<${found}>${name}=[^;]*+)`), live(`$${found}; `)],
  ]);
}

/** @param name a token of letters, digits, underscores and hyphens. */
function kept(name: string): string {
  return `$genkan_keeps_${asVariable(name)}`;
}

function asVariable(name: string): string {
  return name.replaceAll("-", "_");
}

function withSandboxes({ apps }: Plan): { app: string; cookies: readonly string[] }[] {
  return apps.flatMap(({ name, sandboxes }) =>
    sandboxes ? [{ app: name, cookies: sandboxes.cookies }] : [],
  );
}
