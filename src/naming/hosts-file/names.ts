/*
 * Which names of the door a hosts file has to carry. `genkan hosts` asks; pure.
 */

/** RFC 6762 section 3, and what resolvers make of it: one label before `.local`, or nobody asks by multicast. */
const FLAT_LOCAL = /^[^.]+\.local$/;
/** RFC 6761 section 6.3: these never leave the machine that asks. */
const LOCALHOST = /(?:^|\.)localhost$/;

export interface Names {
  /** To be written down, in the order they came, each once. */
  readonly wanted: readonly string[];
  /** Left out, as mDNS carries them; empty where all were asked for. */
  readonly announced: readonly string[];
}

/** @param all also those that mDNS carries: for devices and networks without it. */
export function namesForHostsFile(hosts: readonly string[], all: boolean): Names {
  const outside = [...new Set(hosts)].filter((host) => !LOCALHOST.test(host));
  const isWanted = (host: string): boolean => all || !FLAT_LOCAL.test(host);
  return {
    wanted: outside.filter(isWanted),
    announced: outside.filter((host) => !isWanted(host)),
  };
}
