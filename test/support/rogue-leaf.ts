import "reflect-metadata";
import { createPrivateKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Authority } from "../../src/pki/authority.ts";
import type { LeafRequest } from "../../src/pki/rules.ts";
import { exportKeyPem, importKey, makeLeaf, newKeys } from "../../src/pki/sign.ts";

const DAY = 24 * 60 * 60 * 1000;

export interface RogueLeaf {
  /** Leaf and intermediate. */
  readonly certPem: string;
  readonly keyPem: string;
}

/**
 * What a thief of the intermediate's key would do: a leaf for any name at all, in our own profile,
 * around our own rules.
 */
export async function rogueLeaf(
  dir: string,
  { intermediate }: Authority,
  names: LeafRequest,
): Promise<RogueLeaf> {
  if (intermediate === undefined) throw new Error("this authority has no intermediate");
  const stolen = createPrivateKey(await readFile(join(dir, "authority/intermediate-key.pem")));
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const key = await importKey(stolen.export({ type: "pkcs8", format: "der" }), algorithm);
  const keys = await newKeys(true);
  const now = Date.now();
  const leafPem = await makeLeaf(
    { certificatePem: intermediate.pem, key, algorithm },
    keys.publicKey,
    { names, notBefore: now - DAY / 24, notAfter: now + 90 * DAY },
  );
  return {
    certPem: leafPem + intermediate.pem,
    keyPem: await exportKeyPem(keys.privateKey),
  };
}
