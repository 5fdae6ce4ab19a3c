/*
 * Pairing and signing in, in English.
 */
import type { SignInWords } from "./words.ts";

export const EN: SignInWords = {
  lang: "en",
  otherLanguage: "日本語",
  kinds: {
    iphone: "iPhone",
    ipad: "iPad",
    android: "Android phone",
    mac: "Mac",
    windows: "Windows PC",
    chromeos: "Chromebook",
    linux: "Linux computer",
    other: "Device",
  },
  roles: { owner: "Owner", member: "Household", guest: "Guest" },
  pair: {
    title: (app) => (app === undefined ? "Who is at the door?" : "This door is for the household"),
    lead: (app) =>
      app === undefined ? (
        "Type the six digits you were given. After that the door knows this device, and opens every app by itself."
      ) : (
        <>
          <b>{app}</b> opens to devices the door knows. Type the six digits you were given, once,
          and this device is one of them.
        </>
      ),
    digits: "Six digits",
    name: "What shall this device be called?",
    button: "Pair this device",
    or: "or",
    whence: {
      title: "Where are the digits?",
      says: (
        <>
          On a device of an owner, the door's first page has <b>Pair another device</b>. In the
          terminal of the machine the door runs on it is <code>genkan pair</code>
        </>
      ),
    },
    first: (
      <>
        Nobody is let in yet, so this device becomes the owner. The digits are in the terminal,
        where <code>genkan up</code> was typed; new ones come with <code>genkan pair</code>
      </>
    ),
    warned: {
      says: "Did your browser warn you of this page? Then type nothing here yet.",
      link: "Let the device trust the door first",
    },
    trouble: {
      "not-six": () => "The digits are six. Spaces between them do no harm.",
      wrong: () => "Those are not the digits. Look again, or ask for new ones.",
      expired: () =>
        "No digits are good at this moment: they last ten minutes, and for one device. Ask for new ones.",
      "locked-here": (minutes) =>
        `Too many wrong digits came from this address. Try again in ${counted(minutes)}.`,
      "locked-all": (minutes) => (
        <>
          Too many wrong digits came from everywhere. Try again in {counted(minutes)}; or a new{" "}
          <code>genkan pair</code> on the door's machine opens it at once.
        </>
      ),
      "not-kept": () => (
        <>
          The digits are right, but the door could not write down who you are, so nothing was
          paired. They are still good. On the door's machine, <code>genkan doctor</code> says what
          is in the way.
        </>
      ),
    },
  },
  known: {
    title: "You are in",
    says: (name) => (
      <>
        The door knows this device as <b>{name}</b>.
      </>
    ),
    asRole: {
      owner: "It is an owner's: it may let other devices in, and take them away.",
      member: "It belongs to the household.",
      guest: "It is a guest's.",
    },
    until: (when) => `The visit ends ${when}.`,
    going: (app) => `Going on to ${app} …`,
    goOn: (app) => `Go on to ${app}`,
  },
  home: {
    title: "Welcome home",
    apps: "Apps",
    noApps: (
      <>
        There is no app yet. On the door's machine: <code>genkan add NAME PORT</code>
      </>
    ),
    up: "answers",
    down: "does not answer",
    more: "The door",
    devices: "Devices",
    check: "Check this device",
    steps: "How a device comes to trust the door",
    passkeys: "Passkeys",
    signOut: "Sign out",
  },
  devices: {
    title: "Devices",
    lead: "These are let in. One that is revoked is out at once, with everything it has open.",
    ownOnly: "This is how the door knows you. Only owners see the other devices.",
    thisOne: "this device",
    through: (name) => `with a passkey of ${name}`,
    paired: "Paired",
    seen: "Last seen",
    address: "Address",
    apps: "Apps used",
    none: "none yet",
    ends: "Ends",
    ended: "The visit is over.",
    rename: "Rename",
    newName: "New name",
    save: "Save",
    revoke: "Revoke",
    pairAnother: "Pair another",
    home: "The door's first page",
  },
  revoke: {
    title: (name) => `Revoke ${name}?`,
    says: "It is out at once, at every app, and whatever it has open is closed. It comes back only by being paired again.",
    itself: "This is the device you are holding.",
    withIt: (names) => `What came in with its passkeys goes with it: ${names}.`,
    lastOwner: (
      <>
        It is the only owner's device. After this, new devices are let in from the terminal of the
        door's machine: <code>genkan pair --owner</code>
      </>
    ),
    button: "Revoke",
    back: "Leave it",
  },
  invite: {
    title: "Pair another device",
    lead: "You get six digits, to be typed on the other device within ten minutes.",
    who: "Whose is it?",
    stays: "The household's",
    guest: (days) => (days === 1 ? "A guest's, for one day" : `A guest's, for ${days} days`),
    owner: "An owner's: it may let others in, too",
    name: "Its name, if you want to choose it",
    button: "Show the digits",
  },
  invited: {
    title: "Let it in",
    says: "On the other device:",
    scan: "Scan this code and follow the page, until it says that the device trusts the door.",
    label: "QR code with the address of the door's first page and the fingerprint of the root",
    type: (address) => (
      <>
        Then open <b class="address">{address}</b> and type these digits:
      </>
    ),
    good: "Good for ten minutes, and for one device. Tell them to nobody you would not let in.",
    done: "See the devices",
    another: "One more",
  },
  signOut: {
    title: "Sign out?",
    says: "This browser is then a stranger to the door and to every app behind it.",
    back: "To come back it needs a passkey, or new digits.",
    button: "Sign out",
    stay: "Stay",
    done: {
      title: "You are out",
      says: "The door and its apps no longer know this browser.",
      again: "Come in again",
    },
  },
  atApp: {
    failed: {
      title: "That way in is used up",
      says: "Each works once, for a minute, and in the browser that asked for it. If this comes again, see that the browser keeps cookies for this address.",
      again: "Try again",
    },
    out: {
      title: (app) => `You are out of ${app}`,
      says: "The door still knows this device and lets it in again when you open the app.",
      again: "Open it again",
      everywhere: "Sign out everywhere",
    },
  },
  kept: {
    title: "The door could not write that down",
    says: "Nothing has changed. On the door's machine, genkan doctor says what is in the way.",
    again: "Try again",
  },
};

function counted(minutes: number): string {
  return minutes === 1 ? "a minute" : `${minutes} minutes`;
}
