import { defineErrors } from "../kernel/errors.ts";
import { shellWord } from "../platform/shell-word.ts";

/** What can be wrong with the authority, its certificates and what is asked of it. */
export const pkiErrors = defineErrors({
  PKI_AUTHORITY_DAMAGED: {
    says: (p: { folder: string; why: string }) =>
      `The authority in ${p.folder} is not whole: ${p.why}.`,
    fix: () =>
      "Put the folder back from a backup, or make a new authority, which every device must trust anew: genkan root --replace",
  },
  PKI_FROM_NEWER_VERSION: {
    says: (p: { path: string; version: number; known: number }) =>
      `${p.path} was written by a newer Genkan (format ${p.version}; this one knows up to ${p.known}).`,
    fix: () => "Update Genkan: npm install --global genkan@latest",
  },
  PKI_AUTHORITY_EXPIRED: {
    says: (p: { until: string }) =>
      `The authority's time ended on ${p.until}: it can sign no more.`,
    fix: () => "Make a new one, which every device must trust anew: genkan root --replace",
  },
  PKI_CLOCK_BEHIND: {
    says: (p: { now: string; from: string }) =>
      `This machine's clock says ${p.now}, but the authority begins on ${p.from}.`,
    fix: () =>
      "Set this machine's clock (on Linux: timedatectl set-ntp true). If it is right, it was wrong when the authority was made: genkan root --replace",
  },
  PKI_CLOCK_TOO_OLD: {
    says: (p: { now: string }) =>
      `This machine's clock says ${p.now}: an authority made now would be out of date on every other device.`,
    fix: () => "Set this machine's clock (on Linux: timedatectl set-ntp true).",
  },
  PKI_NAME_NOT_SERVED: {
    says: (p: { name: string }) =>
      `The door does not answer for ${JSON.stringify(p.name)}, so it makes no certificate for it.`,
    fix: () => "Give the name to an app: genkan add NAME TARGET --host HOST",
  },
  PKI_NO_NAMES: {
    says: () => "No name was given for the certificate.",
    fix: () => "Name at least one: genkan cert wiki.home.arpa",
    exit: 2,
  },
  PKI_NAMES_MIXED: {
    says: () =>
      "Host names and addresses do not share a certificate: some programs refuse every certificate in which they are mixed.",
    fix: (p: { names: readonly string[]; addresses: readonly string[] }) =>
      `Make two: genkan cert ${words(p.names)} && genkan cert ${words(p.addresses)}`,
    exit: 2,
  },
  PKI_WILDCARD_TOO_WIDE: {
    says: (p: { name: string; rest: string }) =>
      `${p.name} would speak for everything under ${p.rest}; browsers ignore such certificates, and Apple's devices refuse them.`,
    fix: (p) => `Name the hosts one by one, or go one level deeper: genkan cert "*.box.${p.rest}"`,
    exit: 2,
  },
  PKI_ADDRESS_OUT_OF_SCOPE: {
    says: (p: { address: string; scope: readonly string[] }) =>
      `The authority may not vouch for the address ${p.address}, only for private ones: ${p.scope.join(", ")}.`,
    fix: () => "Use a host name or a private address.",
    exit: 2,
  },
  PKI_ROOT_KEY_FILE_EXISTS: {
    says: (p: { file: string }) => `${p.file} is there already; it is never overwritten.`,
    fix: () => "Choose another file for --keep-root-key, or move this one away.",
  },
  PKI_ROOT_KEY_NOT_KEPT: {
    says: (p: { file: string; why: string }) =>
      `The root's key could not be kept in ${p.file}, so no authority was made: ${p.why}.`,
    fix: () => "Choose a file in a folder you may write to, on a disk with room.",
  },
  PKI_PASSPHRASE_TOO_SHORT: {
    says: (p: { shortest: number }) =>
      `The passphrase for the root's key has fewer than ${p.shortest} characters.`,
    fix: () => "Choose a longer one: four or five random words are good.",
    exit: 2,
  },
  PKI_ROOT_KEY_GONE: {
    says: () =>
      "There is an authority already, and its root key can no longer be kept: it was destroyed when the authority was made.",
    fix: () =>
      "Go on without --keep-root-key, or make a new authority, which every device must trust anew: genkan root --replace --keep-root-key FILE",
  },
  PKI_MKCERT_MISSING: {
    says: (p: { folder: string; what: string }) =>
      `The configuration says authority: mkcert, but ${p.folder} has no ${p.what}.`,
    fix: () =>
      "Make mkcert's authority: mkcert -install - or point CAROOT at its folder, or use Genkan's own: authority: own",
  },
  PKI_MKCERT_UNUSABLE: {
    says: (p: { folder: string; why: string }) =>
      `mkcert's authority in ${p.folder} cannot be used: ${p.why}.`,
    fix: () => "Look at it: openssl x509 -in rootCA.pem -noout -text - or use authority: own",
  },
});

function words(texts: readonly string[]): string {
  return texts.map(shellWord).join(" ");
}
