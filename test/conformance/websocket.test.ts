/*
 * RFC 6455 as it concerns a door: chapter 4, the handshake, which it reads and may refuse; and chapters 5 to 7,
 * frames, which are between the two sides alone. The door carries them as they are, right or wrong.
 */
import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import type { Talk } from "../support/door.ts";
import { isNginxBefore } from "../support/nginx-version.ts";
import type { Play } from "../support/raw-app.ts";
import { SOON } from "../support/raw-app.ts";
import { frame, masked, PAYLOADS } from "./websocket-frames.ts";
import { type Engine, onEveryEngine } from "./engines.ts";

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
/** What the app answers, and does behind that, by path. */
const plays = new Map<string, (socket: Socket) => void>();
const answers = new Map<string, (head: string) => string>();
let paths = 0;

interface Acts {
  /** Instead of an ordinary yes. */
  readonly answer?: (head: string) => string;
  /** Instead of sending back what comes. */
  readonly behind?: (socket: Socket) => void;
}

/** A path at which the app acts like this. */
function acting({ answer, behind }: Acts = {}): string {
  const path = `/socket-${(paths += 1)}`;
  if (answer) answers.set(path, answer);
  if (behind) plays.set(path, behind);
  return path;
}

const app: Play = (socket) => {
  const listen = (chunk: Buffer): void => {
    const text = chunk.toString("latin1");
    const end = text.indexOf("\r\n\r\n");
    const head = text.slice(0, end + 4);
    const path = /^[A-Z]+ (\S+) /.exec(head)?.[1] ?? "";
    if (!/^upgrade: websocket\r$/im.test(head)) {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      return;
    }
    socket.off("data", listen);
    socket.write((answers.get(path) ?? plainYes)(head), "latin1");
    const play = plays.get(path);
    if (play) {
      play(socket);
      return;
    }
    socket.write(chunk.subarray(end + 4));
    socket.pipe(socket);
  };
  socket.on("data", listen);
};

