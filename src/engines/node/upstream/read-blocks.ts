/*
 * The memory a connection to an app is read into. Left to itself Node takes 64 KiB anew for every read, and V8
 * answers so much memory outside its heap with full collections: half of the cost of a download. Here a
 * block is read into again. What must stay true: a block is free only when every part of it that was handed on
 * has come back through `passedOn`; one that never comes back is left to the collector.
 */

/** What libuv reads at most in one go. */
const BLOCK = 64 * 1024;
/** Smaller parts are copied, into memory Node shares out (`Buffer.poolSize`): cheaper than another block. */
const WORTH_LENDING = 4 * 1024;
/** Blocks kept for reading into again, beside the one in use. A slow visitor holds two at most. */
const MOST_SPARE = 2;

interface Block {
  readonly bytes: Buffer;
  /** Parts of it that somebody holds. */
  lent: number;
}

export class ReadBlocks {
  #block: Block = newBlock();
  readonly #spare: Block[] = [];
  /** By the very object that was handed on. */
  readonly #lent = new WeakMap<Buffer, Block>();

  /** Where the next bytes go. Called when what was read last is parsed. */
  next(): Buffer {
    if (this.#block.lent > 0) this.#block = this.#spare.pop() ?? newBlock();
    return this.#block.bytes;
  }

  /** Of a part of the block read last, what may be kept: itself where it is worth it, else a copy. */
  handOn(part: Buffer): Buffer {
    if (part.length < WORTH_LENDING) return Buffer.from(part);
    this.#block.lent += 1;
    this.#lent.set(part, this.#block);
    return part;
  }

  /** Nobody holds this part any more. Anything else than what `handOn` lent is ignored. */
  passedOn(part: Buffer): void {
    const block = this.#lent.get(part);
    if (block === undefined) return;
    this.#lent.delete(part);
    block.lent -= 1;
    const isFree = block.lent === 0 && block !== this.#block;
    if (isFree && this.#spare.length < MOST_SPARE) this.#spare.push(block);
  }
}

function newBlock(): Block {
  // Of its own memory: a slice of Node's shared pool would share it with others.
  return { bytes: Buffer.allocUnsafeSlow(BLOCK), lent: 0 };
}
