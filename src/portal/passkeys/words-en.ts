/*
 * Passkeys, in English.
 */
import type { PasskeyWords, ScriptWords } from "./words.ts";

const SCRIPT: Omit<ScriptWords, "none" | "byAddress"> = {
  waiting: "Your browser asks for it now.",
  NotAllowedError: "Nothing was chosen, or it took too long. Try again.",
  InvalidStateError: "There is a passkey of yours for this door already.",
  SecurityError:
    "Your browser keeps no passkeys for this page, since it does not trust its certificate. Let the device trust the door first.",
  NotSupportedError: "Nothing on this device can keep a passkey for this door.",
  failed: "That did not work. Try again, or use the digits.",
};

export const EN: PasskeyWords = {
  lang: "en",
  title: "Passkeys",
  lead: "With a passkey you sign in on a new browser by finger, face or PIN, without digits. These are yours.",
  empty: "You have none yet.",
  added: (when, device) => `Added ${when} on ${device}`,
  used: (when) => `last used ${when}`,
  unused: "not used yet",
  otherHost: (host) => `Good at ${host} only.`,
  stopped:
    "Stopped: it says that it was used elsewhere, so there may be a copy of it. Remove it and add a new one.",
  remove: "Remove",
  removeSays:
    "It signs nobody in any more. Browsers it has signed in stay signed in; see Devices. Your device keeps its half of it until you delete it there.",
  add: { title: "Add one", name: "What shall it be called?", button: "Add a passkey" },
  byAddress: {
    says: "Browsers keep passkeys for names, and this page was opened by an address.",
    link: "Open it by name",
  },
  back: "The door's first page",
  signIn: "Sign in with a passkey",
  withoutScript: {
    add: "Adding a passkey takes JavaScript, which is off here. The list works without it.",
    signIn: "Passkeys take JavaScript, which is off here. The digits work without it.",
  },
  adding: {
    ...SCRIPT,
    none: "This browser has no passkeys. Add one in another; here the digits always work.",
    byAddress: "Browsers keep passkeys for names, and this page was opened by an address.",
  },
  signingIn: {
    ...SCRIPT,
    none: "This browser has no passkeys. Use the digits.",
    byAddress:
      "Passkeys work where the door is opened by its name, and this is an address. Use the digits.",
  },
  refused: {
    late: "That took longer than five minutes, or was used already. Try again.",
    unproven: "The door could not verify that. Try again.",
    known: "The door has that passkey already.",
    unknown: "The door does not know this passkey any more. Use the digits.",
    stopped:
      "This passkey says that it was used elsewhere, so there may be a copy of it, and the door has stopped it. Use the digits, then remove it and add a new one.",
    busy: "Too many tries came from this address. Wait a minute.",
    out: "This browser is signed out. Sign in again first.",
  },
};
