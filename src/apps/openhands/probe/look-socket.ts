/*
 * Whether the app's WebSocket stands from a device to the app and back, with nothing started: 0.36 is asked without a
 * conversation, and refuses; Canvas for a conversation that does not exist, and says so to who has the key. Where it
 * does not stand, the app is asked without the door: that tells on which side of the door it is blocked.
 */
import { randomUUID } from "node:crypto";
import type { Finding } from "../../../kernel/check.ts";
import { findKey } from "./canvas-key.ts";
import { JOIN, PONG, readFrame, socketPath } from "./engine-io.ts";
import { type ProbeFacts, unwell, well } from "./facts.ts";
import { authFrame, eventsPath, UNKNOWN_CONVERSATION, WRONG_KEY } from "./state-events.ts";
import type { Line, Wire } from "./wire.ts";

/** Milliseconds for each frame. */
const PATIENCE = 4_000;

/** How a handshake and the words after it went; `no` says why not. */
type Stood =
  | { readonly is: "yes" }
  | { readonly is: "wrong-key" }
  | { readonly is: "no"; readonly why: string };

export async function lookAtSocket(facts: ProbeFacts, signal: AbortSignal): Promise<Finding> {
  const { is } = await facts.recognised();
  if (is === "1") return well("its sockets are those of its sandboxes");
  const key = is === "canvas" ? (await findKey(facts.door, facts.keptKey))?.key : undefined;
  const stands = (wire: Wire): Promise<Stood> =>
    is === "canvas" ? canvasStands(wire, key, signal) : oldStands(wire, signal);
  const through = await stands(facts.door);
  if (through.is === "yes") return well("from a device to the app and back, over wss");
  if (through.is === "wrong-key") {
    return { state: "unknown", why: "the WebSocket stands, and the app refuses the key" };
  }
  const straight = await stands(facts.direct);
  return straight.is === "no" ? beforeTheDoor(facts, straight.why) : atTheDoor(facts, through.why);
}

function beforeTheDoor({ app, upstream }: ProbeFacts, why: string): Finding {
  return unwell(
    `WebSockets to ${app} are blocked before the door: at ${upstream} itself none stands (${why}).`,
    `What listens at ${upstream} does not pass on WebSockets. If it is a proxy or a tunnel, let the door ask ${app} itself: genkan remove ${app}, then genkan add ${app} TARGET. If it is ${app}, see what it says`,
  );
}

function atTheDoor({ app, upstream }: ProbeFacts, why: string): Finding {
  return unwell(
    `WebSockets to ${app} stand at ${upstream}, and not through the door: ${why}.`,
    `See what the door says, and what ${app} says: it may refuse what comes under another name`,
    "genkan logs",
  );
}

async function oldStands(wire: Wire, signal: AbortSignal): Promise<Stood> {
  const dialled = await wire.dial(socketPath(), signal);
  if (dialled.is === "refused") return { is: "no", why: dialled.why };
  try {
    return await oldTalk(dialled.line);
  } finally {
    dialled.line.close();
  }
}

async function oldTalk(line: Line): Promise<Stood> {
  for (;;) {
    const word = await line.hear(PATIENCE);
    if (word.is !== "text") return ended(word);
    const frame = readFrame(word.text);
    if (frame.is === "open") line.say(JOIN);
    if (frame.is === "ping") line.say(PONG);
    // Whether it lets somebody in without a conversation or not: it heard, and was heard.
    if (frame.is === "refused" || frame.is === "joined") return { is: "yes" };
  }
}

async function canvasStands(
  wire: Wire,
  key: string | undefined,
  signal: AbortSignal,
): Promise<Stood> {
  const dialled = await wire.dial(eventsPath(randomUUID()), signal);
  if (dialled.is === "refused") return { is: "no", why: dialled.why };
  try {
    // Without a key there is no need to wait for an end: any key is answered.
    dialled.line.say(authFrame(key ?? "none"));
    const word = await dialled.line.hear(PATIENCE);
    if (word.is !== "closed") return word.is === "text" ? { is: "yes" } : ended(word);
    if (word.code === UNKNOWN_CONVERSATION) return { is: "yes" };
    if (word.code === WRONG_KEY) return key === undefined ? { is: "yes" } : { is: "wrong-key" };
    return ended(word);
  } finally {
    dialled.line.close();
  }
}

function ended(word: { is: "closed"; code: number } | { is: "nothing" }): Stood {
  return word.is === "nothing"
    ? { is: "no", why: "it was agreed to, and no frame came" }
    : { is: "no", why: `it was agreed to, and closed with ${word.code} before a word` };
}
