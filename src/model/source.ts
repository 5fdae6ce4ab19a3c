/*
 * Where something comes from, for counting: one device has one IPv4 address, and a whole /64 of IPv6
 * (RFC 4291 section 2.5.4). Pure.
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
