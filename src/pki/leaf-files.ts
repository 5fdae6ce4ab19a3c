/*
 * Leaves on disk: one file each, the key and its chain together, so that a crash can never leave a
 * key beside a certificate it does not belong to. Only kept-leaf.ts comes here. The disk is a help,
 * not a need: what cannot be read is made anew, what cannot be written is logged.
 */
import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import { join } from "node:path";
import type { Log } from "../kernel/log.ts";
import { readIfThere, writeAtomic } from "../platform/files.ts";
import type { Authority } from "./authority.ts";
import type { IssuedLeaf } from "./issue.ts";
import { type LeafRequest, sameRequest } from "./rules.ts";

export interface LeafFiles {
  /** The leaf for these names, if it is there, whole, and signed by the authority; it may have expired. */
  load(names: LeafRequest): Promise<IssuedLeaf | undefined>;
  /** Queues the writing; nobody waits for a slow disk. */
  save(names: LeafRequest, leaf: IssuedLeaf): void;
  /** When everything queued is written. */
  settled(): Promise<void>;
}

export interface LeafFilesSpec {
  readonly authority: Authority;
  /** The leaves lie in its folder `leaves`. */
  readonly dir: string;
  readonly log: Log;
}

export function createLeafFiles({ authority, dir, log }: LeafFilesSpec): LeafFiles {
  let writing: Promise<void> = Promise.resolve();

  async function write(path: string, leaf: IssuedLeaf): Promise<void> {
    try {
      await writeAtomic(path, leaf.keyPem + leaf.certPem, { mode: 0o600 });
    } catch (thrown) {
      log.error("leaf.not-saved", { path, why: thrown });
    }
  }

  return {
    async load(names) {
      const path = leafPath(dir, names);
      try {
        const text = await readIfThere(path);
        return text === undefined ? undefined : understand(text, names, authority);
      } catch (thrown) {
        log.info("leaf.put-by", { path, why: thrown });
        return undefined;
      }
    },
    save(names, leaf) {
      writing = writing.then(() => write(leafPath(dir, names), leaf));
    },
    settled: () => writing,
  };
}

/** Longest stem kept readable; file systems hold 255 bytes a name, and a host name has up to 253. */
const LONGEST_STEM = 200;

/** Where a leaf lies. "leaf." comes first because names like `con` are devices to Windows. */
export function leafPath(dir: string, names: LeafRequest): string {
  const stem = "dns" in names ? `leaf.${names.dns.join("+")}` : "addresses";
  const isShort = stem.length <= LONGEST_STEM;
  const name = isShort ? stem : `leaf.${createHash("sha256").update(stem).digest("hex")}`;
  return join(dir, "leaves", `${name}.pem`);
}

function understand(text: string, names: LeafRequest, authority: Authority): IssuedLeaf {
  const [keyPem = "", leafPem = ""] = text.match(/-----BEGIN [^]+?-----END [A-Z ]+-----\n/g) ?? [];
  const leaf = new X509Certificate(leafPem);
  const key = createPrivateKey(keyPem);
  if (!isSignedBy(authority, leaf)) throw new Error("it was signed by another authority");
  if (!leaf.checkPrivateKey(key)) throw new Error("its key is another's");
  if (!sameRequest(namesOf(leaf), names)) throw new Error("it is for other names");
  return {
    certPem: leafPem + (authority.intermediate?.pem ?? ""),
    keyPem,
    notBefore: Date.parse(leaf.validFrom),
    notAfter: Date.parse(leaf.validTo),
    id: leaf.fingerprint256,
  };
}

function isSignedBy({ intermediate, root }: Authority, leaf: X509Certificate): boolean {
  const signer = new X509Certificate((intermediate ?? root).pem);
  return leaf.checkIssued(signer) && leaf.verify(signer.publicKey);
}

/** What a leaf of ours speaks for: `DNS:a.local` or `IP Address:10.0.0.1, IP Address:0:0:0:0:0:0:0:1`. */
function namesOf(leaf: X509Certificate): LeafRequest {
  const entries = String(leaf.subjectAltName).split(", ");
  const those = (kind: string): string[] =>
    entries.filter((entry) => entry.startsWith(kind)).map((entry) => entry.slice(kind.length));
  const ips = those("IP Address:");
  return ips.length > 0 ? { ips } : { dns: those("DNS:") };
}
