import { defineErrors } from "../kernel/errors.ts";
import { shellWord } from "../platform/shell-word.ts";

/** What can go wrong between a root and the stores of a machine. */
export const trustErrors = defineErrors({
  TRUST_TOOL_MISSING: {
    says: (p: { tool: string; store: string; install: string }) =>
      `The program ${p.tool} is not installed, and ${p.store} cannot be read or changed without it.`,
    fix: (p) => p.install,
  },
  TRUST_STORE_FAILED: {
    says: (p: { store: string; why: string }) => `${upper(p.store)} did not do it: ${p.why}`,
    fix: () => "Set right what it says, then give the same command again.",
  },
  TRUST_NOT_INSTALLED: {
    says: (p: { store: string }) =>
      `The root was put into ${p.store} without complaint, and is not trusted there all the same.`,
    fix: () => "Look at the whole chain: genkan doctor",
  },
  TRUST_NOT_REMOVED: {
    says: (p: { store: string }) =>
      `The root was taken out of ${p.store} without complaint, and is trusted there all the same: another file or another administrator's setting still holds it.`,
    fix: () => "Look for the certificate by its fingerprint and remove it by hand: genkan root",
  },
  TRUST_NSS_LOCKED: {
    says: (p: { store: string }) =>
      `${upper(p.store)} is locked with a primary password, which Genkan does not ask for.`,
    fix: () =>
      "Do it by hand (Firefox: Settings, Certificates, Authorities; the file: genkan root path), or take the primary password off and give the same command again.",
  },
  TRUST_NSS_AMBIGUOUS: {
    says: (p: { store: string }) =>
      `${upper(p.store)} holds another certificate with the same key and name, and certutil cannot tell the two apart.`,
    fix: (p: { folder: string }) =>
      `Nothing was changed. Remove the root by hand: certutil -L -d ${shellWord(`sql:${p.folder}`)}`,
  },
  TRUST_POLICIES_INVALID: {
    says: (p: { path: string; why: string }) =>
      `${p.path} is not what Firefox expects (${p.why}), so it was left as it is.`,
    fix: (p) => `Set the file right, or move it away, and give the same command again (${p.path}).`,
  },
  TRUST_JAVA_PASSWORD: {
    says: (p: { path: string }) => `${p.path} does not open with Java's usual password, changeit.`,
    fix: (p: { path: string; file: string; alias: string }) =>
      `By hand, with your password: keytool -importcert -alias ${p.alias} -file ${shellWord(p.file)} -keystore ${shellWord(p.path)} (to take it out again: keytool -delete -alias ${p.alias} -keystore ${shellWord(p.path)})`,
  },
  TRUST_PERSON_UNKNOWN: {
    says: (p: { uid: string }) =>
      `sudo says that user ${p.uid} called it, and this machine knows no home of that user.`,
    fix: () => "Run it as yourself first, without sudo: genkan trust",
  },
  TRUST_URL_INVALID: {
    says: (p: { url: string; why: string }) =>
      `${JSON.stringify(p.url)} cannot be asked: ${p.why}.`,
    fix: () =>
      "Write the door's address: genkan trust https://genkan.local --fingerprint AA:BB:...",
    exit: 2,
  },
  TRUST_FINGERPRINT_MISSING: {
    says: (p: { url: string }) =>
      `Whatever ${p.url} hands out would be believed blindly: the root's fingerprint is missing.`,
    fix: (p) =>
      `On the machine where the door runs, read it with: genkan root - then here: genkan trust ${shellWord(p.url)} --fingerprint AA:BB:...`,
    exit: 2,
  },
  TRUST_FINGERPRINT_INVALID: {
    says: (p: { why: string }) => `This is no SHA-256 fingerprint: ${p.why}.`,
    fix: () => "Copy all 32 bytes (64 hex digits, colons or none) from: genkan root",
    exit: 2,
  },
  TRUST_FINGERPRINT_MISMATCH: {
    says: (p: { expected: string; got: string }) =>
      `The certificate that came is another one, and nothing was installed. Expected ${p.expected}, got ${p.got}.`,
    fix: () =>
      "Compare with genkan root on the machine where the door runs. If the fingerprint there is the one you gave, somebody stands between: do not go on on this network.",
  },
  TRUST_FETCH_FAILED: {
    says: (p: { url: string; why: string }) => `${p.url} gave no root certificate: ${p.why}.`,
    fix: (p) =>
      `See that the door is open and can be reached from here: curl -vk ${shellWord(p.url)}`,
  },
  TRUST_NOT_A_CERTIFICATE: {
    says: (p: { url: string; why: string }) =>
      `What ${p.url} handed out is no certificate: ${p.why}.`,
    fix: () => "See that the address is that of a door: genkan status on its machine shows it.",
  },
  TRUST_NOT_A_ROOT: {
    says: (p: { url: string; why: string }) =>
      `The certificate of ${p.url} has the fingerprint you gave, but is no root: ${p.why}. Nothing was installed.`,
    fix: () => "Give the fingerprint that genkan root shows, not that of a site's certificate.",
  },
});

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
