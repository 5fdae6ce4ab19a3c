/*
 * A conversation of 0.36, followed over its socket until `awaiting_user_input`; then the places of its sandbox
 * (V0:openhands/server/routes/{manage_conversations,conversation}.py, listen_socket.py).
 */
import type { Finding } from "../../../kernel/check.ts";
import { type DeepRun, deleteAfterwards, notBegun, SLOW, stuck, tookTooLong } from "./deep-run.ts";
import { JOIN, type News036, PONG, readFrame, socketPath } from "./engine-io.ts";
import { well } from "./facts.ts";
import { editorTrouble, wayTo } from "./sandbox.ts";
import { field, type Heard, type Line, textField } from "./wire.ts";

export async function deep036(run: DeepRun): Promise<Finding> {
  const { door } = run.facts;
  const path = "/api/conversations";
  const begun = door.ask({ method: "POST", path, json: {}, patienceMs: SLOW });
  const pathOf = (id: string): string => `${path}/${id}`;
  deleteAfterwards(run, begun, { idIn: async (heard) => idIn(heard), pathOf });
  const heard = await begun;
  const id = idIn(heard);
  if (id === undefined) return notBegun(run, heard);
  const dialled = await door.dial(socketPath(id), run.signal);
  if (dialled.is === "refused") return stuck(run, `its WebSocket was refused (${dialled.why})`);
  try {
    return (await follow(run, dialled.line)) ?? (await lookAtPlaces(run, pathOf(id)));
  } finally {
    dialled.line.close();
  }
}

function idIn({ json }: Heard): string | undefined {
  return textField(json, "conversation_id");
}

/** @returns what broke; undefined once it awaits input. */
async function follow(run: DeepRun, line: Line): Promise<Finding | undefined> {
  for (;;) {
    const word = await line.hear(run.progress.left());
    if (word.is === "nothing") return tookTooLong(run);
    if (word.is === "closed") return stuck(run, `its WebSocket closed with ${word.code}`);
    const frame = readFrame(word.text);
    if (frame.is === "open") line.say(JOIN);
    if (frame.is === "ping") line.say(PONG);
    if (frame.is === "refused") return stuck(run, `its WebSocket was refused: ${frame.why}`);
    const end = frame.is === "event" ? passed(run, frame.news) : undefined;
    if (end) return end === READY ? undefined : end;
  }
}

/** @returns what broke, or that it awaits input; undefined while it goes on. */
function passed(run: DeepRun, news: News036): Finding | typeof READY | undefined {
  if (news.is === "error") return stuck(run, `it said: ${news.why}`);
  if (news.is === "status") run.progress.pass(news.id);
  if (news.is !== "state") return undefined;
  run.progress.pass(news.state);
  return news.state === READY ? READY : undefined;
}

const READY = "awaiting_user_input";

async function lookAtPlaces({ facts }: DeepRun, conversation: string): Promise<Finding> {
  const editor = await facts.door.ask({ path: `${conversation}/vscode-url`, patienceMs: SLOW });
  const url = textField(editor.json, "vscode_url");
  const trouble = url === undefined ? undefined : await editorTrouble(facts, url);
  if (trouble) return trouble;
  const hosts = await facts.door.ask({ path: `${conversation}/web-hosts`, patienceMs: SLOW });
  const places = Object.keys((field(hosts.json, "hosts") ?? {}) as object);
  const wrong = places.map((place) => wayTo(facts, place)).find((way) => "state" in way);
  if (wrong) return wrong;
  const seen = url === undefined ? "it has no editor" : "its editor opens through the door";
  return well(`it awaited user input; ${seen}`);
}
