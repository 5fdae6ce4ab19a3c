/*
 * How to tell that names work: this machine's resolver finds them, and they are answered for on the
 * wire. Asked from sockets of doctor's own, not believed of the door.
 */
import { lookup } from "node:dns/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Check, Finding } from "../kernel/check.ts";
import { codeOf } from "../kernel/errors.ts";
import { canonicalAddress } from "../model/hostname.ts";
import { askNetwork } from "./ask.ts";
import type { Link } from "./links.ts";
import { lossError } from "./loss.ts";
import type { AddressType } from "./responder/packet.ts";
import type { NamingStatus } from "./status.ts";

export interface NamingChecksNeeds {
  /** What the open door says of its names. */
  readonly status: NamingStatus;
  readonly links: readonly Link[];
  /** Windows knows interfaces by number. */
  readonly zonesAreNumbers: boolean;
  readonly machineAddresses: () => readonly string[];
}

/** Checks of an open door whose names are announced somewhere; none for a door of this machine alone. */
export function namingChecks(needs: NamingChecksNeeds): Check[] {
  if (needs.links.length === 0) return [];
  return [
    {
      id: "names.announced",
      title: "The names are announced",
      dependsOn: ["door.open"],
      look: async () => lookAtStatus(needs.status),
    },
    {
      id: "names.ours",
      title: "No other machine has the same names",
      dependsOn: ["door.open"],
      look: async () => lookAtLosses(needs.status),
    },
    {
      id: "names.on-the-wire",
      title: "Devices that ask the network for a name are answered",
      dependsOn: ["names.announced"],
      look: (signal) => lookAtWire(needs, signal),
    },
    {
      id: "names.resolve-here",
      title: "This machine's own resolver finds the names",
      dependsOn: ["names.on-the-wire"],
      look: () => lookAtResolver(needs),
    },
    {
      id: "names.carried",
      title: "Devices find every name by themselves",
      dependsOn: ["door.open"],
      look: async () => lookAtCarried(needs.status),
    },
  ];
}

function lookAtStatus({ trouble, by, names }: NamingStatus): Finding {
  if (trouble) return unwell("high", trouble.message, trouble.fix);
  const claimed = names.filter(({ state }) => state === "claimed").map(({ name }) => name);
  if (claimed.length === 0) return { state: "well", note: by ? `by ${by}` : "nothing to announce" };
  return { state: "unknown", why: `still being claimed: ${claimed.join(", ")}; ask again` };
}

function lookAtLosses({ names }: NamingStatus): Finding {
  const losses = names.filter(({ state }) => state === "taken").map(lossError);
  const [first] = losses;
  if (!first) return { state: "well" };
  const severity = names.every(({ state, instead }) => state !== "taken" || instead)
    ? "low"
    : "high";
  return unwell(severity, losses.map(({ message }) => message).join("\n"), first.fix);
}

/** Milliseconds a responder on this machine may take. */
const PATIENCE = 2_000;

async function lookAtWire(needs: NamingChecksNeeds, signal: AbortSignal): Promise<Finding> {
  const name = announcedName(needs.status);
  if (name === undefined) return { state: "unknown", why: "no name is announced" };
  const asked = needs.links.flatMap((link) => {
    const types = new Set(link.addresses.map((address) => (address.includes(":") ? "AAAA" : "A")));
    return [...types].map(async (type) => {
      const isAnswered = await answers(needs, { name, type, link, signal });
      return isAnswered ? [] : [`${type} on ${link.interfaceName}`];
    });
  });
  const silent = (await Promise.all(asked)).flat();
  if (silent.length === 0) return { state: "well", note: name };
  return unwell(
    "high",
    `Nobody answered for ${name} on the network (${silent.join(", ")}).`,
    "A firewall may drop multicast DNS: let UDP port 5353 in and out on this interface. See what the door says: genkan logs",
  );
}

interface Question {
  readonly name: string;
  readonly type: AddressType;
  readonly link: Link;
  readonly signal: AbortSignal;
}

/** Asked twice at most: multicast is not repeated by itself, and a radio loses some of it. */
async function answers(needs: NamingChecksNeeds, question: Question): Promise<boolean> {
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const found = await ask(needs, question);
    if (found.some((address) => isOf(question.link, address))) return true;
  }
  return false;
}

/** A link that cannot be asked is silent. */
async function ask({ zonesAreNumbers }: NamingChecksNeeds, question: Question): Promise<string[]> {
  try {
    return await askNetwork({ ...question, zonesAreNumbers, patience: PATIENCE });
  } catch (thrown) {
    if (codeOf(thrown) !== undefined) return [];
    throw thrown;
  }
}

function isOf({ addresses }: Link, found: string): boolean {
  return addresses.map(canonicalAddress).includes(found);
}

/** Milliseconds. A resolver that does not hear its own machine may go on asking for longer than anybody waits. */
const LOOKUP = 5_000;

async function lookAtResolver({ status, machineAddresses }: NamingChecksNeeds): Promise<Finding> {
  const name = announcedName(status);
  if (name === undefined) return { state: "unknown", why: "no name is announced" };
  const addresses = await addressesHere(name);
  if (addresses.length === 0) {
    return unwell(
      "low",
      `This machine itself does not find ${name}; other devices are not concerned.`,
      "Debian and Ubuntu find such names with: sudo apt install libnss-mdns avahi-daemon. On this machine the name under .localhost works without",
    );
  }
  const own = new Set(machineAddresses().map(canonicalAddress));
  const strange = addresses.filter((address) => !own.has(canonicalAddress(address)));
  if (strange.length === 0) return { state: "well", note: `${name} is ${addresses.join(", ")}` };
  return unwell(
    "high",
    `${name} leads to ${strange.join(", ")} here, which is no address of this machine.`,
    "Look for the name in the hosts file, and for another machine that has it: genkan status",
  );
}

/** What the system's resolver finds in time, without zones. */
async function addressesHere(name: string): Promise<string[]> {
  const late = sleep(LOOKUP, undefined, { ref: false });
  try {
    const found = (await Promise.race([lookup(name, { all: true }), late])) ?? [];
    return found.map(({ address }) => address.replace(/%.*$/, ""));
  } catch (thrown) {
    if (codeOf(thrown) === undefined) throw thrown;
    return [];
  }
}

function lookAtCarried({ notCarried }: NamingStatus): Finding {
  if (notCarried.length === 0) return { state: "well" };
  return {
    state: "unwell",
    severity: "low",
    says: `Multicast DNS carries one label under .local; devices do not find by themselves: ${notCarried.join(", ")}.`,
    fix: {
      says: "Put them into each device's hosts file, or into the home's DNS",
      command: "genkan hosts --print",
    },
  };
}

function announcedName({ names }: NamingStatus): string | undefined {
  return names.find(({ state }) => state === "announced")?.name;
}

function unwell(severity: "high" | "low", says: string, fix: string): Finding {
  return { state: "unwell", severity, says, fix: { says: fix } };
}
