/*
 * Our responder on one link: claims the names there, answers for those it has, says goodbye.
 */
import type { RemoteInfo } from "node:dgram";
import type { Clock } from "../../kernel/clock.ts";
import { messageOf } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import type { Link } from "../links.ts";
import { answerTo } from "./answer.ts";
import { type Claims, createClaims, STEP } from "./claims.ts";
import { budget, onLink, repeats } from "./guards.ts";
import { type Message, readMessage, recordsFor, writeLegacyReply, writeReply } from "./packet.ts";
import { MDNS_PORT, type MulticastSocket, openMulticastSocket } from "./socket.ts";
import { createVoice, typesOn } from "./voice.ts";

export interface LinkSpec {
  readonly link: Link;
  readonly clock: Clock;
  readonly log: Log;
  readonly zonesAreNumbers: boolean;
  /** Whether the address is one of this machine, on whichever interface. */
  readonly isOurs: (address: string) => boolean;
  readonly onHeld: (name: string) => void;
  readonly onLost: (name: string, owner: string) => void;
}

export interface LinkResponder {
  /**
   * From now on exactly these names; those that are no longer among them are said goodbye to.
   * @param held those of them that are ours on this link, so that nobody has to be asked.
   */
  setNames(names: readonly string[], held?: readonly string[]): void;
  /** The names that are ours here. */
  held(): readonly string[];
  close(farewell: boolean): Promise<void>;
}

/** @throws what opening its sockets throws where none can be opened. */
export async function openLinkResponder(spec: LinkSpec): Promise<LinkResponder> {
  const { link, clock } = spec;
  const claims = createClaims();
  const sockets: MulticastSocket[] = [];
  const voice = createVoice(link, sockets);
  const steps = createSteps(clock, claims, () => {
    const { probe, announce, won } = claims.step();
    voice.probe(probe);
    voice.announce(announce);
    for (const name of won) spec.onHeld(name);
  });
  const isOnLink = onLink(link);
  const mayHear = budget(clock);
  const recordsOf = (name: string) => recordsFor(name, link.addresses);
  const hear = (bytes: Uint8Array, from: RemoteInfo, answer: Answerer): void => {
    if (!isOnLink(from.address) || !mayHear()) return;
    const message = readMessage(bytes);
    // Section 6: answers that do not come from port 5353 are nobody's.
    if (!message || (message.isResponse && from.port !== MDNS_PORT)) return;
    const lost = claims.hear(message, { isOurs: spec.isOurs, recordsOf });
    for (const { name, owner } of lost) spec.onLost(name, owner);
    steps.start(); // a doubt starts the probing anew
    if (!message.isResponse) answer(message, from);
  };
  await openAll(spec, async (family) => {
    const socket = await openSocket(spec, family, (bytes, from) => hear(bytes, from, answer));
    const answer = answererOf({ link, claims, clock, socket });
    sockets.push(socket);
  });
  return {
    held: () => claims.names().filter((name) => claims.isHeld(name)),
    setNames: (names, held = []) => {
      const gone = claims.names().filter((name) => !names.includes(name));
      voice.farewell(gone.filter((name) => claims.remove(name)));
      for (const name of names) claims.add(name, held.includes(name));
      steps.start();
    },
    close: async (farewell) => {
      steps.stop();
      if (farewell) voice.farewell(claims.names().filter((name) => claims.isHeld(name)));
      await Promise.all(sockets.map((socket) => socket.close()));
    },
  };
}

/** Steps are counted only while a claim waits for them. */
function createSteps(clock: Clock, claims: Claims, step: () => void) {
  let end: (() => void) | undefined;
  const stop = (): void => {
    end?.();
    end = undefined;
  };
  const next = (): void => {
    step();
    if (!claims.isBusy()) stop();
  };
  return {
    stop,
    start: () => {
      if (claims.isBusy()) end ??= clock.every(STEP, next);
    },
  };
}

type Answerer = (query: Message, from: RemoteInfo) => void;

interface AnswererParts {
  readonly link: Link;
  readonly claims: Claims;
  readonly clock: Clock;
  readonly socket: MulticastSocket;
}

/** Answers on the socket the question came by: to all, to the asker, or in the words of plain DNS. */
function answererOf({ link, claims, clock, socket }: AnswererParts): Answerer {
  const mayRepeat = repeats(clock);
  const recordsOf = (name: string) =>
    claims.isHeld(name) ? recordsFor(name, link.addresses) : undefined;
  return (query, from) => {
    const reply = answerTo(query, recordsOf);
    if (!reply) return;
    if (from.port !== MDNS_PORT) return socket.sendTo(writeLegacyReply(query, reply), from);
    const bytes = writeReply(reply, () => typesOn(link));
    const isProbe = query.wanted.length > 0; // whoever wants a name of ours hears it at once
    const toOne = !isProbe && query.questions.every(({ wantsUnicast }) => wantsUnicast);
    if (toOne) socket.sendTo(bytes, from);
    else if (isProbe || mayRepeat(reply)) socket.send(bytes);
  };
}

function openSocket(
  { link, zonesAreNumbers, log }: LinkSpec,
  family: 4 | 6,
  onMessage: (bytes: Uint8Array, from: RemoteInfo) => void,
): Promise<MulticastSocket> {
  const onError = (error: Error): void =>
    log.debug("mdns.send-failed", { on: link.interfaceName, why: messageOf(error) });
  return openMulticastSocket({ link, family, zonesAreNumbers, onMessage, onError });
}

/** Opens what the link has; one family that fails is no reason to leave the other. */
async function openAll(
  { link, log }: LinkSpec,
  open: (family: 4 | 6) => Promise<void>,
): Promise<void> {
  const families: (4 | 6)[] = [];
  if (link.ipv4 !== undefined) families.push(4);
  if (link.zone !== undefined) families.push(6);
  const tried = await Promise.allSettled(families.map(open));
  const failures = tried.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  for (const why of failures) log.warn("mdns.not-opened", { on: link.interfaceName, why });
  if (failures.length > 0 && failures.length === families.length) throw failures[0];
}
