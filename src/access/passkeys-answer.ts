/*
 * What browsers answer in WebAuthn's ceremonies, as JSON (Level 3, section 5.1.8), and whether what a stranger
 * sent has that form. Pure; it proves nothing.
 */
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";

/** Characters of any one field: an attestation that nobody asked for fits in. */
const LONGEST = 16_384;
const MOST_TRANSPORTS = 10;
const LONGEST_TRANSPORT = 32;

export function isAttestation(value: unknown): value is RegistrationResponseJSON {
  return isAnswer(value, ["clientDataJSON", "attestationObject"], (response) => {
    const transports = response["transports"];
    return transports === undefined || isTransports(transports);
  });
}

export function isAssertion(value: unknown): value is AuthenticationResponseJSON {
  return isAnswer(value, ["clientDataJSON", "authenticatorData", "signature"], (response) => {
    const handle = response["userHandle"];
    return handle === undefined || isBase64url(handle);
  });
}

function isAnswer(
  value: unknown,
  fields: readonly string[],
  isRest: (response: Readonly<Record<string, unknown>>) => boolean,
): boolean {
  if (!isObject(value)) return false;
  const { id, rawId, type, response } = value;
  if (!isBase64url(id) || id !== rawId || type !== "public-key" || !isObject(response))
    return false;
  return fields.every((name) => isBase64url(response[name])) && isRest(response);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isBase64url(value: unknown): value is string {
  return typeof value === "string" && value.length <= LONGEST && /^[A-Za-z0-9_-]+$/.test(value);
}

function isTransports(value: unknown): boolean {
  if (!Array.isArray(value) || value.length > MOST_TRANSPORTS) return false;
  return value.every((one) => typeof one === "string" && one.length <= LONGEST_TRANSPORT);
}
