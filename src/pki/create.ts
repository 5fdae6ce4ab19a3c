/*
 * Makes the authority's files, so that at any instant there is no authority or a whole one: all is
 * prepared and flushed in a folder beside, and one rename brings it into being. Called by authority.ts.
 *
 * The root's key lives in this process's memory, not extractable, for as long as it takes to sign
 * the intermediate; what cannot be stolen cannot sign. `keepRootKey` is the exception, and then its
 * file is written, flushed and read back before the authority exists.
 */
import { randomBytes, X509Certificate } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Clock } from "../kernel/clock.ts";
import { codeOf, GenkanError } from "../kernel/errors.ts";
import type { Log } from "../kernel/log.ts";
import type { Scope } from "../model/scope.ts";
import { platformErrors, whyOf } from "../platform/errors.ts";
import { flushFolder, makePrivateFolder, writeAtomic } from "../platform/files.ts";
import { pkiErrors } from "./errors.ts";
import { BACKDATED } from "./issue.ts";
import { keepKey, type KeptKey } from "./root-key-file.ts";
import { authorityFolder, type AuthorityState, FILES, isThere, STATE_VERSION } from "./state.ts";
import { unfinishedFolder } from "./unfinished.ts";
import { fourWords } from "./words.ts";

export interface AuthorityWish {
  /** Keeps the root's key, encrypted, instead of destroying it. */
  readonly keepRootKey?: KeptKey;
  /** Whose it is, as people see it in lists of roots: the machine's name. */
  readonly label?: string;
  /** Moves the authority that is there aside and makes another: every device must trust it anew. */
  readonly replace?: boolean;
}

interface Making extends AuthorityWish {
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Log;
}

interface MadeFiles {
  readonly state: AuthorityState;
  readonly rootPem: string;
  readonly intermediatePem: string;
  readonly intermediateKeyPem: string;
  /** PKCS#8; only where it is to be kept. */
  readonly rootKey: Buffer | undefined;
}

/**
 * Ten years, and the intermediate as long: once the root's key is gone there can be no second one,
 * and an intermediate that ended earlier would only end the authority earlier.
 */
const LIFE = 3650 * 24 * 60 * 60 * 1000;

/** No Genkan is older; machines without a clock of their own wake up in 1970, or when their system was built. */
const EARLIEST = Date.UTC(2026, 0, 1);

/**
 * Puts a new authority into `dir`. False where another process was quicker; its authority stands then.
 * @throws PKI_CLOCK_TOO_OLD, PKI_ROOT_KEY_FILE_EXISTS, PKI_ROOT_KEY_NOT_KEPT, FILE_NOT_WRITABLE
 */
export async function bringIntoBeing(making: Making, scope: Scope): Promise<boolean> {
  const now = making.clock.now();
  if (now < EARLIEST) throw pkiErrors.PKI_CLOCK_TOO_OLD({ now: new Date(now).toISOString() });
  try {
    return await makeOne(making, scope);
  } catch (thrown) {
    const cause = thrown instanceof GenkanError ? thrown.cause : undefined;
    if (codeOf(cause) !== "ENOENT") throw thrown;
    // Another start took the folder for a leftover (see unfinished.ts): begin again, once.
    return makeOne(making, scope);
  }
}

async function makeOne(making: Making, scope: Scope): Promise<boolean> {
  const { dir, log, keepRootKey } = making;
  const unfinished = unfinishedFolder(dir);
  const made = await makeFiles(making, scope);
  let orphan: string | undefined;
  try {
    if (keepRootKey && made.rootKey) {
      await keepKey(keepRootKey, made.rootKey);
      orphan = keepRootKey.file;
    }
    await writeFiles(unfinished, made);
    if (making.replace) await moveAside(making);
    const isOurs = await renameInto(unfinished, authorityFolder(dir));
    if (isOurs) orphan = undefined;
    if (isOurs) log.info("authority.created", { root: made.state.root, domains: scope.dns });
    return isOurs;
  } finally {
    await discard(unfinished, log);
    if (orphan !== undefined) await discard(orphan, log); // the key of a root that never was
  }
}

