/*
 * The welcome page in English. Names of menus are written as the systems write them.
 */
import { englishSteps } from "./steps-en.tsx";
import type { Vouching, Words } from "./words.ts";

export const ENGLISH: Words = {
  lang: "en",
  otherLanguage: "日本語",
  devices: {
    iphone: "iPhone",
    ipad: "iPad",
    android: "Android",
    mac: "Mac",
    windows: "Windows",
    chromeos: "Chromebook",
    linux: "Linux",
  },
  title: (device) =>
    device === undefined ? "Welcome to the front door" : `Let your ${NOUNS[device]} in`,
  lead: "The apps of this household live behind this door, over connections nobody else can read or change. For that, your device gets to know the door once.",
  steps: englishSteps,
  download: { profile: "Get the profile", root: "Get the root certificate" },
  open: {
    title: "That is all",
    says: "Open the door's own address. If it opens without a warning, it worked.",
    pairs: "Then it asks for the six digits, and knows this device.",
    button: "Open the door",
  },
  choose: {
    title: "Which device is this?",
    others: "Another device?",
    maybeIpad: "Holding an iPad? It calls itself a Mac. Choose iPad here:",
  },
  plate: {
    title: "Is it this door?",
    says: (
      <>
        On the machine it runs on, <code>genkan root</code> shows four words. They must be these. If
        one differs, you are at another door: stop here.
      </>
    ),
    proves: (
      <>
        Words on a page prove nothing by themselves: somebody who answers in the door's place could
        copy them. What proves it is the fingerprint that <b>your device itself</b> shows for the
        certificate it was given, held against the terminal's.
      </>
    ),
  },
  carried: {
    same: "The code you scanned and this page name the same root.",
    differs: (
      <>
        <b>Stop. This is not the root of the code you scanned.</b> Either the code is an old one, or
        somebody else is answering in the door's place. Install nothing from here; scan the code in
        the terminal again.
      </>
    ),
    fromCode: "in the code",
  },
  vouches: { title: "What it can vouch for", says: vouches },
  firefox:
    "Restart Firefox once: on Windows and Macs it follows the system, on Linux the script. If it still warns: Settings › Privacy & Security › View Certificates › Authorities › Import, for websites.",
  firefoxAndroid: {
    title: "In Firefox, one thing more",
    says: "Settings › About Firefox, and tap the logo until it says that the debug menu is on. Then Settings › Secret Settings › Use third party CA certificates. Or use Chrome, which asks for nothing more.",
  },
  installed: {
    title: "Where Genkan is installed",
    says: "One line does it for every browser, and refuses any root but the one you name. The fingerprint is the terminal's:",
  },
  next: {
    title: "The next device",
    says: "Show it this code, or type the address.",
    label: "QR code with the address of this page and the fingerprint of the root",
  },
  files: { title: "Files", der: "root.crt (DER)", pem: "root.pem" },
};

const NOUNS = {
  iphone: "iPhone",
  ipad: "iPad",
  android: "phone",
  mac: "Mac",
  windows: "PC",
  chromeos: "Chromebook",
  linux: "computer",
} as const;

function vouches({ names, hasAddresses, until }: Vouching) {
  const time = <time datetime={new Date(until).toISOString()}>{dayOf(until)}</time>;
  if (names === undefined) {
    return (
      <p>
        <b>This root has no limits:</b> whoever holds its key can pretend to be any site in the
        world to a device that trusts it. It is valid until {time}.
      </p>
    );
  }
  return (
    <>
      <p>
        It can vouch only for names that end in {listed(names)}
        {hasAddresses ? ", and for private addresses" : ""}: for no bank, no shop, no other site,
        whoever holds the key. It is valid until {time}.
      </p>
      <p>
        It cannot read anything, install anything or see where you go. To take it back, remove it
        where you put it in.
      </p>
    </>
  );
}

/** `a, b or c` */
function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

function dayOf(milliseconds: number): string {
  const form = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat("en-GB", form).format(milliseconds);
}
