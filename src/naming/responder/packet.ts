/*
 * Multicast DNS messages (RFC 6762 section 18) from and to bytes. Bytes come from anybody on the
 * network: what cannot be read is undefined, never a throw.
 */
import { isIP } from "node:net";
import { AUTHORITATIVE_ANSWER, decode, encode, type Answer, type DecodedPacket } from "dns-packet";
import { canonicalAddress } from "../../model/hostname.ts";

export type AddressType = "A" | "AAAA";

export interface AddressRecord {
  readonly name: string;
  readonly type: AddressType;
  /** The address in its one spelling. */
  readonly address: string;
}

export interface Question {
  /** Lower case. */
  readonly name: string;
  readonly type: string;
  /** RFC 6762 section 5.4: the answer may come to the asker alone. */
  readonly wantsUnicast: boolean;
}

/** An address somebody else claims for a name. */
export interface Claim {
  /** Lower case. */
  readonly name: string;
  /** An address in its one spelling; `another name` of an alias, whose words are the stranger's. */
  readonly data: string;
  /** Seconds; 0 takes it back. */
  readonly ttl: number;
}

export interface Message {
  readonly id: number;
  readonly isResponse: boolean;
  readonly questions: readonly Question[];
  /** Addresses in the answers and the additional section. */
  readonly answers: readonly Claim[];
  /** Addresses in the authority section: of a probe, what its sender wants (section 8.1). */
  readonly wanted: readonly Claim[];
}

/** RFC 6762 section 17: no message is longer, headers included. */
const LONGEST_MESSAGE = 9000;
/** RFC 6762 section 10: seconds that records of hosts are kept. */
const TTL = 120;
/** RFC 6762 section 6.7: a resolver that knows nothing of multicast DNS keeps them for this long at most. */
const LEGACY_TTL = 10;
/** What dns-packet makes of the class IN with the top bit set. */
const UNICAST_CLASSES = new Set(["UNKNOWN_32769", "UNKNOWN_33023"]);

export function readMessage(bytes: Uint8Array): Message | undefined {
  if (bytes.length > LONGEST_MESSAGE) return undefined;
  try {
    return describe(decode(Buffer.from(bytes)));
  } catch (thrown) {
    if (thrown instanceof Error) return undefined; // a stranger's bytes; there is nobody to tell
    throw thrown;
  }
}

/** dns-packet gives these too; its types do not say so. */
type Decoded = DecodedPacket & { readonly opcode?: string; readonly rcode?: string };

function describe(packet: Decoded): Message | undefined {
  // Section 18.3 and 18.11: other operations and answers with an error code are ignored.
  if (packet.opcode !== "QUERY" || packet.rcode !== "NOERROR") return undefined;
  const { questions = [], answers = [], additionals = [], authorities = [] } = packet;
  return {
    id: packet.id ?? 0,
    isResponse: packet.type === "response",
    questions: questions.map(({ name, type, class: of }) => ({
      name: name.toLowerCase(),
      type,
      wantsUnicast: UNICAST_CLASSES.has(String(of)),
    })),
    answers: [...answers, ...additionals].flatMap(claimOf),
    wanted: authorities.flatMap(claimOf),
  };
}

/** CNAME counts too: a name that is an alias elsewhere has an owner there. */
function claimOf(answer: Answer): Claim[] {
  if (answer.type !== "A" && answer.type !== "AAAA" && answer.type !== "CNAME") return [];
  const data = answer.type === "CNAME" ? "another name" : canonicalAddress(answer.data);
  return [{ name: answer.name.toLowerCase(), data, ttl: answer.ttl ?? 0 }];
}

/** The records of a name on a link. */
export function recordsFor(name: string, addresses: readonly string[]): AddressRecord[] {
  return addresses.map((address) => ({
    name,
    type: isIP(address) === 4 ? "A" : "AAAA",
    address: canonicalAddress(address),
  }));
}

/** A type only questions have, so dns-packet's types of records lack it. */
const ANY = "ANY" as "A";

/** A probe (section 8.1): who has these names? This is what we would say of them. */
export function writeProbe(records: readonly AddressRecord[]): Buffer {
  const names = [...new Set(records.map(({ name }) => name))];
  return encode({
    type: "query",
    questions: names.map((name) => ({ name, type: ANY, class: "IN" })),
    authorities: records.map((record) => ({ ...plain(record), ttl: TTL })),
  });
}

/** Records for everybody; `ttl` 0 is the goodbye (section 10.1). */
export function writeAnnouncement(records: readonly AddressRecord[], ttl = TTL): Buffer {
  const answers = records.map((record) => ({ ...plain(record), ttl, flush: true }));
  return encode({ type: "response", id: 0, flags: AUTHORITATIVE_ANSWER, answers });
}

export interface Reply {
  readonly answers: readonly AddressRecord[];
  /** Names of which it must be said that they have no records of other types (section 6.1). */
  readonly denied: readonly string[];
  readonly additionals: readonly AddressRecord[];
}

/** What types a name has, for those who asked for another. */
export type TypesOf = (name: string) => readonly AddressType[];

export function writeReply({ answers, denied, additionals }: Reply, typesOf: TypesOf): Buffer {
  const full = (record: AddressRecord): Answer => ({ ...plain(record), ttl: TTL, flush: true });
  return encode({
    type: "response",
    id: 0,
    flags: AUTHORITATIVE_ANSWER,
    answers: [...answers.map(full), ...denied.map((name) => denial(name, typesOf(name)))],
    additionals: additionals.map(full),
  });
}

/** To a resolver of plain DNS (section 6.7): its id and question come back, and no bit it does not know. */
export function writeLegacyReply(query: Message, { answers }: Reply): Buffer {
  return encode({
    type: "response",
    id: query.id,
    flags: AUTHORITATIVE_ANSWER,
    questions: query.questions.map(({ name, type }) => ({ name, type: type as "A", class: "IN" })), // as it was read
    answers: answers.map((record) => ({ ...plain(record), ttl: LEGACY_TTL })),
  });
}

function plain({ name, type, address }: AddressRecord) {
  return { name, type, class: "IN", data: address } as const;
}

function denial(name: string, rrtypes: readonly AddressType[]): Answer {
  const data = { nextDomain: name, rrtypes: [...rrtypes] };
  return { name, type: "NSEC", class: "IN", ttl: TTL, flush: true, data };
}
