/*
 * `genkan up`: opens the door in this process and keeps it open until a signal or `genkan stop`.
 */
import { loadConfig } from "../../config/load.ts";
import type { PairReport } from "../../daemon/control/access-protocol.ts";
import type { DoorStatus } from "../../daemon/control/protocol.ts";
import { runDoor } from "../../daemon/run.ts";
import { parseAccess } from "../../model/access.ts";
import { parseAddress } from "../../model/hostname.ts";
import { isPreset } from "../../model/preset.ts";
import type { AppSettings, Settings } from "../../model/settings.ts";
import { shortTarget } from "../../model/target.ts";
import { appsOfArguments } from "../app-argument.ts";
import {
  type Answer,
  type Context,
  type Input,
  listOption,
  numberOption,
  type Options,
  textOption,
} from "../command.ts";
import { placeOf } from "../place.ts";
import { findApp, nameOf } from "../presets/find-app.ts";
import { foundHere } from "../presets/found-here.ts";
import { recogniseApp } from "../presets/recognise-app.ts";
import { welcome } from "../welcome.ts";

export async function run(context: Context, input: Input): Promise<Answer> {
  const extra = await appsOfLine(context, input);
  const load = async (): Promise<Settings> => {
    const { settings } = await loadConfig(context.paths.config);
    return override(settings, extra, input.options);
  };
  const { warnings } = await loadConfig(context.paths.config);
  for (const warning of warnings) context.note(warning);
  await runDoor({
    ...context,
    load,
    onOpen: async ({ status, advice, invitation }) => {
      if (context.json) return context.say(JSON.stringify(readyLine(status, invitation)));
      const isEmpty = (await load()).apps.length === 0;
      const found = isEmpty ? await foundHere(context) : [];
      if (status.engine === "nginx") context.note(EXPERIMENTAL);
      const place = placeOf(status, context);
      context.say(welcome(status, { advice, found, extra, place, invitation }));
    },
    onClosing: (webSockets) => {
      const open = webSockets === 1 ? "1 WebSocket is" : `${webSockets} WebSockets are`;
      const what = webSockets === 0 ? "" : ` (${open} open)`;
      context.note(`Closing the door${what}. Once more ends it at once.`);
    },
  });
  return {};
}

/** The apps this line names, each recognised where it can be; what there is to say of them is said. */
async function appsOfLine(
  context: Context,
  { args, options }: Input,
): Promise<readonly AppSettings[]> {
  const access = parseAccess(textOption(options, "access"));
  const texts = await Promise.all(args.map((text) => withTarget(text, context.host)));
  const port = numberOption(options, "httpsPort");
  const wish = { wanted: undefined, httpsPort: port === undefined ? "" : String(port) };
  const recognised = await Promise.all(
    appsOfArguments(texts, access).map((app) => recogniseApp(context, app, wish)),
  );
  for (const { app, lines } of recognised) {
    if (lines.length > 0) context.note([`${app.name}: ${lines[0]}`, ...lines.slice(1)].join("\n"));
  }
  return recognised.map(({ app }) => app);
}

/** `openhands` alone -> where it is on this machine. */
async function withTarget(text: string, host: Context["host"]): Promise<string> {
  if (!isPreset(text)) return text;
  return `${nameOf(text)}=${shortTarget(await findApp(text, host))}`;
}

const EXPERIMENTAL =
  "The nginx engine is experimental: it is less strict than the built-in one about what apps and visitors send (docs/nginx.md).";

/** The command line's word over the file's, for this run. */
function override(settings: Settings, extra: readonly AppSettings[], options: Options): Settings {
  const names = new Set(extra.map((app) => app.name));
  const addresses = listOption(options, "address").map(parseAddress);
  return {
    ...settings,
    engine: engineOption(options) ?? settings.engine,
    addresses: addresses.length > 0 ? addresses : settings.addresses,
    httpsPort: numberOption(options, "httpsPort") ?? settings.httpsPort,
    httpPort: numberOption(options, "httpPort") ?? settings.httpPort,
    apps: [
      ...settings.apps.filter((app) => !names.has(app.name)),
      ...extra.map((app) => ({ ...app, from: "command line" })),
    ],
  };
}

/** The parser has checked that it is one of these. */
function engineOption(options: Options): Settings["engine"] | undefined {
  const name = textOption(options, "engine");
  return name === "node" || name === "nginx" ? name : undefined;
}

/** One line when ready, for programs that set a door up: whoever reads it stands where the person would. */
function readyLine(status: DoorStatus, invitation: PairReport | undefined): unknown {
  return {
    ready: true,
    portal: status.portal,
    apps: status.apps.map(({ name, url, upstream }) => ({ name, url, upstream })),
    root: { path: status.root.path, fingerprint: status.root.fingerprint },
    pairing: invitation ? { digits: invitation.digits, expires: invitation.expires } : null,
  };
}
