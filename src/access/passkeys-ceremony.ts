/*
 * What browsers are asked for, and whether what they answer is proven: WebAuthn's two ceremonies (Level 3,
 * sections 7.1 and 7.2). Of their library only this file knows; it takes as long to load as a page to be
 * seen, so it is loaded when the first one is needed.
 */
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import { messageOf } from "../kernel/errors.ts";
import { printable } from "../kernel/printable.ts";
import { isAssertion, isAttestation } from "./passkeys-answer.ts";
import { CHALLENGE_LIFE } from "./passkeys-challenges.ts";
import type { Passkey } from "./passkeys.ts";

/** What an answer must hold to: the challenge it was asked with, and where. */
export interface Expected {
  readonly challenge: string;
  /** The RP ID. */
  readonly host: string;
  /** With the door's port: an RP ID has none, and another server of this machine is another origin. */
  readonly origin: string;
}

/** The one a passkey is for. */
interface Person {
  readonly id: string;
  readonly name: string;
}

interface Refused {
  readonly is: "refused";
  /** For the log. */
  readonly why: string;
}

export type Made = Refused | ({ readonly is: "proven" } & MadePasskey);

type MadePasskey = Pick<Passkey, "id" | "publicKey" | "counter" | "transports">;

export type Signed = Refused | { readonly is: "proven"; readonly counter: number };

/** EdDSA, ES256 and RS256 (RFC 9053): what every Node verifies, and every authenticator has one of. */
const ALGORITHMS = [-8, -7, -257];
/** A credential's id is at most 1023 bytes (WebAuthn Level 3, section 4), in base64url. */
const LONGEST_ID = 1364;

const library = () => import("@simplewebauthn/server"); // Node keeps what it has loaded

export interface CreationWish extends Omit<Expected, "origin"> {
  readonly person: Person;
  /** What the person has already: none is made twice in one place. */
  readonly others: readonly Pick<Passkey, "id" | "transports">[];
}

/**
 * Asks for one that can be found without a name (discoverable): the page of sign-in knows nobody's. Whoever
 * holds it proves each time that it is they (PIN, finger, face); of what make it is nobody wants to know.
 */
export async function creationOptions(
  wish: CreationWish,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await library();
  return generateRegistrationOptions({
    rpName: "Genkan",
    rpID: wish.host,
    userID: Uint8Array.from(Buffer.from(wish.person.id)),
    userName: wish.person.name,
    userDisplayName: wish.person.name,
    challenge: Uint8Array.from(Buffer.from(wish.challenge, "base64url")),
    timeout: CHALLENGE_LIFE,
    attestationType: "none",
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    excludeCredentials: wish.others.map(({ id, transports }) => ({
      id,
      transports: [...transports],
    })),
    supportedAlgorithmIDs: ALGORITHMS,
  });
}

/** Asks for any passkey of this host's: the browser shows its person which there are. */
export async function requestOptions({
  host,
  challenge,
}: Omit<Expected, "origin">): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await library();
  return generateAuthenticationOptions({
    rpID: host,
    challenge: Uint8Array.from(Buffer.from(challenge, "base64url")),
    timeout: CHALLENGE_LIFE,
    userVerification: "required",
  });
}

/** @param answer what a browser sent: anything. */
export async function verifyMade(answer: unknown, expected: Expected): Promise<Made> {
  if (!isAttestation(answer)) return { is: "refused", why: "no answer of a browser" };
  const { verifyRegistrationResponse } = await library();
  return provenOrRefused(async () => {
    const { registrationInfo } = await verifyRegistrationResponse({
      response: answer,
      ...expectations(expected),
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (!registrationInfo) return { is: "refused", why: "not verified" };
    const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
    if (id.length > LONGEST_ID) return { is: "refused", why: "the id is too long" };
    const key = Buffer.from(publicKey).toString("base64url");
    return { is: "proven", id, publicKey: key, counter, transports };
  });
}

/**
 * Whether this passkey signed the challenge, here and now. What its counter says is for the caller to judge:
 * only a counter that is proven counts.
 * @param person whom the passkey must say it is for, where it says so.
 */
export async function verifySigned(
  answer: AuthenticationResponseJSON,
  passkey: Passkey,
  expected: Expected & { readonly person: string },
): Promise<Signed> {
  const { userHandle } = answer.response;
  const handle = Buffer.from(expected.person).toString("base64url");
  if (userHandle !== undefined && userHandle !== handle) {
    return { is: "refused", why: "the passkey is for somebody else" };
  }
  const { verifyAuthenticationResponse } = await library();
  return provenOrRefused(async () => {
    const publicKey = Uint8Array.from(Buffer.from(passkey.publicKey, "base64url"));
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer,
      ...expectations(expected),
      credential: { id: passkey.id, publicKey, counter: 0 },
    });
    if (!verified) return { is: "refused", why: "the signature is not the passkey's" };
    return { is: "proven", counter: authenticationInfo.newCounter };
  });
}

/** What a browser answered where somebody signs in, if it is that at all. */
export function readSigned(answer: unknown): AuthenticationResponseJSON | undefined {
  return isAssertion(answer) ? answer : undefined;
}

function expectations({ challenge, host, origin }: Expected) {
  return {
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: host,
    requireUserVerification: true,
  };
}

/** The library says no by throwing, and what strangers send may make it throw anything. */
async function provenOrRefused<T>(verify: () => Promise<T>): Promise<T | Refused> {
  try {
    return await verify();
  } catch (thrown) {
    return { is: "refused", why: printable(messageOf(thrown)) };
  }
}
