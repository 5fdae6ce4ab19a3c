/*
 * Nothing piles up in the door: the slower side sets the pace, whichever it is.
 */
import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { rawApp, type RawApp, SOON } from "../../../../test/support/raw-app.ts";
import { createUpstreamClient } from "./client.ts";
import type { UpstreamBody, UpstreamResponse } from "./upstream.ts";

const MIB = 1024 * 1024;
const BLOCK = Buffer.alloc(64 * 1024, "abcdefg");
/** What kernels of both sides may hold for a connection: a few MiB each, whatever the door does. */
const MOST_IN_KERNELS = 32 * MIB;

function ask(app: RawApp, body?: UpstreamBody): Promise<UpstreamResponse> {
  const client = createUpstreamClient({ leftoverMs: 100 });
  onTestFinished(() => client.stop());
  return client.request(
    app.to,
    { method: body ? "POST" : "GET", target: "/", headers: ["Host", "a"], body },
    { signal: new AbortController().signal, onInformation: () => undefined },
  );
}

/** Writes blocks as long as there is room, `wrap`ped, for ever or up to `most` blocks. */
function pour(socket: Socket, wrap: (block: Buffer) => Buffer, most = Infinity): void {
  let blocks = 0;
  const fill = (): void => {
    while (blocks < most && socket.write(wrap(BLOCK))) blocks += 1;
  };
  socket.on("drain", fill);
  fill();
}

/** Waits until a number has stopped growing, and gives it. */
async function settled(count: () => number): Promise<number> {
  for (let before = -1; before !== count();) {
    before = count();
    await wait(60);
  }
  return count();
}

const chunked = (block: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${block.length.toString(16)}\r\n`), block, Buffer.from("\r\n")]);

test.each([
  ["until the connection ends", "", (block: Buffer) => block],
  ["in chunks", "Transfer-Encoding: chunked\r\n", chunked],
  ["of a known length", "Content-Length: 999999999999\r\n", (block: Buffer) => block],
])("an answer %s waits for a slow reader, and then goes on", async (...[, fields, wrap]) => {
  const app = await rawApp((socket) => {
    socket.once("data", () => {
      socket.write(`HTTP/1.1 200 OK\r\n${fields}\r\n`);
      pour(socket, wrap);
    });
  });
  const { body } = await ask(app);
  const [socket] = app.connections as [Socket];
  expect(await settled(() => socket.bytesWritten)).toBeLessThan(MOST_IN_KERNELS);
  expect(body.readableLength).toBeLessThanOrEqual(2 * BLOCK.length);
  let read = 0;
  for await (const part of body) {
    read += (part as Buffer).length;
    expect(body.readableLength).toBeLessThanOrEqual(2 * BLOCK.length);
    if (read > 2 * MOST_IN_KERNELS) break; // more than could have been waiting anywhere
  }
});

test.each([[undefined], [999_999_999_999]])(
  "a request's body of length %s waits for a slow app, and then goes on",
  async (length) => {
    const app = await rawApp((socket) => socket.pause());
    let pulled = 0;
    const stream = new Readable({
      highWaterMark: BLOCK.length,
      read() {
        pulled += BLOCK.length;
        this.push(BLOCK);
      },
    });
    const answer = ask(app, { stream, length, trailers: undefined, expectContinue: false });
    answer.catch(() => undefined); // the client's stop ends it
    const before = await settled(() => pulled);
    expect(before).toBeLessThan(MOST_IN_KERNELS);
    app.connections[0]?.resume();
    await expect.poll(() => pulled, SOON).toBeGreaterThan(before + MIB);
  },
);

test("what comes out at the far end is what went in, both ways at once", async () => {
  const blocks = 512;
  // An echo: what arrives is the answer's content, bytes of the chunked coding included.
  const app = await rawApp((socket) => {
    socket.once("data", (first: Buffer) => {
      const body = first.subarray(first.indexOf("\r\n\r\n") + 4);
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.write(body);
      socket.on("data", (part: Buffer) => {
        if (!socket.write(part)) socket.pause();
        if (part.toString("latin1", part.length - 5) === "0\r\n\r\n") socket.end();
      });
      socket.on("drain", () => socket.resume());
    });
  });
  const parts = Array.from({ length: blocks }, (_, i) => Buffer.alloc(BLOCK.length, String(i)));
  const expected = createHash("sha256");
  for (const part of parts) expected.update(chunked(part));
  expected.update("0\r\n\r\n");
  const stream = Readable.from(parts, { highWaterMark: 1 });
  const { body } = await ask(app, {
    stream,
    length: undefined,
    trailers: undefined,
    expectContinue: false,
  });
  const hash = createHash("sha256");
  for await (const part of body) hash.update(part as Buffer);
  expect(hash.digest("hex")).toBe(expected.digest("hex"));
});

test("an app that has answered and takes no more of the body is let go", async () => {
  const app = await rawApp((socket) => {
    socket.once("data", () => {
      socket.pause();
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
  });
  const stream = new Readable({
    read() {
      this.push(BLOCK);
    },
  });
  await ask(app, { stream, length: undefined, trailers: undefined, expectContinue: false });
  await expect.poll(() => stream.listenerCount("data"), SOON).toBe(0); // nobody reads it any more
  expect([stream.isPaused(), stream.destroyed]).toEqual([true, false]);
});
