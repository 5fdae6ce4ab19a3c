/*
 * What the door knows of one connection, whatever is spoken on it. Made when TLS is up; exchanges of
 * the connection point to it. It ends what is under way when the connection is gone.
 */
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { isIpAddress } from "../../model/hostname.ts";

export interface Connection {
  /** The visitor's address as text; IPv4 in its own form also where the socket is IPv6. */
  readonly address: string;
  /**
   * The name asked for in the TLS handshake, lower case. Undefined where none was; where it was an address,
   * which is no name (RFC 6066 section 3); and where a session of TLS 1.2 was taken up again: OpenSSL does
   * not keep the name then.
   */
  readonly serverName: string | undefined;
  readonly socket: Socket;
  /** Ends it so that the visitor's system reports an error, not an end. */
  reset(): void;
  /** Of exchanges that are not over. */
  readonly visitors: Set<ConnectedVisitor>;
}

/** By this a TLS socket and the TCP socket under it find each other: no two open ones share it. */
export function endsOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort} ${socket.localAddress} ${socket.localPort}`;
}

/** What a connection needs of the visitors on it. */
interface ConnectedVisitor {
  readonly status: number | undefined;
  /** Also told to those the protocol tells nothing: a pipelined request waits without a socket. */
  connectionGone(): void;
}

export function createConnection(socket: TLSSocket, raw: Socket): Connection {
  const servername = typeof socket.servername === "string" ? socket.servername : "";
  const asked = servername.toLowerCase().replace(/\.$/, ""); // as hosts are written everywhere here
  const connection: Connection = {
    address: plainAddress(socket.remoteAddress),
    serverName: asked === "" || isIpAddress(asked) ? undefined : asked,
    socket,
    reset() {
      raw.resetAndDestroy();
      socket.destroy();
    },
    visitors: new Set(),
  };
  socket.on("close", () => {
    for (const visitor of connection.visitors) visitor.connectionGone();
  });
  return connection;
}

/** An address as people know it: no `::ffff:` before IPv4, no zone behind IPv6. */
export function plainAddress(address: string | undefined): string {
  if (address === undefined) return "unknown"; // the peer was gone before anyone asked
  const bare = address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
  const zone = bare.indexOf("%");
  return zone === -1 ? bare : bare.slice(0, zone);
}
