/*
 * Where something comes from. For counting: one device has one IPv4 address, and a whole /64 of IPv6
 * (RFC 4291 section 2.5.4). For judging: what only this machine's own browsers can ask for. Pure.
 */

/** Takes what sockets give: `192.168.1.9`, `::ffff:192.168.1.9`, `fe80::1%eth0`. */
export function sourceOf(address: string): string {
  const bare = address.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.)/i, "");
  if (!bare.includes(":")) return bare;
  const [head = "", tail] = bare.toLowerCase().split("::");
  const groups = head.split(":").filter(Boolean);
  const zeros = tail === undefined ? [] : ["0", "0", "0", "0"];
  return `${[...groups, ...zeros].slice(0, 4).join(":")}::/64`;
}

/**
 * Whether a host name is one that only a browser of this machine resolves to it: below `.localhost`
 * (RFC 6761 section 6.3), and loopback addresses. Browsers send the cookies they keep for such a name to
 * every port of the machine, over plain http too, as nobody else should be able to answer there.
 */
export function isOwnMachinesName(host: string): boolean {
  return /(?:^|\.)localhost$|^127\.|^\[?::1\]?$/i.test(host);
}

/** Whether an address is a loopback one (127/8 and ::1), as people write it or as sockets give it (`::ffff:127.0.0.1`). */
export function isLoopback(address: string): boolean {
  return /^(?:::1|(?:::ffff:)?127\..*)$/i.test(address);
}
