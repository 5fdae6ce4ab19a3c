/*
 * A conversation of Agent Canvas, with the settings that are saved, followed over its events socket until `idle`
 * (SDK:openhands-agent-server/openhands/agent_server/{conversation_router,sockets}.py).
 */
import type { Finding } from "../../../kernel/check.ts";
import { findKey } from "./canvas-key.ts";
import { type DeepRun, deleteAfterwards, notBegun, SLOW, stuck, tookTooLong } from "./deep-run.ts";
import { well } from "./facts.ts";
import { authFrame, eventsPath, readState } from "./state-events.ts";
import { field, type Heard, type Line, textField } from "./wire.ts";

const PATH = "/api/conversations";

export async function deepCanvas(run: DeepRun): Promise<Finding> {
  const { facts, signal } = run;
  const found = await findKey(facts.door, facts.keptKey);
  if (!found) return { state: "unknown", why: "Canvas' key is not known here" };
  const { key } = found;
  const { json: settings } = await facts.door.ask({ path: "/api/settings", key });
  const json = { agent_settings: field(settings, "agent_settings"), workspace: WORKSPACE };
  const begun = facts.door.ask({ method: "POST", path: PATH, key, json, patienceMs: SLOW });
  const pathOf = (id: string): string => `${PATH}/${id}`;
  deleteAfterwards(run, begun, { idIn: async (heard) => idIn(heard), pathOf, key });
  const heard = await begun;
  const id = idIn(heard);
  if (id === undefined) return notBegun(run, heard);
  run.progress.pass("READY");
  const dialled = await facts.door.dial(eventsPath(id), signal);
  if (dialled.is === "refused") return stuck(run, `its WebSocket was refused (${dialled.why})`);
  dialled.line.say(authFrame(key));
  try {
    return await follow(run, dialled.line);
  } finally {
    dialled.line.close();
  }
}

/** As the SDK's own default; made where the agent-server runs, and left empty. */
const WORKSPACE = { kind: "LocalWorkspace", working_dir: "workspace/project" };

function idIn({ status, json }: Heard): string | undefined {
  return status < 300 ? textField(json, "id") : undefined;
}

async function follow(run: DeepRun, line: Line): Promise<Finding> {
  for (;;) {
    const word = await line.hear(run.progress.left());
    if (word.is === "nothing") return tookTooLong(run);
    if (word.is === "closed") return stuck(run, `its WebSocket closed with ${word.code}`);
    const state = readState(word.text);
    if (state === undefined) continue;
    run.progress.pass(state);
    if (state === "idle") return well("it was idle, which is awaiting input");
    if (state === "error" || state === "stuck") return stuck(run, `its state is ${state}`);
  }
}
