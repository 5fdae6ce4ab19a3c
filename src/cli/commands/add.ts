/*
 * `genkan add NAME TARGET`: one app more in genkan.yaml; an open door follows before this returns.
 */
import { addApp } from "../../config/edit.ts";
import { editConfig } from "../../config/edit-file.ts";
import { loadConfig } from "../../config/load.ts";
import { findAuthority } from "../../daemon/authority.ts";
import { statusIfOpen } from "../../daemon/control/client.ts";
import { silentLog } from "../../kernel/log.ts";
import { compile } from "../../model/compile.ts";
import { parseAccess } from "../../model/access.ts";
import { parseAppName, parseHostname } from "../../model/hostname.ts";
import { parseOpenPath } from "../../model/open-paths.ts";
import { formatTarget, parseTarget } from "../../model/target.ts";
import {
  type Answer,
  type Context,
  flagOption,
  type Input,
  listOption,
  textOption,
} from "../command.ts";
import { follow } from "../follow.ts";
import { openLines } from "../open-lines.ts";
import { parsePresetOption } from "../presets/option.ts";
import { recogniseApp } from "../presets/recognise-app.ts";

export async function run(context: Context, input: Input): Promise<Answer> {
  const [name = "", target = ""] = input.args;
  const { options } = input;
  const wanted = parsePresetOption(textOption(options, "preset"));
  const asked = {
    name: parseAppName(name),
    upstream: parseTarget(target, flagOption(options, "insecure")),
    hosts: listOption(options, "host").map(parseHostname),
    origins: [],
    access: parseAccess(textOption(options, "access")),
    openPaths: listOption(options, "openPath").map(parseOpenPath),
  };
  await loadConfig(context.paths.config); // what is wrong with the file, or its place, comes first
  const status = await statusIfOpen(context.paths);
  const { app, lines: known } = await recogniseApp(context, asked, {
    wanted,
    httpsPort: status ? new URL(status.portal).port : "",
  });
  await editConfig(context.paths.config, {
    change: (text) => addApp(text, app),
    accept: async (settings) => {
      const world = { ...context, log: silentLog };
      const authority = await findAuthority(settings, world);
      if (authority) compile(settings.apps, authority.scope);
    },
  });
  const door = await follow(context);
  const present = door.appOf(app.name);
  const url = present?.url ?? `https://${app.name}.local`;
  const upstream = formatTarget(app.upstream);
  // An app of `genkan up`'s own command line goes before the file's for as long as that door is open.
  const isHidden = present !== undefined && present.upstream !== upstream;
  const says = isHidden
    ? `The open door was started with another ${app.name} (${present.upstream}), which stays until it is closed: genkan stop`
    : door.says;
  const { access, preset = null } = app;
  const following = door.isOpen && !isHidden;
  const data = { name: app.name, url, upstream, access, preset, following };
  const lines = [`${app.name} is at ${url} -> ${upstream}`, ...known, says, ...openLines([app])];
  return { text: lines.join("\n"), data };
}
