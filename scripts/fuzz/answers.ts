/*
 * Campaign: answers of an app, broken in every way, while visitors wait for the next ones on the same
 * connection. A visitor sees the app's answer, or the door's page, or a visible break - never another's answer,
 * and never a piece that looks whole.
 */
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import type { Campaign, Case, Lane } from "./campaign.ts";
import { converse } from "./conversation.ts";
import { mutate } from "./mutate.ts";
import { isAnswer } from "./nginx.ts";
import type { Random } from "./random.ts";
import { type Message, type Reading, readAnswers, valuesIn } from "./read-http.ts";
import { nextVisitor, split } from "./requests.ts";

/** Where the app is asked, and what it says then. */
interface Scene {
  readonly hostOf: (lane: Lane) => string;
  readonly path: string;
  readonly fields: readonly [string, ...string[]];
  readonly bodies: readonly [string, ...string[]];
}

/** The first piece tells how it is played: method, and what the app does at the end. The others are its answer. */
function campaign(name: string, scene: Scene): Campaign {
  return {
    name,
    make(random) {
      const text = answer(random, scene);
      const isProper = random.chance(0.15);
      const bytes = isProper ? text : mutate(text, 1 + random.below(4), random);
      const play = `${random.pick(["GET", "GET", "GET", "HEAD", "POST"])} ${random.pick(["end", "end", "stay", "reset"])}`;
      return { pieces: [play, ...split(bytes, random)], isProper: false };
    },
    attempt: (lane, tried) => attempt(lane, tried, scene),
  };
}

const STATUSES = [
  "200 OK",
  "200 OK",
  "200",
  "404 Not Found",
  "204 No Content",
  "304 Not Modified",
  "500 x y",
] as const;
const FIELDS = [
  "Content-Type: text/plain",
  "Set-Cookie: a=b",
  "Set-Cookie: c=d; Path=/",
  "Connection: close",
  "Connection: keep-alive, X-A",
  "Keep-Alive: timeout=1",
  "X-A: b",
  "X-Obs: \xe4",
  "Trailer: X-T",
  "Server: fuzz",
  "Content-Encoding: gzip",
  "Upgrade: h2c",
] as const;
const INTERIM = [
  "",
  "",
  "",
  "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n",
  "HTTP/1.1 100 Continue\r\n\r\n",
] as const;
const POISON = "HTTP/1.1 200 OK\r\nX-Poison: 1\r\nContent-Length: 6\r\n\r\npoison";
const BODIES = ["", "hello", "0\r\n\r\n", POISON, "x".repeat(5000), "\r\n"] as const;

export const answers = campaign("answers", {
  hostOf: ({ host }) => host,
  path: "/broken",
  fields: FIELDS,
  bodies: BODIES,
});

/** The door reads these answers whole, and finds nothing in them to name anew: they pass as they came. */
export const named = campaign("named", {
  hostOf: ({ host }) => namedHost(host),
  path: "/api/v1/sandboxes",
  // Of two types nginx makes one, with the charset of the other: there is one here.
  fields: [
    "Content-Type: application/json",
    ...FIELDS.filter((field) => !field.startsWith("Content-Type")),
    "Content-Encoding: gzip, br",
    "Content-Encoding: deflate",
  ],
  bodies: [
    ...BODIES,
    '{"items":[{"exposed_urls":[{"name":"AGENT_SERVER","url":"http://elsewhere.example:1/"}]}]}',
    gzipSync('{"items":[]}').toString("latin1"),
    gzipSync("0".repeat(3_000_000)).toString("latin1"),
  ],
});

/** The name of a lane's app as one that has sandboxes. */
export function namedHost(host: string): string {
  return `named-${host}`;
}

function answer(random: Random, scene: Scene): string {
  const fields = Array.from({ length: random.below(4) }, () => `${random.pick(scene.fields)}\r\n`);
  const body = random.pick(scene.bodies);
  const framing = random.pick(["length", "length", "chunks", "chunks", "close"]);
  if (framing === "length") fields.push(`Content-Length: ${body.length}\r\n`);
  if (framing === "chunks") fields.push("Transfer-Encoding: chunked\r\n");
  const chunks = body === "" ? "" : `${body.length.toString(16)}\r\n${body}\r\n`;
  const trailers = random.chance(0.3) ? "X-T: t\r\n" : "";
  const content = framing === "chunks" ? `${chunks}0\r\n${trailers}\r\n` : body;
  const behind = random.chance(0.3) ? POISON : "";
  return `${random.pick(INTERIM)}HTTP/1.1 ${random.pick(STATUSES)}\r\nX-Id: 1\r\n${fields.join("")}\r\n${content}${behind}`;
}

