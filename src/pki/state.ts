/*
 * What lies in the authority's folder, and reading it back whole. The folder comes to be by one
 * rename (create.ts), so it is whole or it is not there; what is found half there was damaged by
 * something else, and is never silently replaced.
 *
 *   authority/authority.json          version, scope, fingerprints, the four words
 *   authority/root.pem                for everybody
 *   authority/intermediate.pem
 *   authority/intermediate-key.pem    0600; the only key there is
 */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, messageOf } from "../kernel/errors.ts";
import type { Scope } from "../model/scope.ts";
import { platformErrors, whyOf } from "../platform/errors.ts";
import { readIfThere } from "../platform/files.ts";
import { pkiErrors } from "./errors.ts";

/** The format this program writes, and the newest it reads. */
export const STATE_VERSION = 1;

export interface AuthorityState {
  readonly version: typeof STATE_VERSION;
  readonly scope: Scope;
  /** SHA-256 of each certificate, so that files of two authorities are never taken for one. */
  readonly root: string;
  readonly intermediate: string;
  /** The four words of `root`, kept because they cost a tenth of a second to find. */
  readonly words: string;
}

export interface AuthorityFiles {
  readonly state: AuthorityState;
  readonly root: X509Certificate;
  readonly intermediate: X509Certificate;
  readonly key: KeyObject;
}

/** Names of the files inside the authority's folder. */
export const FILES = {
  state: "authority.json",
  root: "root.pem",
  intermediate: "intermediate.pem",
  key: "intermediate-key.pem",
} as const;

export function authorityFolder(dir: string): string {
  return join(dir, "authority");
}

/**
 * The authority's files, checked against each other; undefined where there is no authority.
 * @throws PKI_AUTHORITY_DAMAGED, PKI_FROM_NEWER_VERSION, FILE_NOT_READABLE
 */
export async function readAuthority(folder: string): Promise<AuthorityFiles | undefined> {
  if (!(await isThere(folder))) return undefined;
  const damaged = (why: string, cause?: unknown): Error =>
    pkiErrors.PKI_AUTHORITY_DAMAGED({ folder, why }, { cause });
  const text = async (name: string): Promise<string> => {
    const found = await readIfThere(join(folder, name));
    if (found === undefined) throw damaged(`${name} is missing`);
    return found;
  };
  const part = async <T>(name: string, parse: (text: string) => T): Promise<T> => {
    const found = await text(name);
    try {
      return parse(found);
    } catch (thrown) {
      throw damaged(`${name} cannot be understood (${messageOf(thrown)})`, thrown);
    }
  };
  const stored = await part<unknown>(FILES.state, (json) => JSON.parse(json) as unknown);
  refuseNewer(join(folder, FILES.state), stored);
  if (!isState(stored)) throw damaged(`${FILES.state} lacks something`);
  const files = {
    state: stored,
    root: await part(FILES.root, (pem) => new X509Certificate(pem)),
    intermediate: await part(FILES.intermediate, (pem) => new X509Certificate(pem)),
    key: await part(FILES.key, (pem) => createPrivateKey(pem)),
  };
  const mismatch = mismatchIn(files);
  if (mismatch !== undefined) throw damaged(mismatch);
  return files;
}

/** Whether there is anything at `folder`. @throws FILE_NOT_READABLE */
export async function isThere(folder: string): Promise<boolean> {
  try {
    await stat(folder);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return false;
    throw platformErrors.FILE_NOT_READABLE({ path: folder, why: whyOf(thrown) }, { cause: thrown });
  }
}

function refuseNewer(path: string, stored: unknown): void {
  if (typeof stored !== "object" || stored === null || !("version" in stored)) return;
  const { version } = stored;
  if (typeof version !== "number" || version <= STATE_VERSION) return;
  throw pkiErrors.PKI_FROM_NEWER_VERSION({ path, version, known: STATE_VERSION });
}

function isState(stored: unknown): stored is AuthorityState {
  if (typeof stored !== "object" || stored === null) return false;
  const { version, scope, root, intermediate, words } = stored as Record<string, unknown>;
  const texts = [root, intermediate, words].every((text) => typeof text === "string");
  return version === STATE_VERSION && texts && isScope(scope);
}

function isScope(scope: unknown): scope is Scope {
  if (typeof scope !== "object" || scope === null) return false;
  const { dns, ip } = scope as Record<string, unknown>;
  return [dns, ip].every(
    (list) => Array.isArray(list) && list.every((text) => typeof text === "string"),
  );
}

/** What does not fit together, in half a sentence. */
function mismatchIn({ state, root, intermediate, key }: AuthorityFiles): string | undefined {
  const rules: readonly (readonly [boolean, string])[] = [
    [root.fingerprint256 === state.root, `${FILES.root} is another certificate than noted`],
    [
      intermediate.fingerprint256 === state.intermediate,
      `${FILES.intermediate} is another certificate than noted`,
    ],
    [
      intermediate.checkIssued(root) && intermediate.verify(root.publicKey),
      `${FILES.intermediate} was not signed by ${FILES.root}`,
    ],
    [intermediate.checkPrivateKey(key), `${FILES.key} does not belong to ${FILES.intermediate}`],
  ];
  return rules.find(([holds]) => !holds)?.[1];
}
