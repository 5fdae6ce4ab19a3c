/*
 * The app `openhands` in genkan.yaml, as `genkan openhands start` wants it: at the started port, with its preset.
 */
import { runErrors } from "../../apps/openhands-run/errors.ts";
import { addApp, removeApp } from "../../config/edit.ts";
import { editConfig } from "../../config/edit-file.ts";
import { loadConfig } from "../../config/load.ts";
import { findAuthority } from "../../daemon/authority.ts";
import { silentLog } from "../../kernel/log.ts";
import { compile } from "../../model/compile.ts";
import { DEFAULT_ACCESS } from "../../model/access.ts";
import { isOpenHands, type PresetName } from "../../model/preset.ts";
import type { AppSettings } from "../../model/settings.ts";
import { formatTarget, parseTarget } from "../../model/target.ts";
import type { Context } from "../command.ts";

export const APP = "openhands";

interface Wanted {
  readonly port: number;
  readonly preset: PresetName;
}

/** Asked before anything is started. @throws OPENHANDS_APP_ELSEWHERE, and what loading throws */
export async function refuseOtherApp({ paths }: Context, { port }: Wanted): Promise<void> {
  const { settings } = await loadConfig(paths.config);
  const there = settings.apps.find(({ name }) => name === APP);
  if (!there || leadsTo(there, port)) return;
  const wanted = formatTarget(upstreamAt(port));
  throw runErrors.OPENHANDS_APP_ELSEWHERE({ target: formatTarget(there.upstream), wanted });
}

/** Puts the app in, or its preset to the app that is there; an app that is as it should stays untouched. */
export async function putApp(context: Context, wanted: Wanted): Promise<void> {
  await refuseOtherApp(context, wanted);
  const { settings } = await loadConfig(context.paths.config);
  const there = settings.apps.find(({ name }) => name === APP);
  if (there?.preset !== undefined && isFitting(there.preset, wanted.preset)) return;
  const app: AppSettings = { ...(there ?? newApp(wanted.port)), preset: wanted.preset };
  await editConfig(context.paths.config, {
    change: (text) => addApp(there ? removeApp(text, APP) : text, app),
    accept: async (next) => {
      const authority = await findAuthority(next, { ...context, log: silentLog });
      if (authority) compile(next.apps, authority.scope);
    },
  });
}

/** `openhands` alone is every generation. */
function isFitting(there: PresetName, wanted: PresetName): boolean {
  return there === wanted || there === "openhands" || !isOpenHands(there);
}

function newApp(port: number): AppSettings {
  return {
    name: APP,
    upstream: upstreamAt(port),
    hosts: [],
    access: DEFAULT_ACCESS,
    openPaths: [],
    origins: [],
  };
}

/** Not `localhost`: it is published on this address, and another program could listen on the other one. */
function upstreamAt(port: number): AppSettings["upstream"] {
  return parseTarget(`127.0.0.1:${port}`);
}

function leadsTo({ upstream }: AppSettings, port: number): boolean {
  const { scheme, host } = upstream;
  return upstream.port === port && scheme === "http" && /^(?:localhost|127\.0\.0\.1)$/.test(host);
}
