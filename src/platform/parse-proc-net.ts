/*
 * The kernel's table of TCP sockets as text: /proc/net/tcp and /proc/net/tcp6 (proc_net_tcp.rst of
 * the Linux documentation). Pure; linux-listeners.ts reads the files.
 */
import { endianness } from "node:os";

export interface ListeningSocket {
  /** As people write it; an IPv4 address inside IPv6 (`::ffff:127.0.0.1`) as the IPv4 address it is. */
  readonly address: string;
  readonly port: number;
  readonly uid: number;
  /** What `/proc/PID/fd/N -> socket:[INODE]` names. */
  readonly inode: string;
}

/** `sl local_address rem_address st queues timer retrnsmt uid timeout inode`: the columns we read. */
const ROW =
  /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) \S+ \S+ \S+ +(\d+) +\d+ (\d+)/;
/** TCP_LISTEN of the kernel's tcp_states.h. */
const LISTENING = "0A";

/** The sockets that listen; lines that are not rows of the table are passed over. */
export function parseProcNet(text: string, order = endianness()): ListeningSocket[] {
  return text.split("\n").flatMap((line) => {
    const [, address = "", port = "", state, uid = "", inode = ""] = ROW.exec(line) ?? [];
    if (state !== LISTENING) return [];
    const bytes = addressBytes(address, order);
    return [
      { address: formatAddress(bytes), port: Number.parseInt(port, 16), uid: Number(uid), inode },
    ];
  });
}

/** The address is printed as 32-bit words in the machine's own byte order; on the network it is big-endian. */
function addressBytes(hex: string, order: "BE" | "LE"): Buffer {
  const bytes = Buffer.from(hex, "hex");
  return order === "LE" ? bytes.swap32() : bytes;
}

const V4_MAPPED = Buffer.from("00000000000000000000ffff", "hex");

function formatAddress(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.subarray(0, 12).equals(V4_MAPPED)) return bytes.subarray(12).join(".");
  const groups = bytes.toString("hex").match(/.{4}/g) ?? [];
  // The URL parser knows the short form of RFC 5952.
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}
