import { defineErrors } from "../kernel/errors.ts";
import { quoted } from "./quoted.ts";

/** What can be wrong with what a person asks for, wherever it is read: command line or file. */
export const modelErrors = defineErrors({
  TARGET_INVALID: {
    says: (p: { target: string; why: string }) => `${quoted(p.target)} is no target: ${p.why}.`,
    fix: () => "Write a port (3000), host:port (nas:8080) or an address (https://nas:8443).",
    exit: 2,
  },
  NAME_INVALID: {
    says: (p: { name: string; why: string; instead?: string | undefined }) =>
      `${quoted(p.name)} is no name for an app: ${p.why}.`,
    fix: (p) => `Choose one label of letters, digits and hyphens, such as ${p.instead ?? "wiki"}.`,
    exit: 2,
  },
  HOST_INVALID: {
    says: (p: { host: string; why: string; instead?: string | undefined }) =>
      `${quoted(p.host)} is no host name: ${p.why}.`,
    fix: (p) =>
      p.instead
        ? `Write ${p.instead}.`
        : "Write labels of letters, digits and hyphens with dots between them, such as wiki.home.arpa.",
    exit: 2,
  },
  ADDRESS_INVALID: {
    says: (p: { address: string }) => `${quoted(p.address)} is no address.`,
    fix: () => "Write an IPv4 or IPv6 address, such as 192.168.1.10 or fd00::10.",
    exit: 2,
  },
  DOMAIN_TOO_BROAD: {
    says: (p: { domain: string }) =>
      `An authority for everything under ${p.domain} could pose as the sites of strangers.`,
    fix: (p) => `Name a domain of your own, such as yourdomain.${p.domain}.`,
    exit: 2,
  },
  ORIGIN_INVALID: {
    says: (p: { origin: string }) => `${quoted(p.origin)} is no origin.`,
    fix: () => "Write scheme, host and port, and no path: https://board.local",
    exit: 2,
  },
  OPEN_PATH_INVALID: {
    says: (p: { path: string; why: string }) => `${quoted(p.path)} is no open path: ${p.why}.`,
    fix: () => "Write /health for one path, or /webhook/* for everything below one.",
    exit: 2,
  },
  ACCESS_IMPOSSIBLE: {
    says: (p: { access: string; why: string }) =>
      `Access ${quoted(p.access)} is not possible: ${p.why}.`,
    fix: () => "Say one of the three, or leave it out.",
    exit: 2,
  },
  DURATION_INVALID: {
    says: (p: { duration: string; why: string }) =>
      `${quoted(p.duration)} is no length of time: ${p.why}.`,
    fix: () => "Write 90m, 12h or 2d.",
    exit: 2,
  },
  ZONE_IMPOSSIBLE: {
    says: (p: { zone: string; why: string }) => `${quoted(p.zone)} cannot be a zone: ${p.why}.`,
    fix: () => "Choose a name of this machine's own, such as box.home.arpa.",
    exit: 2,
  },
  NAME_RESERVED: {
    says: (p: { host: string; app: string }) =>
      `${p.host} is the door's own name; ${p.app} cannot have it.`,
    fix: (p) => `Give ${p.app} another name.`,
    exit: 2,
  },
  NAME_TAKEN: {
    says: (p: { host: string; first: string; second: string }) =>
      `${p.host} is asked for twice: by ${p.first} and by ${p.second}.`,
    fix: (p) => `Give ${p.second} another name, or take the other away: genkan remove ${p.first}`,
    exit: 2,
  },
  NAME_OUT_OF_SCOPE: {
    says: (p: { host: string; scope: readonly string[]; domain?: string | undefined }) =>
      `The authority may not vouch for ${p.host}: it was made for names under ${p.scope.join(", ")} only.`,
    fix: (p) =>
      `Use a name under one of these, or make a new authority that may (every device must trust it anew): genkan root --replace --domain ${p.domain ?? p.host}`,
  },
});
