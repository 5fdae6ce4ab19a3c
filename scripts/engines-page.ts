/*
 * docs/engines.md: every sentence of the contract and what is true of which engine, as text. Pure.
 */
import type { Gap, Topic } from "../test/contract/contract.ts";

/** Gaps by engine. */
export interface EngineGaps {
  readonly node: readonly Gap[];
  readonly nginx: readonly Gap[];
}

export function enginesPage(contract: readonly Topic[], gaps: EngineGaps): string {
  const notes = [...new Set([...gaps.node, ...gaps.nginx].map(({ reason }) => reason))];
  const cell = (sentence: string, list: readonly Gap[]): string => {
    const gap = list.find(({ tests }) => tests.includes(sentence));
    return gap ? `no [${notes.indexOf(gap.reason) + 1}]` : "yes";
  };
  const sections = contract.map(({ title, proofs }) => {
    const rows = Object.keys(proofs).map(
      (sentence) =>
        `| ${sentence} | ${cell(sentence, gaps.node)} | ${cell(sentence, gaps.nginx)} |`,
    );
    return `## ${title}\n\n| what an engine does | node | nginx |\n| --- | --- | --- |\n${rows.join("\n")}\n`;
  });
  const reasons = notes.map((reason, i) => `${i + 1}. ${reason}`);
  return `# Engines

An engine moves the bytes. Genkan has two, and holds both to one contract: each sentence below is a test that runs
against both, with real connections and, for nginx, with the nginx of this machine. Where one cannot do what the
other does, the number leads to the reason at the end.

- **node** is built in and the default. It carries WebSockets over HTTP/2, too.
- **nginx** is the machine's own nginx (1.22 or newer), run by Genkan as a process of its own: \`genkan up --engine nginx\`.

${sections.join("\n")}
## Why not

${reasons.join("\n")}
`;
}
