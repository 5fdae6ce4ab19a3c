/*
 * What the portal's pages about passkeys need, put together. Called once by compose.ts; undefined where nobody can
 * be let in.
 */
import { noCookie, ownCookie, PASSKEY_COOKIE, passkeyCookie } from "../access/cookies.ts";
import { CHALLENGE_LIFE } from "../access/passkeys-challenges.ts";
import type { PasskeyNeeds } from "../portal/passkeys/needs.ts";
import type { DoorAccess } from "./access.ts";

export function passkeysFor(door: DoorAccess): PasskeyNeeds | undefined {
  if (door.is !== "open") return undefined;
  return {
    access: door.access.passkeys,
    cookies: {
      keyIn: (fields) => ownCookie(fields, PASSKEY_COOKIE),
      key: (key) => passkeyCookie(key, CHALLENGE_LIFE / 1000),
      noKey: noCookie(PASSKEY_COOKIE),
    },
  };
}
