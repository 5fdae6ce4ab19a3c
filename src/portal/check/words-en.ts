/*
 * Checking a device, in English.
 */
import type { CheckWords } from "./words.ts";

const TRUST_STEPS = "Follow the steps on the door's first page, then check again.";

export const EN: CheckWords = {
  lang: "en",
  title: "Check this device",
  lead: "This page tries what the apps of this household need. It takes a minute and a half, because one trial is to stay silent for that long. Leave the page open.",
  rows: {
    name: "The name leads to the door",
    trust: "This device trusts the door",
    secure: "Apps may use everything the browser has",
    protocol: "How this device talks to the door",
    socket: "Live connections open",
    silence: "Live connections survive silence",
    clock: "The clock is right",
    cookies: "Cookies are kept",
    limits: "This device holds the door to its limits",
  },
  states: { well: "Well", unwell: "Not well", unknown: "Not known", late: "Trying…" },
  overall: {
    well: "All is well with this device.",
    unwell: "Not well:",
    unknown: "What could be tried is well.",
    late: "Trying…",
  },
  because: {
    "name.led-here": {
      says: ({ host, at, from }) =>
        `${host} led here, to ${at}. The door sees this device as ${from}.`,
    },
    "name.not-used": {
      says: ({ host, from }) =>
        `You came by the address ${host}, so the name was not tried. The door sees this device as ${from}.`,
      next: "Open this page by the door's name.",
    },
    "trust.yes": {
      says: () => "It took a certificate of this door that it had never seen before.",
    },
    "trust.no": {
      says: () =>
        "It refused a new certificate of this door: you are here because a warning was passed.",
      next: TRUST_STEPS,
    },
    "trust.unreached": {
      says: ({ ports }) =>
        `The trial needs the ports ${ports} of the door, and this device did not reach them.`,
      next: "If no warning came before this page, the device trusts the door. Otherwise let these ports through the firewall of the door's machine.",
    },
    "trust.by-address": {
      says: () => "This can be tried only where the page was opened by name.",
      next: "Open this page by the door's name.",
    },
    "trust.late": { says: () => "Showing it a new certificate." },
    "secure.yes": { says: () => "The browser takes this for a secure context." },
    "secure.no": {
      says: () =>
        "The browser does not take this for a secure context: microphone, clipboard and notifications stay closed to apps.",
      next: TRUST_STEPS,
    },
    "secure.late": { says: () => "Asking the browser." },
    "protocol.newer": { says: () => "HTTP/2: one connection carries everything." },
    "protocol.older": {
      says: () =>
        "HTTP/1.1. All works; a proxy, a virus scanner or an old browser chose the older way.",
    },
    "socket.yes": { says: () => "A WebSocket opened, and an echo came back." },
    "socket.no": {
      says: () => "No WebSocket could be opened: apps will wait for ever.",
      next: "Switch off virus scanners, proxies or VPNs on this device one by one, and check again.",
    },
    "socket.late": { says: () => "Opening a WebSocket." },
    "silence.yes": { says: () => "A WebSocket stayed open through 75 silent seconds." },
    "silence.no": {
      says: () => "A silent WebSocket was cut before 75 seconds were over.",
      next: "If the page was in front all the time, something between cuts quiet connections: look at VPNs, virus scanners and the router.",
    },
    "silence.no-socket": { says: () => "Not tried, since no WebSocket opens." },
    "silence.late": { says: () => "Keeping a WebSocket silent for 75 seconds." },
    "clock.right": { says: () => "It agrees with the door's, and with the certificate's dates." },
    "clock.ahead": {
      says: () => "It is more than two minutes ahead of the door's.",
      next: "Let this device set its clock by itself; if it does, look at the clock of the door's machine.",
    },
    "clock.behind": {
      says: () => "It is more than two minutes behind the door's.",
      next: "Let this device set its clock by itself; if it does, look at the clock of the door's machine.",
    },
    "clock.outside": {
      says: () => "By it, the door's certificate is not valid.",
      next: "Set this device's clock.",
    },
    "clock.late": { says: () => "Reading it." },
    "cookies.yes": { says: () => "A secure cookie was set, and came back." },
    "cookies.no": {
      says: () => "A secure cookie was set, and did not come back: nobody can stay signed in.",
      next: "Allow cookies for this site, and leave private windows.",
    },
    "cookies.late": { says: () => "Setting one." },
    "limits.kept": {
      says: () =>
        "It refused a certificate that reaches beyond this home. Whoever stole the door's key could not pose as other sites here.",
    },
    "limits.ignored": {
      says: () =>
        "It took a certificate that reaches beyond this home. To this device, whoever steals the door's key can pose as any site in the world.",
      next: "Update its system and browser. If that does not help, take the root off this device unless you can live with that.",
    },
    "limits.untrusted": {
      says: () => "Not known while the door is not trusted: it refuses everything.",
      next: TRUST_STEPS,
    },
    "limits.unreached": {
      says: ({ ports }) =>
        `The trial needs the ports ${ports} of the door, and this device did not reach them.`,
      next: "Let these ports through the firewall of the door's machine, and check again.",
    },
    "limits.none": {
      says: () => "The authority in use has no limits, so there is nothing to hold it to.",
      next: "Genkan's own authority has: set authority: own in genkan.yaml.",
    },
    "limits.by-address": {
      says: () => "This can be tried only where the page was opened by name.",
      next: "Open this page by the door's name.",
    },
    "limits.late": { says: () => "Showing it a certificate that it should refuse." },
  },
  lost: "The result did not reach the door. Check again.",
  withoutScript:
    "The other trials need JavaScript. That this page came without a warning is the best proof there is.",
  toSteps: "How to trust the door",
  byName: "Open by name",
  again: "Check again",
  proof: {
    looking: "This page looks by itself whether your device trusts the door already. Not yet.",
    paused: "This page has stopped looking. Load it again when you are done.",
    trusted: "Your device trusts the door.",
    tryIt: "Try the secure page",
    check: "Check this device",
    pair: "Pair this device",
    unknown:
      "The door does not know this device yet. Once the device trusts the door, pair it: then every app opens to it.",
  },
};
