/*
 * Conversations in bytes with a real door, as a device has them that trusts its root.
 */
import { readFileSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import { setTimeout as wait } from "node:timers/promises";
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

/** Milliseconds without a byte after which an engine has said all it will; before its first word it has longer. */
const SILENCE = 100;
const FIRST_WORD = 500;

/**
 * What was heard in all. Not every engine ends the connection behind every refusal: after a silence the visitor
 * says that nothing more comes, and then leaves.
 */
export async function heardOut(talk: Talk): Promise<string> {
  const isOver = talk.end().then(() => true);
  const rest = (ms: number) => Promise.race([isOver, wait(ms, false)]);
  let before = "";
  for (let ms = FIRST_WORD; !(await rest(ms)); ms = SILENCE) {
    if (talk.heard() === before) break;
    before = talk.heard();
  }
  talk.socket.end();
  await rest(SILENCE);
  talk.socket.destroy();
  return talk.heard();
}

/** A connection to the plain port. */
export function talkPlainly(door: OpenDoor): Promise<Talk> {
  return talkOver(connectTcp(door.httpPort, "127.0.0.1"), "connect");
}
