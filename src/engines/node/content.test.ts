/*
 * That nobody gets another visitor's bytes, or his own in another order: many at once, slow and quick, over
 * kept connections whose memory is read into again, some of them leaving in the middle.
 */
import { createServer } from "node:http";
import { once } from "node:events";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { openDoor, type TestDoor, testAuthority } from "../../../test/support/door.ts";

const WORDS = 384 * 1024;
/** Sizes of what the app writes at once: smaller and larger than a read, and none a divisor of another. */
const PIECES = [1000, 17_000, 65_536, 40_001, 131_072, 70_003];

/** Content that is told from any other, and any place in it from any other place. */
function contentOf(seed: number): Buffer {
  const words = new Uint32Array(WORDS).map((_, i) => Math.imul(i + 1, 2_654_435_761) ^ seed);
  return Buffer.from(words.buffer);
}

async function startApp(): Promise<number> {
  const server = createServer((asked, answer) => {
    const seed = Number(asked.url?.slice(1));
    const content = contentOf(seed);
    if (seed % 2 === 0) answer.setHeader("content-length", content.length);
    Readable.from(piecesOf(content)).pipe(answer);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function* piecesOf(content: Buffer): Generator<Buffer> {
  for (let at = 0, nth = 0; at < content.length; nth++) {
    const end = at + (PIECES[nth % PIECES.length] ?? 1);
    yield content.subarray(at, end);
    at = end;
  }
}

/** Reads slowly where the seed says so, and leaves in the middle where it says that. */
async function read(stream: Readable, seed: number): Promise<"right" | "wrong" | "left"> {
  const expected = contentOf(seed);
  let at = 0;
  for await (const chunk of stream) {
    const bytes = chunk as Buffer;
    if (!bytes.equals(expected.subarray(at, at + bytes.length))) return "wrong";
    at += bytes.length;
    if (seed % 5 === 4 && at > expected.length / 3) return "left";
    if (seed % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return at === expected.length ? "right" : "wrong";
}

async function overHttp1(door: TestDoor, seed: number): Promise<string> {
  const { caPem } = await testAuthority();
  const asked = request({
    host: "127.0.0.1",
    port: door.httpsPort,
    servername: "wiki.local",
    ca: caPem,
    path: `/${seed}`,
    headers: { host: "wiki.local" },
    agent: false,
  }).end();
  const [answer] = (await once(asked, "response")) as [Readable];
  return read(answer, seed);
}

test("many visitors at once each get exactly their content, whoever is slow or leaves", async () => {
  const door = await openDoor({ wiki: await startApp() });
  const session = await door.http2("wiki.local");
  const overHttp2 = (seed: number): Promise<string> =>
    read(session.request({ ":authority": "wiki.local", ":path": `/${seed}` }), seed);
  for (let round = 0; round < 2; round++) {
    const seeds = Array.from({ length: 20 }, (_, i) => round * 20 + i);
    const outcomes = await Promise.all(
      seeds.map((seed) => (seed % 4 < 2 ? overHttp1(door, seed) : overHttp2(seed))),
    );
    const leave = seeds.map((seed) => (seed % 5 === 4 ? "left" : "right"));
    expect(outcomes).toEqual(leave);
  }
}, 120_000);
