/*
 * Conversations in bytes with a real door, as a device has them that trusts its root.
 */
import { readFileSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import { type Talk, talkOver } from "../support/door.ts";
import type { OpenDoor } from "../support/genkan.ts";

/** A TLS connection for a name, HTTP/1.1 unless told. */
export function talkSecurely(
  door: OpenDoor,
  name: string,
  more: ConnectionOptions = {},
): Promise<Talk> {
  const socket = connectTls({
    host: "127.0.0.1",
    port: door.httpsPort,
    servername: name,
    ca: readFileSync(door.ready.root.path),
    ALPNProtocols: ["http/1.1"],
    ...more,
  });
  return talkOver(socket, "secureConnect");
}

/** A connection to the plain port. */
export function talkPlainly(door: OpenDoor): Promise<Talk> {
  return talkOver(connectTcp(door.httpPort, "127.0.0.1"), "connect");
}
