/*
 * The oracle both ways: what came out of the door must have one meaning for every reader, and be what somebody
 * meant. A message that is written in one form only cannot be read in two ways.
 */
import { type Fields, type Message, readRequests, type Reading, valuesIn } from "./read-http.ts";

/** What the door itself says to an app; everything else has to come from the visitor. */
const OURS =
  /^(?:host|connection|keep-alive|content-length|transfer-encoding|trailer|expect|x-forwarded-(?:for|proto|host|port)|cdn-loop|upgrade|sec-websocket-(?:key|version)|x-genkan-[a-z-]+|cookie|x-real-ip)$/;
/** About one connection, or only for the door to say. */
const NEVER = /^(?:te|proxy-connection|proxy|proxy-authorization|http2-settings|forwarded)$/;

/** Where the run's visitors come from. */
export const LOOPBACK = /^127\.0\.\d+\.\d+$/;

/**
 * What is wrong with the requests an app was sent, given what the visitor meant.
 * @param taken what each of the app's connections brought: a pipelined request may have had one of its own.
 */
export function judgeRequests(taken: readonly string[], meant: readonly Message[]): string[] {
  const readings = taken.map((text) => ({ text, reading: readRequests(text) }));
  const wrong = readings.flatMap(({ text, reading }) => judgeForm(text, reading));
  const left = [...meant];
  // Those with the most to match first: fewer candidates have it all.
  const requests = readings
    .flatMap(({ reading }) => reading.messages)
    .sort((a, b) => weightOf(b) - weightOf(a));
  for (const request of requests) {
    const same = left.filter((candidate) => isSame(request, candidate));
    const fitting = same.find((candidate) => judgeFields(request, candidate.fields).length === 0);
    const match = fitting ?? same[0];
    if (match === undefined)
      wrong.push(`the app was sent what nobody meant: ${JSON.stringify(request)}`);
    else {
      left.splice(left.indexOf(match), 1);
      wrong.push(...judgeFields(request, match.fields));
    }
  }
  return wrong;
}

function weightOf({ fields, ending }: Message): number {
  return fields.length + (ending === "whole" ? 1000 : 0);
}

function judgeForm(text: string, { malformed }: Reading): string[] {
  const wrong = malformed === "" ? [] : [`the app was sent something malformed: ${malformed}`];
  if (/^[\r\n]/.test(text)) wrong.push("the app was sent an empty line before a request");
  return wrong;
}

function isSame(request: Message, meant: Message): boolean {
  const [method, target] = meant.start;
  const path = /^https?:\/\/[^/?]+(.*)$/i.exec(target)?.[1] ?? target;
  const rooted = path.startsWith("/") || path === "*" ? path : `/${path}`;
  if (request.start[0] !== method || request.start[1] !== rooted) return false;
  if (request.ending === "whole") return meant.ending === "whole" && request.body === meant.body;
  return meant.body.startsWith(request.body);
}

function judgeFields({ fields, start }: Message, meant: Fields): string[] {
  const wrong: string[] = [];
  if (valuesIn(fields, "host").length !== 1) wrong.push("the app was sent no single Host");
  for (const [name, value] of fields) {
    const lower = name.toLowerCase();
    if (NEVER.test(lower)) wrong.push(`${start[1]}: the app was sent ${name}`);
    else if (lower === "x-forwarded-for" && !LOOPBACK.test(value))
      wrong.push(`${start[1]}: the app was told of ${value}`);
    else if (!OURS.test(lower) && !isAmong(meant, lower, value))
      wrong.push(`${start[1]}: nobody meant the field ${JSON.stringify([name, value])}`);
  }
  return wrong;
}

function isAmong(fields: Fields, name: string, value: string): boolean {
  return fields.some(([field, said]) => field.toLowerCase() === name && said === value);
}
