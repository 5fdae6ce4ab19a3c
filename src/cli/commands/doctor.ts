/*
 * `genkan doctor [NAME]`: runs every check and names the first thing to fix.
 */
import { gatherChecks } from "../../daemon/diagnose.ts";
import { exitOf, runChecks } from "../../doctor/run-checks.ts";
import { reportJson } from "../../doctor/report-json.ts";
import { reportText } from "../../doctor/report-text.ts";
import type { Answer, Context, Input } from "../command.ts";

export async function run(context: Context, input: Input): Promise<Answer> {
  const checks = await gatherChecks(context, input.args[0]);
  const report = await runChecks(checks, { signal: context.signal });
  return { text: reportText(report), data: reportJson(report), exit: exitOf(report) };
}
