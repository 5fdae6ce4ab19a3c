/*
 * Every number nginx holds visitors to; the reasons are those of the node engine's limits. Tests hand in
 * smaller ones. Times are seconds, sizes bytes.
 */

export interface NginxLimits {
  /** One header line, and the request line; four of them in a head. */
  readonly headerBytes: number;
  readonly headerDeadline: number;
  /** Without a byte of an announced body. */
  readonly bodyIdle: number;
  readonly keepAliveIdle: number;
  /** A connection to an app must stand. */
  readonly connectDeadline: number;
  /** Silence of an app, and of a WebSocket: apps think for minutes, conversations rest over night. */
  readonly silence: number;
  /** Connections in all; each carried request takes a second one. */
  readonly connections: number;
  /** From one address; nginx counts every HTTP/2 exchange as one. */
  readonly connectionsPerAddress: number;
  readonly streams: number;
}

export const NGINX_LIMITS: NginxLimits = {
  headerBytes: 16 * 1024,
  headerDeadline: 15,
  bodyIdle: 60,
  keepAliveIdle: 75,
  connectDeadline: 10,
  silence: 24 * 60 * 60,
  connections: 10_000,
  connectionsPerAddress: 512,
  streams: 128,
};
