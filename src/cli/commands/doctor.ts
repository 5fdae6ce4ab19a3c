/*
 * `genkan doctor [NAME]`: runs every check and names the first thing to fix. With a name it goes through the door as a
 * device would; what it made on the way is taken back at the end, also after Ctrl-C.
 */
import { doorControl } from "../../daemon/control/client.ts";
import { gatherChecks } from "../../daemon/diagnose.ts";
import { beginVisit } from "../../daemon/probing/visit.ts";
import { exitOf, runChecks } from "../../doctor/run-checks.ts";
import { reportJson } from "../../doctor/report-json.ts";
import { reportText } from "../../doctor/report-text.ts";
import { type Answer, type Context, flagOption, type Input } from "../command.ts";
import { cliErrors } from "../errors.ts";

export async function run(context: Context, { args, options }: Input): Promise<Answer> {
  const { paths, note, signal } = context;
  const [name] = args;
  const isDeep = flagOption(options, "deep");
  if (isDeep && name === undefined) {
    const why = "--deep begins a conversation in one app. Name it: genkan doctor NAME --deep";
    throw cliErrors.USAGE({ why, command: "genkan doctor" });
  }
  const visit = beginVisit(() => doorControl(paths).access, note);
  try {
    const asked = name === undefined ? undefined : { name, probe: { isDeep, visit, note } };
    const report = await runChecks(await gatherChecks(context, asked), { signal });
    const exit = signal.aborted ? 1 : exitOf(report); // stopped before the end, it knows of no "all is well"
    return { text: reportText(report), data: reportJson(report), exit };
  } finally {
    await visit.end();
  }
}
