/*
 * `genkan remove NAME`: one app less in genkan.yaml; an open door follows before this returns.
 */
import { removeApp } from "../../config/edit.ts";
import { editConfig } from "../../config/edit-file.ts";
import type { Answer, Context, Input } from "../command.ts";
import { follow } from "../follow.ts";

export async function run(context: Context, input: Input): Promise<Answer> {
  const [name = ""] = input.args;
  await editConfig(context.paths.config, { change: (text) => removeApp(text, name) });
  const door = await follow(context);
  const says = door.isOpen ? `\n${door.says}` : "";
  return { text: `${name} is taken away.${says}`, data: { name, following: door.isOpen } };
}
