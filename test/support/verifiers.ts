/*
 * Programs that judge certificates, each behind one question: what do you say to this chain under
 * that name? The answer is "ok" or the program's own words of refusal.
 */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { connect } from "node:tls";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { messageOf } from "../../src/kernel/errors.ts";
import { runProgram } from "../../src/platform/run.ts";
import { chromiumAtHome } from "./chromium.ts";
import { firefoxAtHome } from "./firefox.ts";
import { makeNssDatabase } from "./nss.ts";
import { tempFolder } from "./temp.ts";

/** A chain under judgement. */
export interface Case {
  /** Leaf and intermediate, PEM. */
  readonly certPem: string;
  readonly keyPem: string;
  /** The host name or address a client would connect to. */
  readonly host: string;
}

export interface Verifier {
  readonly name: string;
  /** Programs it needs. */
  readonly tools: readonly string[];
  version(): Promise<string>;
  /** Judges every case, trusting this root (a PEM file) alone. */
  judge(rootPath: string, cases: readonly Case[]): Promise<string[]>;
  /** How it says that a name is not the authority's to give, and that it does not know the authority. */
  readonly says: { readonly outside: RegExp; readonly unknown: RegExp };
}

export const VERIFIERS: readonly Verifier[] = [
  {
    name: "OpenSSL",
    says: {
      outside: /permitted subtree violation/,
      unknown: /unable to get (?:local )?issuer certificate/,
    },
    tools: ["openssl"],
    version: () => firstLine("openssl", ["version"], /OpenSSL (\S+)/),
    judge: (root, cases) => each(cases, (one) => opensslVerify(root, one)),
  },
  {
    name: "GnuTLS",
    says: { outside: /violates the signer's constraints/, unknown: /issuer is unknown/ },
    tools: ["certtool"],
    version: () => firstLine("certtool", ["--version"], /certtool (\S+)/),
    judge: (root, cases) => each(cases, (one) => gnutlsVerify(root, one)),
  },
  {
    name: "NSS",
    says: {
      outside: /not permitted to issue a certificate with this name/,
      unknown: /issuer (?:is not recognized|certificate is unknown)|untrusted/i,
    },
    tools: ["certutil"],
    version: () =>
      firstLine("dpkg-query", ["-W", "-f=${Version}", "libnss3-tools"], /^(?:\d+:)?([\d.]+)/),
    judge: (root, cases) => each(cases, (one) => nssVerify(root, one)),
  },
  {
    name: "Java",
    says: { outside: /name constraints check failed/, unknown: /trust anchor/ },
    tools: ["java"],
    version: () => firstLine("java", ["--version"], /openjdk (\S+)/),
    judge: javaVerify,
  },
  {
    name: "Node",
    says: {
      outside: /permitted subtree violation/,
      unknown: /unable to get (?:local )?issuer certificate/,
    },
    tools: [],
    version: async () => process.versions.node,
    judge: (root, cases) => each(cases, (one) => nodeConnect(root, one)),
  },
  {
    name: "curl",
    says: {
      outside: /permitted subtree violation/,
      unknown: /unable to get (?:local )?issuer certificate/,
    },
    tools: ["curl"],
    version: () => firstLine("curl", ["--version"], /curl (\S+)/),
    judge: (root, cases) => each(cases, (one) => curlVisit(root, one)),
  },
  {
    name: "Chromium",
    says: { outside: /^ERR_CERT_INVALID$/, unknown: /^ERR_CERT_AUTHORITY_INVALID$/ },
    tools: ["chromium", "certutil"],
    version: () => firstLine("chromium", ["--version"], /Chromium (\S+)/),
    judge: async (root, cases) => {
      const page = await (await chromiumAtHome([root])).newPage();
      return each(cases, (one) => visited(one, (url) => page.goto(url), /net::(ERR_CERT\w+)/));
    },
  },
  {
    name: "Firefox",
    says: { outside: /^SEC_ERROR_CERT_NOT_IN_NAME_SPACE$/, unknown: /^SEC_ERROR_UNKNOWN_ISSUER$/ },
    tools: ["firefox-esr", "certutil"],
    version: () => firstLine("firefox-esr", ["--version"], /Firefox (\S+)/),
    judge: async (root, cases) => {
      const firefox = await firefoxAtHome([root]);
      return each(cases, (one) =>
        visited(one, (url) => firefox.open(url), /((?:SEC|MOZILLA_PKIX|SSL)_ERROR\w+)/),
      );
    },
  },
];

async function each(
  cases: readonly Case[],
  ask: (one: Case) => Promise<string>,
): Promise<string[]> {
  const answers: string[] = [];
  for (const one of cases) answers.push(await ask(one));
  return answers;
}

async function firstLine(program: string, args: readonly string[], what: RegExp): Promise<string> {
  const { stdout } = await runProgram(program, args);
  return what.exec(stdout)?.[1] ?? "unknown";
}

/** Runs a program whose refusal is its exit code; gives "ok" or what matched in its words. */
async function verdict(program: string, args: readonly string[], refusal: RegExp): Promise<string> {
  try {
    await promisify(execFile)(program, args);
    return "ok";
  } catch (thrown) {
    const { stdout = "", stderr = "" } = thrown as { stdout?: string; stderr?: string };
    return wordsIn(`${stdout}\n${stderr}\n${messageOf(thrown)}`, refusal);
  }
}

/** What a pattern caught; all of the text where it caught nothing, so that nothing unforeseen passes for a refusal. */
function wordsIn(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[1]?.trim() ?? `unforeseen: ${text}`;
}

function split({ certPem }: Case): { leaf: string; intermediate: string; folder: string } {
  const folder = tempFolder();
  const pems = certPem.match(/-----BEGIN [^]+?-----END CERTIFICATE-----\n/g) ?? [];
  const [leaf, intermediate] = ["leaf.pem", "intermediate.pem"].map((name, at) => {
    const path = join(folder, name);
    writeFileSync(path, pems[at]!);
    return path;
  });
  return { leaf: leaf!, intermediate: intermediate!, folder };
}

function opensslVerify(root: string, one: Case): Promise<string> {
  const { leaf, intermediate } = split(one);
  const strict = [
    "-x509_strict",
    "-purpose",
    "sslserver",
    "-no-CAfile",
    "-no-CApath",
    "-no-CAstore",
  ];
  const chain = ["-CAfile", root, "-untrusted", intermediate, leaf];
  return verdict("openssl", ["verify", ...strict, ...chain], /error \d+ at \d+ depth lookup: (.+)/);
}

async function gnutlsVerify(root: string, one: Case): Promise<string> {
  const file = join(tempFolder(), "chain.pem");
  writeFileSync(file, one.certPem);
  const names = ["--verify-purpose", "1.3.6.1.5.5.7.3.1", "--verify-hostname", one.host];
  const args = ["--verify", "--infile", file, "--load-ca-certificate", root, ...names];
  return verdict("certtool", args, /Chain verification output: (.+)/);
}

async function nssVerify(root: string, one: Case): Promise<string> {
  const { leaf, intermediate, folder } = split(one);
  makeNssDatabase(folder, [root]);
  const database = ["-d", `sql:${folder}`];
  for (const [nick, path] of [
    ["leaf", leaf],
    ["intermediate", intermediate],
  ] as const) {
    await runProgram("certutil", [...database, "-A", "-t", ",,", "-n", nick, "-i", path]);
  }
  return verdict("certutil", [...database, "-V", "-n", "leaf", "-u", "V", "-e"], /invalid: (.+)/);
}

async function javaVerify(root: string, cases: readonly Case[]): Promise<string[]> {
  const folder = tempFolder();
  const files = cases.map(({ certPem }, at) => {
    const path = join(folder, `${at}.pem`);
    writeFileSync(path, certPem);
    return path;
  });
  const program = join(import.meta.dirname, "programs/VerifyChains.java");
  const { stdout } = await runProgram("java", [program, root, ...files], { timeout: 60_000 });
  return stdout.trim().split("\n");
}

/** Serves a chain on a port of 127.0.0.1 while the test runs. */
async function serve({ certPem: cert, keyPem: key }: Case): Promise<number> {
  const server = createServer({ cert, key }, (_, response) => response.end("<h1>hello</h1>"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

async function nodeConnect(root: string, one: Case): Promise<string> {
  const port = await serve(one);
  const isAddress = /^[\d.]+$/.test(one.host);
  return new Promise((resolve) => {
    const servername = isAddress ? {} : { servername: one.host };
    const socket = connect(
      { host: "127.0.0.1", port, ca: readFileSync(root), ...servername },
      () => {
        socket.end();
        resolve("ok");
      },
    );
    socket.once("error", (error) => resolve(error.message));
  });
}

async function curlVisit(root: string, one: Case): Promise<string> {
  const port = await serve(one);
  const to = ["--connect-to", `::127.0.0.1:${port}`, `https://${one.host}/`];
  const args = ["-sS", "--noproxy", "*", "--cacert", root, ...to];
  return verdict("curl", args, /certificate problem: (.+)/);
}

async function visited(
  one: Case,
  go: (url: string) => Promise<unknown>,
  refusal: RegExp,
): Promise<string> {
  const port = await serve(one);
  try {
    await go(`https://${one.host}:${port}/`);
    return "ok";
  } catch (thrown) {
    return wordsIn(messageOf(thrown), refusal);
  }
}
