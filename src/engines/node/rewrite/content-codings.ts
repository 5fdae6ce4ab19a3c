/*
 * Takes content codings off (RFC 9110 section 8.4): apps were asked for none, and some pack all the same. What must
 * stay true: whoever packed it, no more than the limit is ever unpacked, and no thread of the door waits for it.
 */
import { promisify } from "node:util";
import * as zlib from "node:zlib";

type Unpack = (packed: Buffer, options: Limits) => Promise<Buffer>;

interface Limits {
  readonly maxOutputLength: number;
  readonly chunkSize: number;
  readonly params?: Readonly<Record<number, number>>;
}

/** Nobody packs more often; each is work an app could make for nothing. */
const MOST_CODINGS = 4;
/** Bytes unpacked in one go. */
const CHUNK = 64 * 1024;

/**
 * How to read content of these codings, or why it cannot be read.
 * @param codings as in Content-Encoding, lower case: in the order they were applied.
 */
export function unpackerOf(
  codings: readonly string[],
): ((packed: Buffer, limit: number) => Promise<Buffer>) | string {
  const applied = codings.filter((coding) => coding !== "identity");
  if (applied.length > MOST_CODINGS) return `it is packed ${applied.length} times`;
  const steps: Unpack[] = [];
  for (const coding of applied) {
    const step = UNPACKERS.get(coding);
    if (!step) return `nobody here can unpack ${JSON.stringify(coding.slice(0, 20))}`;
    steps.unshift(step);
  }
  return async (packed, limit) => {
    let content = packed;
    const limits = { maxOutputLength: limit, chunkSize: CHUNK };
    // oxlint-disable-next-line no-await-in-loop -- each unpacks what the one before it gave
    for (const step of steps) content = await step(content, limits);
    return content;
  };
}

/** RFC 9110 section 8.4.1.2 says zlib's format; some apps send the bare one, and browsers read both. */
const inflate: Unpack = (packed, limits) => {
  const [first = 0, second = 0] = packed;
  const isZlib = (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0; // RFC 1950 section 2.2
  return isZlib ? inflateZlib(packed, limits) : inflateBare(packed, limits);
};
const inflateZlib: Unpack = promisify(zlib.inflate);
const inflateBare: Unpack = promisify(zlib.inflateRaw);
const gunzip: Unpack = promisify(zlib.gunzip);

const UNPACKERS = new Map<string, Unpack>([
  ["gzip", gunzip],
  ["x-gzip", gunzip],
  ["deflate", inflate],
  ["br", promisify(zlib.brotliDecompress)],
  ...zstd(),
]);

/** `ZSTD_d_windowLogMax`; RFC 9659 section 3 allows a window of 8 MiB. */
const ZSTD_WINDOW = { 100: 23 };

/** Node has it since 22.15. */
function zstd(): [string, Unpack][] {
  const found: unknown = Reflect.get(zlib, "zstdDecompress");
  if (typeof found !== "function") return [];
  const unpack: Unpack = promisify(found as typeof zlib.gunzip);
  return [["zstd", (packed, limits) => unpack(packed, { ...limits, params: ZSTD_WINDOW })]];
}
