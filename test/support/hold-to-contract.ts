import { describe, expect, test } from "vitest";
import type { Gap, OpenEngine } from "../contract/contract.ts";
import { CONTRACT } from "../contract/engine.case.ts";

/** Has an engine prove every sentence of the contract, but for its gaps. */
export function holdToContract(open: OpenEngine, gaps: readonly Gap[]): void {
  const skipped = new Set(gaps.flatMap(({ tests }) => tests));

  test("every gap is about a sentence of the contract, and no sentence is said twice", () => {
    const sentences = CONTRACT.flatMap(({ proofs }) => Object.keys(proofs));
    expect([...skipped].filter((sentence) => !sentences.includes(sentence))).toEqual([]);
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  describe.each(CONTRACT)("$title", ({ proofs }) => {
    for (const [sentence, prove] of Object.entries(proofs)) {
      // oxlint-disable-next-line vitest/expect-expect -- the proofs do
      test.skipIf(skipped.has(sentence))(sentence, () => prove(open));
    }
  });
}
