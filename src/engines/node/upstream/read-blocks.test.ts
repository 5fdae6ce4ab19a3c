import { describe, expect, test } from "vitest";
import { ReadBlocks } from "./read-blocks.ts";

const LARGE = 32 * 1024;

/** As a connection does it: bytes of one kind are read into the block that is next. */
function read(blocks: ReadBlocks, byte: number, length = LARGE): Buffer {
  const block = blocks.next();
  block.fill(byte, 0, length);
  return block.subarray(0, length);
}

describe("blocks that are read into again", () => {
  test("a small part is a copy: the next read does not touch it", () => {
    const blocks = new ReadBlocks();
    const kept = blocks.handOn(read(blocks, 1, 100));
    read(blocks, 2, 100);
    expect(kept).toEqual(Buffer.alloc(100, 1));
  });

  test("a large part is not copied, and no later read touches it before it is passed on", () => {
    const blocks = new ReadBlocks();
    const parts = [1, 2, 3, 4, 5, 6].map((byte) => {
      const part = read(blocks, byte);
      expect(blocks.handOn(part)).toBe(part);
      return part;
    });
    read(blocks, 9);
    expect(parts.map((part) => part.every((byte) => byte === part[0]) && part[0])).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
  });

  test("a block serves again only when all of its parts are back, whatever their order", () => {
    const blocks = new ReadBlocks();
    const whole = read(blocks, 1, 2 * LARGE);
    const [first, second] = [whole.subarray(0, LARGE), whole.subarray(LARGE)];
    blocks.handOn(first);
    blocks.handOn(second);
    blocks.passedOn(second);
    expect(blocks.next().buffer).not.toBe(whole.buffer);
    blocks.handOn(read(blocks, 2));
    blocks.passedOn(first);
    expect(blocks.next().buffer).toBe(whole.buffer);
  });

  test("a part that is said to be back twice frees nothing that is in use", () => {
    const blocks = new ReadBlocks();
    const whole = read(blocks, 1, 2 * LARGE);
    const [first, second] = [whole.subarray(0, LARGE), whole.subarray(LARGE)];
    blocks.handOn(first);
    blocks.handOn(second);
    blocks.passedOn(first);
    blocks.passedOn(first);
    blocks.passedOn(Buffer.from(second));
    expect(blocks.next().buffer).not.toBe(whole.buffer);
  });

  test("a part that never comes back is left alone for good", () => {
    const blocks = new ReadBlocks();
    const lost = read(blocks, 1);
    blocks.handOn(lost);
    for (let i = 0; i < 20; i++) {
      const part = read(blocks, 2);
      blocks.handOn(part);
      blocks.passedOn(part);
    }
    expect(lost.every((byte) => byte === 1)).toBe(true);
  });
});
