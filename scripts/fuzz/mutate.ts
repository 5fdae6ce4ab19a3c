/*
 * What goes wrong with bytes: bits flip, pieces vanish, come twice or change places, and the words that
 * parsers stumble over appear where nobody meant them.
 */
import type { Random } from "./random.ts";

const STUMBLING = [
  "\r\n",
  "\n",
  "\r",
  "\0",
  " ",
  "\t",
  "\r\n\r\n",
  "\n\n",
  "\r\n ",
  ":",
  ",",
  ";",
  "\x0b",
  "\x7f",
  "\xff",
  "\xa0",
  "0\r\n\r\n",
  "Transfer-Encoding: chunked\r\n",
  "\r\nTransfer-Encoding: chunked",
  "Transfer-Encoding: x\r\n",
  "Transfer_Encoding: chunked\r\n",
  "Content-Length: 5\r\n",
  "\r\nContent-Length: 0",
  "Content-Length: 00\r\n",
  "Host: chat.local\r\n",
  "Connection: Content-Length, Host\r\n",
  "Connection: close\r\n",
  "Upgrade: h2c\r\n",
  "Expect: 100-continue\r\n",
  "X-Forwarded-For: 10.0.0.1\r\n",
  "HTTP/1.1",
  "HTTP/1.0",
  "HTTP/1.1 200 OK\r\n",
  "HTTP/1.1 101 Switching Protocols\r\n",
  "GET /smuggled HTTP/1.1\r\nHost: wiki.local\r\n\r\n",
  "ffffffffffffffff\r\n",
  "1;a=b\r\n",
  "1;\n",
  "-",
  "+",
  "0x",
] as const satisfies [string, ...string[]];

/** The bytes (latin1) after `times` accidents. */
export function mutate(bytes: string, times: number, random: Random): string {
  let text = bytes;
  for (let i = 0; i < times; i++) text = random.pick(ACCIDENTS)(text, random);
  return text;
}

type Accident = (text: string, random: Random) => string;

const flip: Accident = (text, random) => {
  const at = random.below(text.length);
  const code = (text.charCodeAt(at) || 0) ^ (1 << random.below(8));
  return text.slice(0, at) + String.fromCharCode(code & 0xff) + text.slice(at + 1);
};

const insert: Accident = (text, random) => {
  const at = placeIn(text, random);
  return text.slice(0, at) + random.pick(STUMBLING) + text.slice(at);
};

const replace: Accident = (text, random) => {
  const at = placeIn(text, random);
  const word = random.pick(STUMBLING);
  return text.slice(0, at) + word + text.slice(at + word.length);
};

const remove: Accident = (text, random) => {
  const at = placeIn(text, random);
  return text.slice(0, at) + text.slice(at + 1 + random.below(random.chance(0.2) ? 60 : 3));
};

const repeat: Accident = (text, random) => {
  const at = placeIn(text, random);
  const piece = text.slice(at, at + 1 + random.below(40));
  return text.slice(0, at) + piece + text.slice(at);
};

const repeatLine: Accident = (text, random) => {
  const lines = text.split("\r\n");
  const from = lines[random.below(lines.length)] ?? "";
  lines.splice(random.below(lines.length), 0, from);
  return lines.join("\r\n");
};

const cut: Accident = (text, random) => text.slice(0, random.below(text.length));

const nudge: Accident = (text, random) => {
  const digits = [...text.matchAll(/\d+/g)];
  const found = digits[random.below(digits.length)];
  if (!found) return text;
  const changed = String(Number(found[0]) + random.below(5) - 2);
  return text.slice(0, found.index) + changed + text.slice(found.index + found[0].length);
};

const ACCIDENTS = [
  flip,
  insert,
  insert,
  insert,
  replace,
  remove,
  remove,
  repeat,
  repeatLine,
  nudge,
  nudge,
  cut,
] as const satisfies [Accident, ...Accident[]];

/** Near a line's end half of the time: that is where readings part. */
function placeIn(text: string, random: Random): number {
  if (random.chance(0.5)) return random.below(text.length + 1);
  const ends = [...text.matchAll(/\r\n|: /g)].map(
    ({ index, 0: found }) => index + random.below(found.length + 1),
  );
  return ends[random.below(ends.length)] ?? 0;
}
