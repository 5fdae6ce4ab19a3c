/*
 * The authority: what the rest of Genkan sees of it, and opening or making our own. Opening is part
 * of every start, so it loads no X.509 library and asks the disk only. mkcert.ts opens the other kind.
 */
import { join } from "node:path";
import type { Clock } from "../kernel/clock.ts";
import type { Log } from "../kernel/log.ts";
import type { Scope } from "../model/scope.ts";
import { type CanaryIssuing, createCanaryIssuing } from "./canary.ts";
import { type AuthorityWish, bringIntoBeing } from "./create.ts";
import { pkiErrors } from "./errors.ts";
import { type CertificateFacts, factsOf } from "./facts.ts";
import { createIssuing, type IssuedLeaf } from "./issue.ts";
import { checkPassphrase } from "./root-key-file.ts";
import { type LeafRequest, scopeWith } from "./rules.ts";
import { authorityFolder, type AuthorityFiles, FILES, readAuthority } from "./state.ts";
import { removeLeftovers } from "./unfinished.ts";

interface RootFacts extends CertificateFacts {
  /** The file others may be pointed at: `curl --cacert PATH`. */
  readonly path: string;
  /** Four words of the fingerprint, to compare by voice. */
  readonly words: string;
}

export interface Authority {
  readonly kind: "own" | "mkcert";
  /** What it may vouch for; undefined means anything at all. */
  readonly scope: Scope | undefined;
  readonly root: RootFacts;
  /** What signs the leaves; undefined where the root does so itself (mkcert). */
  readonly intermediate: CertificateFacts | undefined;
  /** What a person should know before trusting it, in a sentence; undefined when there is nothing. */
  readonly warning: string | undefined;
  /**
   * Makes a new key and signs a leaf for it.
   * @throws PKI_AUTHORITY_EXPIRED, PKI_CLOCK_BEHIND, and what rules.ts refuses
   */
  issue(request: LeafRequest): Promise<IssuedLeaf>;
  /** See canary.ts; undefined where there are no limits a device could overlook. */
  readonly canary: CanaryIssuing | undefined;
}

export interface AuthorityPlace {
  /** Where authority and leaves live. */
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Log;
}

export interface AuthoritySpec extends AuthorityPlace, AuthorityWish {
  /** Domains beyond the home scope that it may vouch for. */
  readonly domains?: readonly string[];
}

/**
 * The authority in `dir`, or undefined where none was made yet.
 * @throws PKI_AUTHORITY_DAMAGED, PKI_FROM_NEWER_VERSION, FILE_NOT_READABLE
 */
export async function openAuthority(place: AuthorityPlace): Promise<Authority | undefined> {
  await removeLeftovers(place);
  const folder = authorityFolder(place.dir);
  const files = await readAuthority(folder);
  return files && ownAuthority(folder, files, place.clock);
}

/**
 * Makes the authority, or gives the one that is there (unless told to replace it). Of several
 * processes that try at once, one makes it and all get the same.
 * @throws HOST_INVALID, DOMAIN_TOO_BROAD, PKI_CLOCK_TOO_OLD, PKI_PASSPHRASE_TOO_SHORT, PKI_ROOT_KEY_FILE_EXISTS,
 *   PKI_ROOT_KEY_NOT_KEPT, PKI_ROOT_KEY_GONE, FILE_NOT_WRITABLE, and what openAuthority throws
 */
export async function createAuthority(spec: AuthoritySpec): Promise<Authority> {
  const scope = scopeWith(spec.domains ?? []);
  if (spec.keepRootKey) checkPassphrase(spec.keepRootKey.passphrase);
  const existing = spec.replace ? undefined : await openAuthority(spec);
  const isOurs = existing === undefined && (await bringIntoBeing(spec, scope));
  if (!isOurs && spec.keepRootKey) throw pkiErrors.PKI_ROOT_KEY_GONE({});
  const authority = existing ?? (await openAuthority(spec));
  if (!authority) {
    const folder = authorityFolder(spec.dir);
    throw pkiErrors.PKI_AUTHORITY_DAMAGED({ folder, why: "it was taken away while being opened" });
  }
  return authority;
}

function ownAuthority(folder: string, files: AuthorityFiles, clock: Clock): Authority {
  const { state, key } = files;
  const { scope, words } = state;
  const intermediate = factsOf(files.intermediate);
  const issuer = {
    certificate: intermediate,
    key,
    algorithm: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
    chainPem: intermediate.pem,
    scope,
    clock,
  };
  return {
    kind: "own",
    scope,
    root: { ...factsOf(files.root), path: join(folder, FILES.root), words },
    intermediate,
    warning: undefined,
    issue: createIssuing(issuer),
    canary: createCanaryIssuing(issuer),
  };
}
