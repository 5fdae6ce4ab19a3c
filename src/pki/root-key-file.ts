/*
 * The root's private key in a file, for those who keep it (`--keep-root-key FILE`): PKCS#8
 * (RFC 5958), encrypted by PBES2 (RFC 8018) with scrypt (RFC 7914 section 7) and AES-256-CBC, which
 * `openssl pkcs8 -in FILE` opens. Node itself only writes the older PBKDF2.
 *
 * Never over another file; 0600 from birth; read back and opened before anyone relies on it.
 */
import assert from "node:assert/strict";
import {
  createCipheriv,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  scrypt,
  type ScryptOptions,
} from "node:crypto";
import { open, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { codeOf } from "../kernel/errors.ts";
import { whyOf } from "../platform/errors.ts";
import { flushFolder } from "../platform/files.ts";
import { pkiErrors } from "./errors.ts";
import { pemOf } from "./pem.ts";

export interface KeptKey {
  /** Where; nothing may be there yet. */
  readonly file: string;
  readonly passphrase: string;
}

const SHORTEST_PASSPHRASE = 12;

/** 16 MB each time and five times over: OpenSSL's own limit for scrypt is 32 MB, and it must open this. */
const COST = { N: 2 ** 14, r: 8, p: 5 } as const;
const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** @throws PKI_PASSPHRASE_TOO_SHORT */
export function checkPassphrase(passphrase: string): void {
  if (passphrase.length >= SHORTEST_PASSPHRASE) return;
  throw pkiErrors.PKI_PASSPHRASE_TOO_SHORT({ shortest: SHORTEST_PASSPHRASE });
}

/**
 * Writes a key (PKCS#8 DER), flushes it, and opens it again to see that it is the same.
 * @throws PKI_ROOT_KEY_FILE_EXISTS, PKI_ROOT_KEY_NOT_KEPT; nothing of ours is left at `file` then
 */
export async function keepKey({ file, passphrase }: KeptKey, pkcs8: Buffer): Promise<void> {
  const pem = await encryptedPem(pkcs8, passphrase);
  let isOurs = false;
  try {
    const handle = await open(file, "wx", 0o600);
    isOurs = true;
    try {
      await handle.writeFile(pem);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await flushFolder(dirname(file));
    await checkOpens({ file, passphrase }, pkcs8);
  } catch (thrown) {
    if (isOurs) await rm(file, { force: true });
    if (!isOurs && codeOf(thrown) === "EEXIST") {
      throw pkiErrors.PKI_ROOT_KEY_FILE_EXISTS({ file }, { cause: thrown });
    }
    throw pkiErrors.PKI_ROOT_KEY_NOT_KEPT({ file, why: whyOf(thrown) }, { cause: thrown });
  }
}

async function checkOpens({ file, passphrase }: KeptKey, pkcs8: Buffer): Promise<void> {
  const opened = createPrivateKey({ key: await readFile(file), passphrase });
  const original = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  const isSame = createPublicKey(opened).equals(createPublicKey(original));
  assert(isSame, "what was read back is another key");
}

async function encryptedPem(pkcs8: Buffer, passphrase: string): Promise<string> {
  const { encryptedKeyInfo } = await import("./encrypted-key-info.ts");
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const key = await derive(passphrase, salt, 32, COST);
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const encrypted = Buffer.concat([cipher.update(pkcs8), cipher.final()]);
  return pemOf("ENCRYPTED PRIVATE KEY", encryptedKeyInfo({ salt, iv, encrypted, ...COST }));
}