/** Takes away what is not needed any more; a disk that does not let go must not hide why we stopped. */
async function discard(path: string, log: Log): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (thrown) {
    log.warn("authority.leftover-stayed", { path, why: thrown });
  }
}

async function makeFiles(making: Making, scope: Scope): Promise<MadeFiles> {
  const { exportKey, exportKeyPem, makeIntermediate, makeRoot, newKeys } =
    await import("./sign.ts");
  const now = making.clock.now();
  const span = { notBefore: now - BACKDATED, notAfter: now + LIFE };
  const owner = ownerText(making.label, now);
  const rootKeys = await newKeys(making.keepRootKey !== undefined);
  const root = await makeRoot(rootKeys, { ...span, scope, commonName: `Genkan root ${owner}` });
  const keys = await newKeys(true);
  const commonName = `Genkan intermediate ${owner}`;
  const intermediate = await makeIntermediate(root, keys, { ...span, scope, commonName });
  const fingerprint = new X509Certificate(root.certificatePem).fingerprint256;
  return {
    state: {
      version: STATE_VERSION,
      scope,
      root: fingerprint,
      intermediate: new X509Certificate(intermediate.certificatePem).fingerprint256,
      words: await fourWords(fingerprint),
    },
    rootPem: root.certificatePem,
    intermediatePem: intermediate.certificatePem,
    intermediateKeyPem: await exportKeyPem(keys.privateKey),
    rootKey: making.keepRootKey && (await exportKey(rootKeys.privateKey)),
  };
}

/**
 * "box 2026-11-24 3fa9c2": tells roots apart in a device's list, and for programs, which find roots by
 * their name: where two share one, Firefox speaks of a bad signature instead of an unknown root.
 * A common name holds 64 characters (RFC 5280 appendix A.1).
 */
function ownerText(label: string | undefined, now: number): string {
  const plain = (label ?? "").replaceAll(/[^A-Za-z0-9 ._-]/g, "").slice(0, 24);
  const day = new Date(now).toISOString().slice(0, 10);
  return [plain, day, randomBytes(3).toString("hex")].filter(Boolean).join(" ");
}

async function writeFiles(folder: string, made: MadeFiles): Promise<void> {
  await makePrivateFolder(folder);
  const put = (name: string, text: string, mode: number): Promise<void> =>
    writeAtomic(join(folder, name), text, { mode });
  await put(FILES.key, made.intermediateKeyPem, 0o600);
  await put(FILES.intermediate, made.intermediatePem, 0o644);
  await put(FILES.root, made.rootPem, 0o644);
  await put(FILES.state, `${JSON.stringify(made.state, undefined, 2)}\n`, 0o644);
}

/** The one instant in which the authority comes to be. A folder that holds files is never replaced by rename(2). */
async function renameInto(unfinished: string, folder: string): Promise<boolean> {
  try {
    await move(unfinished, folder);
    return true;
  } catch (thrown) {
    if (await isThere(folder)) return false;
    throw thrown;
  }
}

/** Keeps what is replaced, whatever state it is in: `authority.replaced-2026-11-24T10-00-00-000Z`. */
async function moveAside({ dir, clock, log }: Making): Promise<void> {
  const folder = authorityFolder(dir);
  if (!(await isThere(folder))) return;
  const aside = `${folder}.replaced-${new Date(clock.now()).toISOString().replaceAll(/[:.]/g, "-")}`;
  await move(folder, aside);
  log.warn("authority.moved-aside", { to: aside });
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
    await flushFolder(dirname(to));
  } catch (thrown) {
    throw platformErrors.FILE_NOT_WRITABLE({ path: to, why: whyOf(thrown) }, { cause: thrown });
  }
}
