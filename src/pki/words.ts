/*
 * Four words that stand for a root, for two people to compare by voice before a device trusts it.
 *
 * 44 bits are few: whoever makes certificates by the billion finds one whose plain digest begins
 * like ours. So the words come from a slow function of the fingerprint: each try then costs a tenth
 * of a second and 32 MB instead of a microsecond. docs/decisions/0005-four-words.md has the sums.
 */
import { scrypt, type ScryptOptions } from "node:crypto";
import { promisify } from "node:util";

/** Names the purpose and the version: other words from the same fingerprint need another label. */
const LABEL = "genkan four words 1";
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const slowly = promisify<Uint8Array, string, number, ScryptOptions, Buffer>(scrypt);
/** 44 bits: the first five and a half bytes. */
const BYTES = 6;
const BITS_PER_WORD = 11n;

/**
 * Four words of the BIP-39 English list (2048 words), separated by spaces.
 * @param fingerprint256 SHA-256 of the certificate's DER, as `AA:BB:...`
 */
export async function fourWords(fingerprint256: string): Promise<string> {
  const { wordlist } = await import("@scure/bip39/wordlists/english.js");
  const digest = Buffer.from(fingerprint256.replaceAll(":", ""), "hex");
  const bits = (await slowly(digest, LABEL, BYTES, COST)).readUIntBE(0, BYTES);
  const number = BigInt(bits) >> 4n;
  const words = [3n, 2n, 1n, 0n].map((place) => {
    const index = (number >> (place * BITS_PER_WORD)) & 2047n;
    return wordlist[Number(index)];
  });
  return words.join(" ");
}
