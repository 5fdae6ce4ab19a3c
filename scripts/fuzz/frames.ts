/*
 * Campaign: HTTP/2 frames in any order, with bits flipped. The door must live, and the app be sent no request
 * that was hidden in content or in a field's value, none twice, and none with two meanings.
 */
import type { Campaign, Case, Lane } from "./campaign.ts";
import { LOOPBACK } from "./canonical.ts";
import { converse } from "./conversation.ts";
import { mutate } from "./mutate.ts";
import type { Random } from "./random.ts";
import { readRequests, valuesIn } from "./read-http.ts";
import { nextVisitor } from "./requests.ts";

export const frames: Campaign = {
  name: "frames",
  make(random, host) {
    const count = 1 + random.below(12);
    const written = Array.from({ length: count }, () => anyFrame(random, host));
    const isMutated = random.chance(0.7);
    const pieces = written.map((one) =>
      isMutated && random.chance(0.3) ? mutate(one, 1, random) : one,
    );
    return { pieces: [PREFACE + frame([0x4, 0], 0, ""), ...pieces], isProper: false };
  },
  attempt,
};

const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: wiki.local\r\n\r\n";

function frame([type, flags]: readonly [number, number], stream: number, payload: string): string {
  const { length } = payload;
  const head = [
    length >> 16,
    length >> 8,
    length,
    type,
    flags,
    stream >>> 24,
    stream >> 16,
    stream >> 8,
    stream,
  ];
  return String.fromCharCode(...head.map((byte) => byte & 0xff)) + payload;
}

const literal = (text: string): string => String.fromCharCode(text.length) + text;
const field = (name: string, value: string): string => `\0${literal(name)}${literal(value)}`;

type Field = readonly [name: string, value: string];

function head(random: Random, host: string): string {
  const extra: readonly [Field, ...Field[]] = [
    ["x-a", "b"],
    ["x-a", `b\r\n\r\n${SMUGGLED}`],
    ["x-a", "b\r\nX-Forwarded-For: 10.0.0.1"],
    ["content-length", "5"],
    ["content-length", "0"],
    ["transfer-encoding", "chunked"],
    ["connection", "close"],
    ["host", host],
    ["host", "evil.local"],
    ["te", "trailers"],
    ["expect", "100-continue"],
    [":path", "/other"],
    [":protocol", "websocket"],
    ["cookie", "a=b"],
    ["X-UPPER", "a"],
    ["x a", "b"],
    ["", ""],
  ];
  const fields = [
    field(":method", random.pick(["GET", "GET", "POST", "HEAD", "PUT", "CONNECT", "G E T"])),
    field(":scheme", random.pick(["https", "https", "https", "http", "x y"])),
    field(":authority", random.pick([host, host, host, `${host}:443`, "evil.local", ""])),
    field(":path", random.pick(["/f", "/f", "/f?a=b", "*", "", "f", "/f HTTP/1.1\r\n\r\n"])),
  ];
  if (random.chance(0.1)) fields.splice(random.below(4), 1);
  for (let i = random.below(3); i > 0; i--) {
    const [name, value] = random.pick(extra);
    fields.splice(random.chance(0.9) ? fields.length : 0, 0, field(name, value));
  }
  return fields.join("");
}

function anyFrame(random: Random, host: string): string {
  const stream = random.pick([1, 1, 1, 3, 3, 5, 7, 0, 2, 0x7fffffff]);
  const flags = random.pick([0, 1, 4, 5, 5, 5, 8, 0x20, 0xff]);
  const number = (): string =>
    String.fromCharCode(random.below(256), random.below(256), random.below(256), random.below(256));
  const kinds: readonly [() => string, ...(() => string)[]] = [
    () => frame([0x1, random.pick([5, 5, 5, 4, 1, 0, flags])], stream, head(random, host)),
    () => frame([0x1, random.pick([5, 4])], stream, head(random, host)),
    () =>
      frame(
        [0x0, flags],
        stream,
        random.pick(["", "hello", SMUGGLED, `0\r\n\r\n${SMUGGLED}`, "x".repeat(9000)]),
      ),
    () => frame([0x0, 1], stream, random.pick(["", "hello", SMUGGLED])),
    () => frame([0x2, flags], stream, number() + "\x10"),
    () => frame([0x3, 0], stream, number()),
    () =>
      frame(
        [0x4, flags],
        random.pick([0, 0, stream]),
        random.pick([
          "",
          `\0\x04${number()}`,
          `\0\x01${number()}`,
          `\0\x05${number()}`,
          `\0\x08\0\0\0\x01`,
          "odd",
        ]),
      ),
    () => frame([0x5, flags], stream, `${number()}${head(random, host)}`),
    () => frame([0x6, flags], random.pick([0, 0, stream]), random.pick(["12345678", "short"])),
    () => frame([0x7, 0], 0, `${number()}${number()}`),
    () => frame([0x8, 0], stream, random.pick([number(), "\0\0\0\0", "\x7f\xff\xff\xff"])),
    () => frame([0x9, flags], stream, random.pick(["", head(random, host)])),
    () => frame([random.below(256), flags], stream, number()),
    () => frame([0x1, 5], stream, `\x3f${number()}${head(random, host)}`),
    () => frame([0x1, 5], stream, `${head(random, host)}${number()}`),
  ];
  return random.pick(kinds)();
}

async function attempt({ door, app, host }: Lane, { pieces }: Case): Promise<string[]> {
  app.take();
  await converse(await door.connect(host, "h2"), pieces, { silence: 60 });
  const wrong = await nextVisitor(door, host);
  const heads = pieces.join("").length / 9;
  let count = 0;
  for (const text of app.take()) {
    const { messages, malformed } = readRequests(text);
    if (malformed !== "") wrong.push(`the app was sent something malformed: ${malformed}`);
    for (const { start, fields } of messages) {
      if (start[1] === "/next-visitor") continue;
      count += 1;
      if (start[1].includes("smuggled")) wrong.push(`the app was sent ${start.join(" ")}`);
      if (valuesIn(fields, "host").length !== 1) wrong.push("the app was sent no single Host");
      const told = valuesIn(fields, "x-forwarded-for").join();
      if (!LOOPBACK.test(told)) wrong.push(`the app was told of ${told}`);
    }
  }
  if (count > heads) wrong.push(`the app was sent ${count} requests`);
  return wrong;
}
