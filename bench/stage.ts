/*
 * What all peers share: a temporary folder, certificates, the app; and for each a folder and ports of its own.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort, LOAD_CORE, start } from "./machine.ts";
import { type Certificates, HOST, type Stage } from "./peer.ts";

export interface House {
  readonly dir: string;
  /** A place for one more peer. */
  stage(): Promise<Stage>;
  close(): Promise<void>;
}

export async function openHouse(): Promise<House> {
  const dir = await mkdtemp(join(tmpdir(), "genkan-bench-"));
  const files = await makeCertificates(dir);
  const appPort = await freePort();
  const program = join(import.meta.dirname, "programs/app.mjs");
  const app = start([process.execPath, program, String(appPort)], { core: LOAD_CORE });
  let count = 0;
  return {
    dir,
    async stage() {
      count += 1;
      const own = join(dir, String(count));
      await mkdir(own);
      return { dir: own, port: await freePort(), plainPort: await freePort(), appPort, files };
    },
    async close() {
      await app.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function makeCertificates(dir: string): Promise<Certificates> {
  const at = (name: string): string => join(dir, name);
  const files = {
    cert: at("leaf.pem"),
    key: at("leaf-key.pem"),
    mkcertCert: at(`${HOST}.pem`),
    mkcertKey: at(`${HOST}-key.pem`),
  };
  await makeLeaf(["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], files.cert, files.key);
  await makeLeaf(["rsa:2048"], files.mkcertCert, files.mkcertKey);
  return files;
}

/** Signed by itself: those who ask here do not look, and it is as long as any. */
async function makeLeaf(kind: readonly string[], cert: string, key: string): Promise<void> {
  const names = [
    "-subj",
    `/CN=${HOST}`,
    "-addext",
    `subjectAltName=DNS:${HOST},DNS:*.local,IP:127.0.0.1`,
  ];
  const files = ["-out", cert, "-keyout", key, "-days", "30"];
  const args = ["req", "-x509", "-nodes", "-newkey", ...kind, ...names, ...files];
  await promisify(execFile)("openssl", args);
}