async function attempt(lane: Lane, { pieces }: Case, { hostOf, path }: Scene): Promise<string[]> {
  const { door, app, engine } = lane;
  const host = hostOf(lane);
  const [play = "", ...bytes] = pieces;
  const [method = "GET", how = "end"] = play.split(" ");
  let isPlayed = false;
  app.plays.set(path, (socket) => {
    isPlayed = true;
    void say(socket, bytes, how);
  });
  const socket = await door.connect(host, "http/1.1");
  const first = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n${method === "POST" ? "Content-Length: 0\r\n" : ""}\r\n`;
  const second = `GET /second HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  const { text, isOver } = await converse(socket, [first + second]);
  app.plays.clear();
  const wrong = await nextVisitor(door, host);
  if (!isPlayed) return wrong;
  const meant = readAnswers(bytes.join(""), [method]);
  if (engine === "nginx" && !isAnswer(bytes, method)) {
    // Some to meet each worker, and each connection it keeps.
    const others = await Promise.all([1, 2, 3, 4].map(() => nextVisitor(door, host)));
    return [...wrong, ...others.flat()];
  }
  return [...wrong, ...judge({ meant, how, method }, text, isOver)];
}

async function say(socket: Socket, pieces: readonly string[], how: string): Promise<void> {
  socket.setNoDelay(true);
  for (const piece of pieces) {
    socket.write(piece, "latin1");
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (how === "end") socket.end();
  if (how === "reset") setTimeout(() => socket.resetAndDestroy(), 5);
}

interface Played {
  readonly meant: Reading;
  readonly how: string;
  readonly method: string;
}

function judge(played: Played, text: string, isOver: boolean): string[] {
  const { messages, malformed } = readAnswers(text, [played.method, "GET"]);
  if (malformed !== "") return [`the visitor was sent something malformed: ${malformed}`];
  const [first, second, ...more] = messages.filter(({ start }) => !start[1].startsWith("1"));
  const wrong = more.length > 0 ? ["there are more answers than requests"] : [];
  if (first) wrong.push(...judgeFirst(first, played, isOver));
  if (
    second &&
    !isDoors(second) &&
    !(valuesIn(second.fields, "x-echo")[0] ?? "").startsWith("GET /second ")
  )
    wrong.push(`the second request was answered ${JSON.stringify(second)}`);
  return wrong;
}

function judgeFirst(seen: Message, { meant, how }: Played, isOver: boolean): string[] {
  if (isDoors(seen)) return [];
  const of = meant.messages.find(({ start }) => !start[1].startsWith("1"));
  const said = JSON.stringify(seen).slice(0, 2000);
  if (!of) return [`the app gave no answer (${meant.malformed}), the visitor saw ${said}`];
  if (of.start[1] !== seen.start[1])
    return [`the status was ${of.start[1]}, the visitor saw ${said}`];
  return judgeContent(seen, of, { how, isOver });
}

function judgeContent(
  seen: Message,
  of: Message,
  { how, isOver }: { how: string; isOver: boolean },
): string[] {
  const said = JSON.stringify(seen).slice(0, 2000);
  if (!of.body.startsWith(seen.body)) return [`the visitor saw a body nobody sent: ${said}`];
  const wrong = seen.fields.flatMap(([name, value]) =>
    isMeant(of, name, value) ? [] : [`nobody sent ${name}: ${value}`],
  );
  // An endless answer ends with a clean end. (A reset right behind it may not be told from one by the system.)
  const isWhole = of.ending === "whole" || (of.ending === "endless" && how !== "stay");
  const looksWhole = seen.ending === "whole" || (seen.ending === "endless" && isOver);
  if (looksWhole && (!isWhole || seen.body !== of.body))
    wrong.push(`a broken answer looks whole: ${said}`);
  return wrong;
}

const FRAMING = /^(?:connection|keep-alive|transfer-encoding|content-length|date|server|trailer)$/i;

function isMeant({ fields }: Message, name: string, value: string): boolean {
  // A head with Expect, which no answer has, is written by Node as UTF-8.
  if (FRAMING.test(name) || valuesIn(fields, "expect").length > 0) return true;
  if (isSaidByDoor(name, value)) return true;
  return fields.some(
    ([field, said]) => field.toLowerCase() === name.toLowerCase() && said === value,
  );
}

/** Of answers to HEAD that GET might get anew. */
function isSaidByDoor(name: string, value: string): boolean {
  return name === "Cache-Control" && value === "no-store";
}

/** The door's own page or refusal. */
function isDoors({ start: [, status], body, fields }: Message): boolean {
  return (
    (/^[45]/.test(status) && /\b(?:DOOR|APP)_[A-Z]+/.test(body)) ||
    (status === "502" && valuesIn(fields, "x-id").length === 0)
  );
}
