/*
 * The steps of every device, in English.
 */
import type { Words } from "./words.ts";

export const englishSteps: Words["steps"] = {
  phoneProfile: {
    title: "Get the profile",
    says: "In Safari. It asks whether you allow it: allow.",
    picture: {
      shows: "question",
      lines: [
        "This website is trying to download",
        "a configuration profile.",
        "Do you want to allow this?",
      ],
      buttons: ["Ignore", "Allow"],
    },
  },
  phoneInstall: {
    title: "Install it",
    says: (
      <>
        In Settings, touch <b>Profile Downloaded</b>, then <b>Install</b>. Before you do: More
        Details › the certificate shows its fingerprint. It must be the terminal's.
      </>
    ),
    picture: {
      shows: "rows",
      title: "Settings",
      rows: ["Profile Downloaded", "Airplane Mode", "Wi-Fi"],
      marked: 0,
    },
  },
  phoneSwitch: {
    title: "Switch it on",
    says: (
      <>
        Settings › General › About › <b>Certificate Trust Settings</b>: switch the Genkan root on.
        Without this, the device has the root and does not use it.
      </>
    ),
    picture: {
      shows: "rows",
      title: "Certificate Trust Settings",
      rows: ["Genkan root"],
      marked: 0,
      isSwitch: true,
    },
  },
  macProfile: {
    title: "Get the profile",
    says: "The Mac says that it was downloaded and waits to be reviewed.",
  },
  macInstall: {
    title: "Install it",
    says: (
      <>
        System Settings › General › <b>Device Management</b> (before macOS 15: Privacy & Security ›
        Profiles). Open the profile; its details show the certificate's fingerprint, which must be
        the terminal's. Then <b>Install</b>. If a browser still warns: Keychain Access › System ›
        the Genkan root › Trust › Always Trust.
      </>
    ),
    picture: {
      shows: "rows",
      title: "Device Management",
      rows: ["Genkan"],
      marked: 0,
    },
  },
  androidRoot: {
    title: "Get the root certificate",
    says: "The browser puts root.crt with your downloads. If it asks whether to keep the file, keep it.",
  },
  androidInstall: {
    title: "Install it as a CA certificate",
    says: (
      <>
        In Settings, search for <b>CA certificate</b> (Security & privacy › More › Encryption &
        credentials › Install a certificate). Touch <b>Install anyway</b> and choose root.crt. Then
        look: Trusted credentials › User shows its fingerprint. It must be the terminal's; if not,
        remove it there.
      </>
    ),
    picture: {
      shows: "rows",
      title: "Install a certificate",
      rows: ["CA certificate", "VPN & app user certificate", "Wi-Fi certificate"],
      marked: 0,
    },
  },
  windowsRoot: {
    title: "Get the root certificate",
    says: "Save it in your Downloads folder, as root.crt.",
  },
  windowsCompare: {
    title: "Compare",
    says: "In a Command Prompt. It shows the fingerprint of the file, without colons; it must be the terminal's.",
  },
  windowsAdd: {
    title: "Add it",
    says: "Windows asks whether you are sure: yes. This is for you alone, and needs no administrator.",
    picture: {
      shows: "question",
      lines: ["Do you want to install", "this certificate?"],
      buttons: ["No", "Yes"],
    },
  },
  linuxRead: {
    title: "Read the script",
    says: "It is short, and its first act is to check the fingerprint. One that came from somebody else would not check: that is why you read it.",
  },
  linuxRun: {
    title: "Run it with the terminal's fingerprint",
    says: (
      <>
        <code>genkan root fingerprint</code> on the door's machine shows it. With any other, nothing
        is installed. It tells the system, Chromium and Firefox.
      </>
    ),
  },
  chromeosRoot: {
    title: "Get the root certificate",
    says: "It lands in your downloads, as root.crt.",
  },
  chromeosImport: {
    title: "Import it",
    says: (
      <>
        Settings › Privacy and security › Security › Manage certificates › <b>Authorities</b> ›
        Import root.crt, and tick websites. The details show its fingerprint: it must be the
        terminal's.
      </>
    ),
    picture: {
      shows: "rows",
      title: "Trust this certificate for",
      rows: ["Identifying websites", "Identifying email users"],
      marked: 0,
      isSwitch: true,
    },
  },
};
