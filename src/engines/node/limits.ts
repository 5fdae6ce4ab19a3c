/*
 * Every number the node engine holds visitors to, each with its reason. Tests hand in smaller ones.
 * All times are milliseconds, all sizes bytes.
 */

export interface Limits {
  /** Request line and fields of one HTTP/1.1 request. Node's own default, twice nginx's; cookies and a token fit. */
  readonly headerBytes: number;
  /** The same for HTTP/2, whose count adds 32 for every field (RFC 9113 section 6.5.2), hence the double. */
  readonly headerListBytes: number;
  /**
   * Fields in one head; browsers send every cookie as a field of its own. Apps made with Node see no more than
   * the first 2000 (its `maxHeadersCount`), and what the door says of a visitor comes last.
   */
  readonly headerListFields: number;
  /** From the first moment of a connection, or the first byte of a later request, to the end of its head. */
  readonly headerDeadline: number;
  /** The TLS handshake; a phone on weak Wi-Fi needs two seconds, an attacker takes what it gets. */
  readonly handshakeDeadline: number;
  /**
   * A visitor that announced content, sends none of it, and leaves the app waiting. Longer than the pause of
   * a phone that changes from Wi-Fi to mobile; nginx waits as long. Slow but steady uploads are never cut.
   */
  readonly bodyIdle: number;
  /** A connection without an exchange. A little above what browsers keep, so that it is they who close. */
  readonly keepAliveIdle: number;
  /** How long the rest of a refused request is read and thrown away, so that the refusal arrives before a reset. */
  readonly linger: number;
  /** Connections in all. Below the file limit of a service (systemd gives 524,288), far above any home. */
  readonly connections: number;
  /** Connections from one address: one hostile device must not take them all, a browser with every app open may. */
  readonly connectionsPerAddress: number;
  /** Exchanges at once in one HTTP/2 connection; RFC 9113 section 6.5.2 advises 100 or more. */
  readonly streams: number;
  /** Unread bytes one HTTP/2 stream may hold: 256 KiB in flight are 50 MB/s at the 5 ms of Wi-Fi. */
  readonly streamWindow: number;
  /** The same for one HTTP/2 connection: several stalled uploads must not starve its WebSockets. */
  readonly sessionWindow: number;
  /** Streams a visitor may abandon within `resetWindow`: a page with hundreds of pictures that is left, three times. */
  readonly resets: number;
  readonly resetWindow: number;
  /** First TCP keep-alive probe on a silent connection: finds dead peers, keeps routers' tables warm. */
  readonly tcpKeepAlive: number;
  /** How often deadlines are looked at. */
  readonly sweep: number;
}

export const LIMITS: Limits = {
  headerBytes: 16 * 1024,
  headerListBytes: 32 * 1024,
  headerListFields: 1000,
  headerDeadline: 15_000,
  handshakeDeadline: 10_000,
  bodyIdle: 60_000,
  keepAliveIdle: 75_000,
  linger: 2_000,
  connections: 10_000,
  connectionsPerAddress: 512,
  streams: 128,
  streamWindow: 256 * 1024,
  sessionWindow: 2 * 1024 * 1024,
  resets: 500,
  resetWindow: 10_000,
  tcpKeepAlive: 45_000,
  sweep: 2_000,
};
