/*
 * `authority: mkcert`: the root that mkcert made on this machine and its devices trust already. It
 * signs leaves itself (its path length is 0), and nothing limits what it may vouch for.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { join } from "node:path";
import type { Clock } from "../kernel/clock.ts";
import { messageOf } from "../kernel/errors.ts";
import type { Log } from "../kernel/log.ts";
import { readIfThere, writeAtomic } from "../platform/files.ts";
import type { Host } from "../platform/host.ts";
import type { Authority } from "./authority.ts";
import { pkiErrors } from "./errors.ts";
import { factsOf } from "./facts.ts";
import { createIssuing } from "./issue.ts";
import type { SigningAlgorithm } from "./sign.ts";
import { fourWords } from "./words.ts";

export interface MkcertPlace {
  readonly host: Host;
  /** Where the root's four words are kept; nothing else of ours comes of it. */
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Log;
}

const UNCONSTRAINED =
  "This mkcert root can vouch for any site in the world: whoever gets its key can pose as your bank to every device that trusts it. Genkan's own authority (authority: own) can vouch for home names and private addresses only.";

/**
 * Opens mkcert's authority.
 * @throws PKI_MKCERT_MISSING, PKI_MKCERT_UNUSABLE, FILE_NOT_READABLE
 */
export async function openMkcert(place: MkcertPlace): Promise<Authority> {
  const folder = mkcertFolder(place.host);
  const rootPem = await need(folder, "rootCA.pem");
  const keyPem = await need(folder, "rootCA-key.pem");
  const { certificate, key, algorithm } = understand(folder, rootPem, keyPem);
  const root = factsOf(certificate);
  const words = await rememberedWords(place, root.fingerprint256);
  return {
    kind: "mkcert",
    scope: undefined,
    root: { ...root, path: join(folder, "rootCA.pem"), words },
    intermediate: undefined,
    warning: UNCONSTRAINED,
    issue: createIssuing({
      certificate: root,
      key,
      algorithm,
      chainPem: "",
      scope: undefined,
      clock: place.clock,
    }),
    canary: undefined,
  };
}

/** Where mkcert keeps its root, as its own `getCAROOT` decides. */
export function mkcertFolder({ os, env, home }: Host): string {
  if (env["CAROOT"]) return env["CAROOT"];
  if (os === "windows")
    return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "mkcert");
  if (env["XDG_DATA_HOME"]) return join(env["XDG_DATA_HOME"], "mkcert");
  if (os === "macos") return join(home, "Library", "Application Support", "mkcert");
  return join(home, ".local", "share", "mkcert");
}

async function need(folder: string, what: string): Promise<string> {
  const text = await readIfThere(join(folder, what));
  if (text === undefined) throw pkiErrors.PKI_MKCERT_MISSING({ folder, what });
  return text;
}

interface Understood {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
  readonly algorithm: SigningAlgorithm;
}

function understand(folder: string, rootPem: string, keyPem: string): Understood {
  try {
    const certificate = new X509Certificate(rootPem);
    const key = createPrivateKey(keyPem);
    if (!certificate.ca) throw new Error("rootCA.pem is not the certificate of an authority");
    if (!certificate.checkPrivateKey(key))
      throw new Error("rootCA-key.pem belongs to another root");
    return { certificate, key, algorithm: algorithmOf(key) };
  } catch (thrown) {
    throw pkiErrors.PKI_MKCERT_UNUSABLE({ folder, why: messageOf(thrown) }, { cause: thrown });
  }
}

/** RSA is what mkcert makes; people bring ECDSA roots of their own in its place. */
function algorithmOf(key: KeyObject): SigningAlgorithm {
  if (key.asymmetricKeyType === "rsa") return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const curves: Record<string, string> = { prime256v1: "P-256", secp384r1: "P-384" };
  const namedCurve = curves[key.asymmetricKeyDetails?.namedCurve ?? ""];
  if (namedCurve) return { name: "ECDSA", hash: "SHA-256", namedCurve };
  throw new Error("its key is neither RSA nor ECDSA on P-256 or P-384");
}

/** The words from the last time if they are this root's; found anew, and kept, otherwise. */
async function rememberedWords(place: MkcertPlace, fingerprint256: string): Promise<string> {
  const path = join(place.dir, "mkcert-words.json");
  const known = await knownWords(path, place.log);
  if (known?.root === fingerprint256) return known.words;
  const words = await fourWords(fingerprint256);
  // Under sudo it may be another's home (`sudo genkan trust`), which is only looked at.
  if (place.host.isRoot && place.host.env["SUDO_UID"] !== undefined) return words;
  try {
    await writeAtomic(path, `${JSON.stringify({ version: 1, root: fingerprint256, words })}\n`);
  } catch (thrown) {
    place.log.warn("words.not-saved", { path, why: thrown }); // found anew next time
  }
  return words;
}

async function knownWords(
  path: string,
  log: Log,
): Promise<{ root: string; words: string } | undefined> {
  try {
    const stored = JSON.parse((await readIfThere(path)) ?? "null") as unknown;
    if (typeof stored !== "object" || stored === null) return undefined;
    const { root, words } = stored as Record<string, unknown>;
    return typeof root === "string" && typeof words === "string" ? { root, words } : undefined;
  } catch (thrown) {
    log.debug("words.not-read", { path, why: thrown }); // a cache: found anew
    return undefined;
  }
}
