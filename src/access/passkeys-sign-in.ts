/*
 * Signing in with a passkey on a browser the door does not know. It becomes a device of its own, standing on
 * the one the passkey belongs to; one that was signed out is taken up again.
 */
import type { Device } from "./devices.ts";
import { letIn, newDevice } from "./newcomer.ts";
import { readSigned, verifySigned } from "./passkeys-ceremony.ts";
import type { Browser, PasskeyAnswer, PasskeyParts } from "./passkeys-parts.ts";
import type { Passkey } from "./passkeys.ts";

export type SignedIn =
  | { readonly is: "signed-in"; readonly device: Device; readonly token: string }
  /**
   * `late`: the challenge is gone. `unknown`: no such passkey here, any more. `stopped`: there may be a copy
   * of it. `unproven`: what was sent proves nothing.
   */
  | { readonly is: "refused"; readonly why: "late" | "unknown" | "stopped" | "unproven" };

/** @throws ACCESS_FULL, FILE_NOT_WRITABLE; then nobody is signed in. */
export async function signInWith(
  parts: PasskeyParts,
  answer: PasskeyAnswer,
  browser: Browser,
): Promise<SignedIn> {
  const proven = await prove(parts, answer);
  if ("why" in proven) {
    const { host, address } = answer;
    parts.audit.write("visitor.refused", { why: `passkey ${proven.why}`, host, address });
    return proven;
  }
  const { passkey, holder, counter } = proven;
  await parts.passkeys.change(passkey.id, { counter, lastUsed: parts.clock.now() });
  const { device, token } = await sessionFor(parts, { holder, browser, answer });
  parts.audit.write("passkey.used", {
    device: device.id,
    through: holder.id,
    name: passkey.name,
    host: answer.host,
    address: answer.address,
  });
  return { is: "signed-in", device, token };
}

interface Proven {
  readonly passkey: Passkey;
  readonly holder: Device;
  readonly counter: number;
}
type Unproven = Extract<SignedIn, { readonly is: "refused" }>;

async function prove(
  parts: PasskeyParts,
  { response, key, host, origin }: PasskeyAnswer,
): Promise<Proven | Unproven> {
  const asked = key === undefined ? undefined : parts.challenges.take(key);
  if (asked?.device !== null || asked.host !== host) return { is: "refused", why: "late" };
  const signed = readSigned(response);
  if (!signed) return { is: "refused", why: "unproven" };
  const found = find(parts, signed.id, host);
  if (!found) return { is: "refused", why: "unknown" };
  const { passkey, holder, person } = found;
  const expected = { challenge: asked.challenge, host, origin, person: person.id };
  const verified = await verifySigned(signed, passkey, expected);
  if (verified.is === "refused") {
    parts.log.info("passkey.refused", { why: verified.why });
    return { is: "refused", why: "unproven" };
  }
  if (await isCopied(parts, passkey, verified.counter)) return { is: "refused", why: "stopped" };
  return { passkey, holder, counter: verified.counter };
}

interface Found {
  readonly passkey: Passkey;
  readonly holder: Device;
  readonly person: Device;
}

/** A passkey of this host's whose device may come in. */
function find(parts: PasskeyParts, id: string, host: string): Found | undefined {
  const passkey = parts.passkeys.get(id);
  const holder = passkey && parts.alive(passkey.device);
  const person = holder && parts.devices.person(holder.id);
  return passkey?.host === host && holder && person ? { passkey, holder, person } : undefined;
}

/**
 * A counter that does not go on means that somebody else goes on with a copy (WebAuthn Level 3, section
 * 6.1.1). Nobody can tell which of the two is the copy, so neither signs in from then on. Called for what the
 * passkey itself has signed, so that strangers can stop nobody's.
 */
async function isCopied(
  { passkeys, audit, log }: PasskeyParts,
  { id, name, device, counter, isStopped }: Passkey,
  said: number,
): Promise<boolean> {
  if (isStopped) return true;
  if ((said === 0 && counter === 0) || said > counter) return false;
  log.warn("passkey.stopped", { name, device, said, counter });
  audit.write("passkey.stopped", { name, device });
  await passkeys.change(id, { isStopped: true });
  return true;
}

interface Arrival {
  readonly holder: Device;
  readonly browser: Browser;
  readonly answer: PasskeyAnswer;
}

async function sessionFor(
  parts: PasskeyParts,
  { holder, browser, answer: { host, address } }: Arrival,
): Promise<{ readonly device: Device; readonly token: string }> {
  const person = parts.devices.person(holder.id) ?? holder;
  const name = `${browser.name} (passkey of ${person.name})`;
  const known = signedOut(parts, holder).find(
    ({ id, kind, name: its }) => kind === browser.kind && (id === holder.id || its === name),
  );
  if (known) return { device: known, token: await parts.sessions.begin(known.id, host) };
  const { role, expires } = holder;
  const device = newDevice({
    name,
    kind: browser.kind,
    role,
    expires,
    through: holder.id,
    address,
    now: parts.clock.now(),
  });
  return { device, token: await letIn(parts, device, host) };
}

/** The passkey's own device and those that stand on it, as far as they are signed in nowhere. */
function signedOut({ devices, sessions }: PasskeyParts, holder: Device): readonly Device[] {
  const isFree = ({ id }: Device): boolean =>
    devices.alive(id) !== undefined && !sessions.isSignedIn(id);
  return devices.branch(holder.id).filter(isFree);
}
