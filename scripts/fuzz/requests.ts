/*
 * Campaign: requests over HTTP/1.1, proper ones and broken ones, several on a connection. The app must be sent
 * what the visitor meant and nothing else, and every answer must belong to its request.
 */
import { echoOf } from "./app.ts";
import type { Campaign, Case, Lane } from "./campaign.ts";
import { judgeRequests } from "./canonical.ts";
import { converse } from "./conversation.ts";
import { mutate } from "./mutate.ts";
import { beforeRefused, isReadAnew, judgeReadAnew } from "./nginx.ts";
import type { Random } from "./random.ts";
import { type Message, readAnswers, readRequests, valuesIn } from "./read-http.ts";

export const requests: Campaign = {
  name: "requests",
  make(random, host) {
    const count = 1 + random.below(3);
    const proper = Array.from({ length: count }, (_, i) => request(random, host, i === count - 1));
    const isProper = random.chance(0.15);
    const text = isProper ? proper.join("") : mutate(proper.join(""), 1 + random.below(4), random);
    return { pieces: ["", ...split(text, random)], isProper };
  },
  attempt,
};

/** Milliseconds for an answer that must come: it may be late where the machine is busy. */
const PATIENCE = 30_000;

const METHODS = ["GET", "GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"] as const;
const TARGETS = [
  "/",
  "/a",
  "/a?b=c&d",
  "/%2e%2e/%00",
  "//double//",
  "/a;b=c",
  '/"[]{}|^`',
  "/..",
] as const;
const FIELDS = [
  "Accept: */*",
  "User-Agent: fuzz/1.0 (x; y)",
  "Cookie: a=b",
  "X-A:b",
  "X-A:  c \t",
  "X-Empty:",
  "X-Obs: \xe4\xff",
  "Connection: keep-alive, X-A",
  "Connection: X-Forwarded-For",
  "X-Forwarded-For: 10.9.8.7",
  "X_Forwarded_For: 10.9.8.7",
  "Forwarded: for=10.9.8.7",
  "TE: trailers",
  "Keep-Alive: timeout=5",
  "Range: bytes=0-1",
  'If-None-Match: "x"',
  "Content-Type: text/plain",
  "Trailer: X-T",
] as const;
const BODIES = [
  "",
  "hello",
  "0\r\n\r\n",
  "GET /smuggled HTTP/1.1\r\nHost: wiki.local\r\n\r\n",
  "\r\n\r\n",
  "5\r\nhello\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
  "\0\xff\x80".repeat(20),
] as const;

function request(random: Random, host: string, isLast: boolean): string {
  const method = random.pick(METHODS);
  const origin = random.pick(TARGETS);
  const target = random.chance(0.1) ? `http://${host}${origin}` : origin;
  const fields = Array.from({ length: random.below(5) }, () => `${random.pick(FIELDS)}\r\n`);
  fields.splice(random.below(fields.length + 1), 0, `Host: ${host}\r\n`);
  if (isLast) fields.push("Connection: close\r\n");
  const { framing, body } = content(random);
  fields.splice(random.below(fields.length + 1), 0, framing);
  return `${method} ${target} HTTP/1.1\r\n${fields.join("")}\r\n${body}`;
}

function content(random: Random): { framing: string; body: string } {
  if (random.chance(0.4)) return { framing: "", body: "" };
  const body = random.pick(BODIES);
  if (random.chance(0.5)) return { framing: `Content-Length: ${body.length}\r\n`, body };
  const extension = random.chance(0.2) ? ';a="b"' : "";
  const half = Math.ceil(body.length / (1 + random.below(2)));
  const chunks = [body.slice(0, half), body.slice(half)].filter((chunk) => chunk !== "");
  const written = chunks.map((chunk) => `${chunk.length.toString(16)}${extension}\r\n${chunk}\r\n`);
  const trailers = random.chance(0.2) ? "X-T: t\r\n" : "";
  return {
    framing: "Transfer-Encoding: chunked\r\n",
    body: `${written.join("")}0\r\n${trailers}\r\n`,
  };
}

/** Into packets, mostly one. */
export function split(text: string, random: Random): string[] {
  if (random.chance(0.7)) return [text];
  const at = random.below(text.length);
  return [text.slice(0, at), text.slice(at)];
}

async function attempt(lane: Lane, { pieces, isProper }: Case): Promise<string[]> {
  const { door, app, host, engine } = lane;
  const bytes = pieces.join("");
  const reading = readRequests(bytes);
  const meant = reading.messages;
  app.take();
  const heard = await converse(await door.connect(host, "http/1.1"), pieces, {
    silence: isProper ? PATIENCE : 120,
  });
  const wrong = await nextVisitor(door, host);
  const taken = app.take().map((text) => text.replace(NEXT_VISITOR, ""));
  if (engine === "nginx" && isReadAnew(reading)) {
    return [...wrong, ...judgeReadAnew(taken, heard.text)];
  }
  wrong.push(...judgeRequests(taken, meant));
  wrong.push(...judgeAnswers(heard.text, meant));
  if (isProper) {
    const due = engine === "nginx" ? beforeRefused(meant) : meant;
    wrong.push(...judgeWhole(heard.text, meant, due.length));
  }
  return wrong;
}

const NEXT_VISITOR = /GET \/next-visitor HTTP\/1\.1\r\n(?:[^\r\n]+\r\n)*\r\n/g;

export async function nextVisitor(door: Lane["door"], host: string): Promise<string[]> {
  const asks = `GET /next-visitor HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  const { text } = await converse(await door.connect(host, "http/1.1"), [asks], {
    silence: PATIENCE,
  });
  const isServed =
    text.startsWith("HTTP/1.1 200 ") && text.includes(echoOf("GET", "/next-visitor", ""));
  return isServed ? [] : [`the next visitor was answered: ${JSON.stringify(text)}`];
}

/** Every answer of the app stands at the place of its request. */
function judgeAnswers(text: string, meant: readonly Message[]): string[] {
  const methods = meant.map(({ start }) => start[0]);
  const { messages, malformed } = readAnswers(text, methods);
  const finals = messages.filter(({ start }) => !start[1].startsWith("1"));
  const wrong = malformed === "" ? [] : [`the visitor was sent something malformed: ${malformed}`];
  finals.forEach(({ fields }, i) => {
    const [echo] = valuesIn(fields, "x-echo");
    const of = meant[i];
    const path =
      of === undefined ? "" : (/^https?:\/\/[^/?]+(.*)$/i.exec(of.start[1])?.[1] ?? of.start[1]);
    const right =
      of === undefined ? undefined : echoOf(of.start[0], path === "" ? "/" : path, of.body);
    if (echo !== undefined && echo !== right) wrong.push(`answer ${i} says ${echo}, not ${right}`);
  });
  if (finals.length > meant.length + 1) wrong.push("there are more answers than requests");
  return wrong;
}

/** Where all was proper, each request has an answer of the app. */
function judgeWhole(text: string, meant: readonly Message[], due: number): string[] {
  const methods = meant.map(({ start }) => start[0]);
  const { messages } = readAnswers(text, methods);
  const answered = messages.filter(({ fields }) => valuesIn(fields, "x-echo").length > 0).length;
  return answered === due ? [] : [`a proper case was not answered whole: ${JSON.stringify(text)}`];
}