/** RFC 6455 section 4.2.2. */
function acceptFor(head: string): string {
  const key = /^sec-websocket-key: (.*)\r$/im.exec(head)?.[1] ?? "";
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

function yes(head: string, more = ""): string {
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptFor(head)}\r\n${more}\r\n`;
}

const plainYes = (head: string): string => yes(head);

const FIELDS = [
  ["Host", "wiki.local"],
  ["Upgrade", "websocket"],
  ["Connection", "Upgrade"],
  ["Sec-WebSocket-Version", "13"],
  ["Sec-WebSocket-Key", KEY],
] as const;

interface Asked {
  readonly method?: string;
  readonly version?: string;
  /** In place of fields of these names; undefined leaves one out. */
  readonly fields?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly behind?: string;
}

function handshake(
  path: string,
  { method = "GET", version = "1.1", fields = {}, behind = "" }: Asked,
): string {
  const said = { ...Object.fromEntries(FIELDS), ...fields };
  const lines = Object.entries(said).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => `${name}: ${one}\r\n`),
  );
  return `${method} ${path} HTTP/${version}\r\n${lines.join("")}\r\n${behind}`;
}

/** Says a handshake and waits for the head of what comes back. */
async function shake({ door }: Engine, path: string, asked: Asked = {}): Promise<Talk> {
  const talk = await door.raw("wiki.local");
  talk.say(handshake(path, asked));
  await talk.until(/\r\n\r\n/);
  return talk;
}

function statusOf(talk: Talk): string {
  return talk.heard().slice(9, 12);
}

function behindHead(heard: string): string {
  return heard.slice(heard.indexOf("\r\n\r\n") + 4);
}

/** What of this connection the app was sent, with its handshake. */
function headAt({ app: { received } }: Engine, path: string): string {
  return received.find((text) => text.includes(` ${path} HTTP`)) ?? "";
}

onEveryEngine("WebSockets", app, (engine) => {
  /** nginx ends a WebSocket with the first of its two directions. */
  const endsAtOnce = engine.name === "nginx";

  test("4.1: the app is sent the visitor's handshake, and what it agrees to the visitor", async () => {
    const path = acting();
    const talk = await shake(engine, path);
    const head = headAt(engine, path);
    expect(head).toMatch(new RegExp(`^GET ${path} HTTP/1\\.1\r\n`));
    expect(head.match(/^upgrade: websocket\r$/gim)).toHaveLength(1);
    expect(head.match(/^connection: upgrade\r$/gim)).toHaveLength(1);
    expect(head.match(/^sec-websocket-version: 13\r$/gim)).toHaveLength(1);
    expect(talk.heard()).toMatch(/^HTTP\/1\.1 101 /);
    expect(talk.heard()).toMatch(/^connection: upgrade\r$/im);
    expect(talk.heard()).toMatch(/^upgrade: websocket\r$/im);
    expect(talk.heard()).toContain(`${acceptFor(`Sec-WebSocket-Key: ${KEY}\r\n`)}\r\n`);
  });

  test.each<[string, Asked["fields"]]>([
    ["Connection lists several tokens", { Connection: "keep-alive, Upgrade" }],
    ["Connection comes in several lines", { Connection: ["keep-alive", "Upgrade"] }],
    ["the tokens are in other letters", { Connection: "uPGRADE", Upgrade: "WebSocket" }],
    ["there is a blank around the tokens", { Connection: " \tUpgrade ", Upgrade: " websocket " }],
  ])("4.2.1: it is a handshake where %s", async (_what, fields) => {
    // nginx before 1.23 judges by the first of several lines.
    const isEarly = engine.name === "nginx" && isNginxBefore([1, 23, 0]);
    const isLate = isEarly && Array.isArray(fields?.["Connection"]);
    const talk = await shake(engine, acting(), { fields: fields ?? {} });
    expect(statusOf(talk)).toBe(isLate ? "200" : "101");
  });

  test.each<[string, Asked]>([
    ["Connection does not say Upgrade", { fields: { Connection: "keep-alive" } }],
    ["there is no Connection", { fields: { Connection: undefined } }],
    ["Connection says it within a word", { fields: { Connection: "no-upgrade-please" } }],
    ["there is no Upgrade", { fields: { Upgrade: undefined } }],
    ["Upgrade says another protocol", { fields: { Upgrade: "h2c" } }],
    ["Upgrade says it within a word", { fields: { Upgrade: "websockets" } }],
    ["the method is not GET", { method: "HEAD" }],
    ["the version is 1.0", { version: "1.0" }],
  ])(
    "4.2.1: it is none where %s: the app sees an ordinary request, or nothing",
    async (_what, asked) => {
      const path = acting();
      const talk = await shake(engine, path, asked);
      expect(statusOf(talk)).not.toBe("101");
      expect(headAt(engine, path)).not.toMatch(/^upgrade:/im);
      expect(headAt(engine, path)).not.toMatch(/^connection:.*upgrade/im);
    },
  );

  test("4.1: a handshake without a key is refused", async () => {
    const path = acting();
    const talk = await shake(engine, path, { fields: { "Sec-WebSocket-Key": undefined } });
    expect(statusOf(talk)).toBe("400");
    expect(headAt(engine, path)).toBe("");
  });

  test("4.1: a handshake with two keys is refused", async () => {
    const path = acting();
    const talk = await shake(engine, path, { fields: { "Sec-WebSocket-Key": [KEY, KEY] } });
    expect(statusOf(talk)).toBe("400");
    expect(headAt(engine, path)).toBe("");
  });

  test("4.1: a handshake with content is refused", async () => {
    const path = acting();
    const fields = { "Content-Length": "5" };
    const talk = await shake(engine, path, { fields, behind: "hello" });
    expect(statusOf(talk)).toBe("400");
    expect(headAt(engine, path)).toBe("");
  });

  test.each(["not base64", "c2hvcnQ=", "", "a".repeat(2000)])(
    "4.2.1: a key shaped %j is the app's to judge, and its answer fits that key or is none",
    async (key) => {
      const talk = await shake(engine, acting(), { fields: { "Sec-WebSocket-Key": key } });
      const accept = acceptFor(`Sec-WebSocket-Key: ${key}\r\n`);
      const isYes = statusOf(talk) === "101";
      expect(talk.heard().includes(`Sec-WebSocket-Accept: ${accept}\r\n`)).toBe(isYes);
      expect(["101", "400"]).toContain(statusOf(talk));
    },
  );

  test("4.2.2: a version is the app's to refuse, and its no arrives with the versions it knows", async () => {
    const no =
      "HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\nContent-Length: 2\r\n\r\nno";
    const path = acting({ answer: () => no, behind: () => undefined });
    const talk = await shake(engine, path, { fields: { "Sec-WebSocket-Version": "8" } });
    expect(headAt(engine, path)).toMatch(/^sec-websocket-version: 8\r$/im);
    expect(await talk.until(/no$/)).toMatch(
      /^HTTP\/1\.1 426 [^]*\r\nSec-WebSocket-Version: 13\r\n/,
    );
  });

  test("4.2.2: a yes with a wrong accept, without one, or with two is not believed", async () => {
    const lines = ["Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n", ""];
    const answerWith = (line: string) => () =>
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${line}\r\n`;
    const twice = (head: string): string =>
      yes(head, `Sec-WebSocket-Accept: ${acceptFor(head)}\r\n`);
    for (const answer of [...lines.map(answerWith), twice]) {
      expect(statusOf(await shake(engine, acting({ answer })))).toBe("502");
    }
  });

  test("9.1 and 1.9: extensions and subprotocols pass as the two sides say them, none is invented", async () => {
    const offer = {
      "Sec-WebSocket-Extensions": ["permessage-deflate; client_max_window_bits", 'x-a; b="c"'],
      "Sec-WebSocket-Protocol": "chat, superchat",
    };
    const chosen = "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Extensions: x-a\r\n";
    const path = acting({ answer: (head) => yes(head, chosen) });
    const talk = await shake(engine, path, { fields: offer });
    const said = headAt(engine, path);
    for (const line of [...offer["Sec-WebSocket-Extensions"], offer["Sec-WebSocket-Protocol"]]) {
      expect(said).toContain(`: ${line}\r\n`);
    }
    expect(talk.heard()).toContain(chosen.slice(0, 28));
    expect(talk.heard().match(/sec-websocket-(?:extensions|protocol)/gi)).toHaveLength(2);
    const silent = acting();
    const other = await shake(engine, silent);
    expect(headAt(engine, silent) + other.heard()).not.toMatch(/sec-websocket-(?:ext|prot)/i);
  });

  test("4.1: what comes in the packet of the handshake is the first of the conversation", async () => {
    const early = masked(frame(0x81, "early"));
    const talk = await shake(engine, acting(), { behind: early });
    expect(behindHead(await talk.until(early))).toBe(early);
  });

  test("4.2.2: what comes in the packet of the yes is, too", async () => {
    const early = frame(0x81, "early");
    const talk = await shake(engine, acting({ answer: (head) => yes(head) + early }));
    expect(behindHead(await talk.until(early))).toBe(early);
  });

  test.each(PAYLOADS)("%s: the bytes arrive as they were, both ways", async (_what, bytes) => {
    const talk = await shake(engine, acting());
    talk.say(bytes);
    await expect.poll(() => behindHead(talk.heard()).length, SOON).toBe(bytes.length);
    expect(behindHead(talk.heard()) === bytes).toBe(true);
    expect(talk.socket.destroyed).toBe(false);
  });

  test("5.2: a message of 16 MB arrives whole", async () => {
    const bytes = masked(frame(0x82, "0123456789abcdef".repeat(2 ** 20)));
    const talk = await shake(engine, acting());
    talk.say(bytes);
    await expect
      .poll(() => behindHead(talk.heard()).length, { ...SOON, timeout: 30_000 })
      .toBe(bytes.length);
    expect(behindHead(talk.heard()) === bytes).toBe(true);
  });

  test("5.2: one byte at a time arrives as well", async () => {
    const bytes = masked(frame(0x81, "slowly"));
    const talk = await shake(engine, acting());
    for (const byte of bytes) {
      talk.say(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(behindHead(await talk.until(bytes))).toBe(bytes);
  });

  test.each([
    [1000, "done"],
    [1001, ""],
    [1011, "trouble"],
    [3000, "registered"],
    [4999, "private"],
    [1005, "never on the wire"],
    [65_535, "no such code"],
  ])(
    "7.4: a close of %i and its reason arrive as the app said them, then the end",
    async (code, reason) => {
      const close = frame(0x88, String.fromCharCode(code >> 8, code & 0xff) + reason);
      const talk = await shake(engine, acting({ behind: (socket) => socket.end(close, "latin1") }));
      expect(behindHead(await talk.end())).toBe(close);
    },
  );

  test.skipIf(endsAtOnce)("7.1.1: one side may end while the other still talks", async () => {
    const close = frame(0x88, "\x03\xe8");
    const endFirst = (socket: Socket): void => {
      socket.allowHalfOpen = true;
      socket.end(close, "latin1");
    };
    const path = acting({ behind: endFirst });
    const talk = await shake(engine, path);
    talk.socket.allowHalfOpen = true;
    await talk.until(close);
    talk.say(masked(close));
    await expect.poll(() => headAt(engine, path).endsWith(masked(close)), SOON).toBe(true);
  });

  test("7.1.7: a side that breaks off ends the other's conversation", async () => {
    let side: Socket | undefined;
    const talk = await shake(engine, acting({ behind: (socket) => (side = socket) }));
    side?.resetAndDestroy();
    await talk.end();
    const other = await shake(engine, acting({ behind: (socket) => (side = socket.resume()) }));
    other.socket.destroy();
    await expect.poll(() => side?.destroyed, SOON).toBe(true);
  });

  test("10.2: a page of another site opens none (section 10.2, the Origin of a handshake)", async () => {
    const path = acting();
    const fields = { Origin: "https://evil.example" };
    expect(statusOf(await shake(engine, path, { fields }))).toBe("403");
    expect(headAt(engine, path)).toBe("");
  });
});
