/*
 * What real clients say to our certificates: accepted inside the constraints; refused outside, where
 * the leaf was signed around our own rules, as a thief of the intermediate's key would.
 *
 * docs/certificates.md shows their answers: `CERTIFICATES_TABLE=1 npx vitest run test/e2e/certificates.test.ts`
 * writes its table anew.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { LeafRequest } from "../../src/pki/rules.ts";
import { worldWithAuthority } from "../support/authority.ts";
import { rogueLeaf } from "../support/rogue-leaf.ts";
import { describeWithTools } from "../support/tools.ts";
import { type Case, VERIFIERS } from "../support/verifiers.ts";

const DOCUMENT = join(import.meta.dirname, "../../docs/certificates.md");

interface Row {
  /** As the document names it. */
  readonly title: string;
  readonly names: LeafRequest;
  /** What a client connects to. */
  readonly host: string;
  readonly isRogue?: true;
}

const INSIDE: readonly Row[] = [
  { title: "`openhands.local`", host: "openhands.local", names: { dns: ["openhands.local"] } },
  {
    title: "`openhands.yourdomain.local`",
    host: "openhands.yourdomain.local",
    names: { dns: ["openhands.yourdomain.local"] },
  },
  { title: "`hello.home.arpa`", host: "hello.home.arpa", names: { dns: ["hello.home.arpa"] } },
  { title: "`*.box.local`", host: "wiki.box.local", names: { dns: ["*.box.local"] } },
  {
    title: "`127.0.0.1`, `::1`, `192.168.1.20`",
    host: "127.0.0.1",
    names: { ips: ["127.0.0.1", "::1", "192.168.1.20"] },
  },
  {
    title: "`hello.local`, signed around our rules",
    host: "hello.local",
    names: { dns: ["hello.local"] },
    isRogue: true,
  },
];

const OUTSIDE: readonly Row[] = [
  { title: "`www.example.com`", host: "www.example.com", names: { dns: ["www.example.com"] } },
  {
    title: "`hello.local` and `www.example.com`",
    host: "hello.local",
    names: { dns: ["hello.local", "www.example.com"] },
  },
  { title: "`evilhome.arpa`", host: "evilhome.arpa", names: { dns: ["evilhome.arpa"] } },
  {
    title: "`127.0.0.1` and `8.8.8.8`",
    host: "127.0.0.1",
    names: { ips: ["127.0.0.1", "8.8.8.8"] },
  },
  {
    title: "`127.0.0.1` and `2001:db8::1`",
    host: "127.0.0.1",
    names: { ips: ["127.0.0.1", "2001:db8::1"] },
  },
];

const ROWS = [...INSIDE, ...OUTSIDE.map((row) => ({ ...row, isRogue: true as const }))];

/** An authority and a chain for every row. */
async function makeCases(rows: readonly Row[]): Promise<{ root: string; cases: Case[] }> {
  const { authority, dir } = await worldWithAuthority();
  const cases = rows.map(async ({ names, host, isRogue }) => {
    const leaf = isRogue ? rogueLeaf(dir, authority, names) : authority.issue(names);
    return { ...(await leaf), host };
  });
  return { root: authority.root.path, cases: await Promise.all(cases) };
}

/** One column of the document's table a client: its version, and what it said to each row. */
const columns = new Map<string, { version: string; answers: string[] }>();

describe.each(VERIFIERS)("$name", (verifier) => {
  describeWithTools("judges our certificates", verifier.tools, () => {
    test("it accepts what is inside the constraints and refuses what is outside", async () => {
      const { root, cases } = await makeCases(ROWS);
      const answers = await verifier.judge(root, cases);
      columns.set(verifier.name, { version: await verifier.version(), answers });
      const told = ROWS.map(({ title }, at) => [title, answers[at]]);
      expect(told).toEqual([
        ...INSIDE.map(({ title }) => [title, "ok"]),
        ...OUTSIDE.map(({ title }) => [title, expect.stringMatching(verifier.says.outside)]),
      ]);
    });

    test("it refuses everything where the root is not trusted", async () => {
      const { cases } = await makeCases(INSIDE.slice(0, 1));
      const other = await worldWithAuthority();
      const [answer] = await verifier.judge(other.authority.root.path, cases);
      expect(answer).toMatch(verifier.says.unknown);
    });
  });
});

test("the document shows every client and every case", () => {
  const text = readFileSync(DOCUMENT, "utf8");
  for (const { name } of VERIFIERS) expect(text).toContain(`| ${name} `);
  for (const { title } of ROWS) expect(text).toContain(`| ${title} |`);
});

afterAll(() => {
  if (process.env["CERTIFICATES_TABLE"] === undefined) return;
  const text = readFileSync(DOCUMENT, "utf8");
  const [start, end] = ["<!-- table -->", "<!-- /table -->"];
  const [before = "", after = ""] = [text.split(start)[0], text.split(end)[1]];
  writeFileSync(DOCUMENT, `${before}${start}\n\n${table()}\n\n${end}${after}`);
});

function table(): string {
  const clients = [...columns];
  const rows = ROWS.map(({ title }, at) => [
    title,
    ...clients.map(([, { answers }]) => (answers[at] === "ok" ? "accepts" : "**refuses**")),
  ]);
  const words = clients.map(([name, { answers }]) => `- ${name}: "${answers[ROWS.length - 1]}"`);
  const head = ["leaf", ...clients.map(([name, { version }]) => `${name} ${version}`)];
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return [...lines, "", "Their words for a refusal:", "", ...words].join("\n");
}
