/*
 * What the door calls a port of a sandbox, in answers and in status. Pure.
 */
import type { AskedAnswer } from "../../engines/needs.ts";
import type { SandboxOrigins } from "../../model/plan.ts";

/** @param asked the app's name and the door's port, as the visitor sees them. */
export function sandboxOrigin(
  { host, port }: Pick<AskedAnswer, "host" | "port">,
  doorPort: number,
  origins: SandboxOrigins,
): string {
  if (origins === "ports") return `https://${host}:${doorPort}`;
  return `https://${doorPort}.${host}${port === 443 ? "" : `:${port}`}`;
}
