/*
 * What the door calls a port of a sandbox, in answers and in status. Pure.
 */
import type { AskedAnswer } from "../../engines/needs.ts";

/**
 * The app's name at that port. Also where the person chose names below it (`sandbox_origins: hosts`): no engine
 * carries those yet, and an answer names nothing that leads nowhere; rewriter.ts says so.
 */
export function sandboxOrigin({ host }: Pick<AskedAnswer, "host">, doorPort: number): string {
  return `https://${host}:${doorPort}`;
}
