/*
 * Passkeys as the portal offers them: a device of the household adds some, and a browser the door does not
 * know signs in with one. Access opens it with its own parts.
 */
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import { printable } from "../kernel/printable.ts";
import { isIpAddress } from "../model/hostname.ts";
import { accessErrors } from "./errors.ts";
import { inTurn } from "./in-turn.ts";
import { LONGEST_NAME } from "./newcomer.ts";
import { creationOptions, requestOptions, verifyMade } from "./passkeys-ceremony.ts";
import type { Browser, PasskeyAnswer, PasskeyParts, PasskeyPlace } from "./passkeys-parts.ts";
import { type SignedIn, signInWith } from "./passkeys-sign-in.ts";
import type { Passkey } from "./passkeys.ts";

/** What a browser is asked, and the key for its cookie. */
interface PasskeyAsked<Options> {
  readonly options: Options;
  readonly key: string;
}

type Added =
  | { readonly is: "added"; readonly passkey: Passkey }
  | { readonly is: "refused"; readonly why: "late" | "unproven" | "known" };

export interface PasskeyAccess {
  /** All of the person whose device this is, oldest first. */
  list(device: string): readonly Passkey[];
  /** Asks a browser to make one. @param device the one it is signed in as. @throws PASSKEY_NEEDS_NAME */
  beginAdding(
    device: string,
    place: PasskeyPlace,
  ): Promise<PasskeyAsked<PublicKeyCredentialCreationOptionsJSON>>;
  /** @param name what it shall be called. @throws PASSKEYS_FULL, ACCESS_FULL, FILE_NOT_WRITABLE */
  add(device: string, answer: PasskeyAnswer, name: string): Promise<Added>;
  /** Asks a browser for one. @throws PASSKEY_NEEDS_NAME */
  beginSignIn(place: PasskeyPlace): Promise<PasskeyAsked<PublicKeyCredentialRequestOptionsJSON>>;
  /** @throws ACCESS_FULL, FILE_NOT_WRITABLE; then nobody is signed in. */
  signIn(answer: PasskeyAnswer, browser: Browser): Promise<SignedIn>;
  /** One of the same person's. @throws PASSKEY_UNKNOWN, FILE_NOT_WRITABLE */
  rename(device: string, id: string, name: string): Promise<void>;
  /** One of the same person's; who is signed in stays so. @throws PASSKEY_UNKNOWN, FILE_NOT_WRITABLE */
  remove(device: string, id: string): Promise<void>;
}

export function createPasskeyAccess(parts: PasskeyParts): PasskeyAccess {
  const { challenges } = parts;
  const list = (device: string): readonly Passkey[] => ofPerson(parts, device);
  const signIn = inTurn(({ answer, browser }: { answer: PasskeyAnswer; browser: Browser }) =>
    signInWith(parts, answer, browser),
  );
  return {
    list,
    async beginAdding(device, { host, address }) {
      refuseAddress(host);
      const { key, challenge } = challenges.issue({ host, device }, address);
      const { id, name } = parts.devices.person(device) ?? { id: device, name: device };
      const others = list(device).filter((passkey) => passkey.host === host);
      return {
        options: await creationOptions({ host, challenge, person: { id, name }, others }),
        key,
      };
    },
    add: (device, answer, name) => add(parts, { device, answer, name }),
    async beginSignIn({ host, address }) {
      refuseAddress(host);
      const { key, challenge } = challenges.issue({ host, device: null }, address);
      return { options: await requestOptions({ host, challenge }), key };
    },
    signIn: (answer, browser) => signIn({ answer, browser }),
    ...changing(parts),
  };
}

function changing(parts: PasskeyParts): Pick<PasskeyAccess, "rename" | "remove"> {
  const { passkeys, audit } = parts;
  function owned(device: string, id: string): Passkey {
    const passkey = ofPerson(parts, device).find((one) => one.id === id);
    if (!passkey) throw accessErrors.PASSKEY_UNKNOWN({});
    return passkey;
  }
  return {
    async rename(device, id, wanted) {
      const { name: before } = owned(device, id);
      const name = nameFor(wanted, before);
      await passkeys.change(id, { name });
      audit.write("passkey.changed", { device, name, before });
    },
    async remove(device, id) {
      const { name } = owned(device, id);
      await passkeys.remove([id]);
      audit.write("passkey.removed", { device, name });
    },
  };
}

/** Those of all the browsers that stand on the same paired device. */
function ofPerson({ devices, passkeys }: PasskeyParts, device: string): readonly Passkey[] {
  const person = devices.person(device);
  return person ? passkeys.of(devices.branch(person.id).map(({ id }) => id)) : [];
}

interface Adding {
  readonly device: string;
  readonly answer: PasskeyAnswer;
  readonly name: string;
}

async function add(parts: PasskeyParts, { device, answer, name }: Adding): Promise<Added> {
  const { challenges, passkeys, audit, clock, log } = parts;
  const { key, host, origin, address } = answer;
  const asked = key === undefined ? undefined : challenges.take(key);
  if (asked?.device !== device || asked.host !== host) return { is: "refused", why: "late" };
  const { challenge } = asked;
  const made = await verifyMade(answer.response, { challenge, host, origin });
  if (made.is === "refused") {
    log.info("passkey.refused", { why: made.why });
    return { is: "refused", why: "unproven" };
  }
  // Never in place of another: that one is perhaps somebody else's.
  if (passkeys.get(made.id)) return { is: "refused", why: "known" };
  if (!parts.alive(device)) return { is: "refused", why: "late" }; // it has ended meanwhile
  const { id, publicKey, counter, transports } = made;
  const passkey: Passkey = {
    id,
    publicKey,
    counter,
    transports,
    host,
    device,
    name: nameFor(name, "passkey"),
    madeAt: clock.now(),
    lastUsed: null,
    isStopped: false,
  };
  await passkeys.add(passkey);
  audit.write("passkey.added", { device, name: passkey.name, host, address });
  return { is: "added", passkey };
}

function nameFor(wanted: string, otherwise: string): string {
  return printable(wanted, LONGEST_NAME) || otherwise;
}

/** An RP ID is a domain (WebAuthn Level 3, section 5.1.2): browsers make no passkeys at an address. */
function refuseAddress(host: string): void {
  if (isIpAddress(host)) throw accessErrors.PASSKEY_NEEDS_NAME({ host });
}
