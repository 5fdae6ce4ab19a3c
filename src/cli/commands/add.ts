/*
 * `genkan add NAME TARGET`: one app more in genkan.yaml; an open door follows before this returns.
 */
import { addApp } from "../../config/edit.ts";
import { editConfig } from "../../config/edit-file.ts";
import { findAuthority } from "../../daemon/authority.ts";
import { silentLog } from "../../kernel/log.ts";
import { compile } from "../../model/compile.ts";
import { parseAccess } from "../../model/access.ts";
import { parseAppName, parseHostname } from "../../model/hostname.ts";
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

export async function run(context: Context, input: Input): Promise<Answer> {
  const [name = "", target = ""] = input.args;
  const { options } = input;
  const app = {
    name: parseAppName(name),
    upstream: parseTarget(target, flagOption(options, "insecure")),
    hosts: listOption(options, "host").map(parseHostname),
    origins: [],
    access: parseAccess(textOption(options, "access")),
  };
  await editConfig(context.paths.config, {
    change: (text) => addApp(text, app),
    accept: async (settings) => {
      const world = { ...context, log: silentLog };
      const authority = await findAuthority(settings, world);
      if (authority) compile(settings.apps, authority.scope);
    },
  });
  const door = await follow(context);
  const url = door.urlOf(app.name) ?? `https://${app.name}.local`;
  const data = {
    name: app.name,
    url,
    upstream: formatTarget(app.upstream),
    following: door.isOpen,
  };
  return { text: `${app.name} is at ${url} -> ${data.upstream}\n${door.says}`, data };
}
