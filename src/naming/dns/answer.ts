/*
 * A DNS message in, the answer out: authoritative for the zone, REFUSED for all else (RFC 1035,
 * RFC 2308, RFC 6891). Pure and total: whatever the bytes, it gives bytes or silence. An answer is
 * at most four times as long as what asked for it, so nobody gains by asking in another's name.
 */
import { isIP } from "node:net";
import { addressBytes } from "../../model/scope.ts";
import { type Question, readQuestion } from "./question.ts";
import type { Found, Zone } from "./zone.ts";

/** Response codes, RFC 1035 section 4.1.1 and RFC 6891 section 9. */
const RCODE = {
  NOERROR: 0,
  FORMERR: 1,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
} as const;
const TYPE = { A: 1, NS: 2, SOA: 6, AAAA: 28, OPT: 41, ANY: 255 } as const;
const CLASS = { IN: 1, ANY: 255 } as const;

/** Seconds an answer may be kept: a machine whose address moved is found again after that. */
const TTL = 60;
/** Of each family; the first is the best. */
const MOST_ADDRESSES = 2;

/** @returns undefined where silence is the answer. */
export function answerTo(packet: Uint8Array, zone: Zone): Buffer | undefined {
  const read = readQuestion(packet);
  if (read.is === "silence") return undefined;
  if (read.is === "malformed") return head({ ...read, rcode: RCODE.FORMERR });
  const { question } = read;
  if (question.edns !== undefined && question.edns > 0) {
    return message(question, { rcode: RCODE.BADVERS });
  }
  if (question.opcode !== 0) return message(question, { rcode: RCODE.NOTIMP });
  return message(question, reply(question, zone));
}

interface Reply {
  readonly rcode: number;
  /** We are the ones who know (AA). */
  readonly isOurs?: boolean;
  readonly answers?: readonly Buffer[];
  readonly authorities?: readonly Buffer[];
}

function reply(question: Question, zone: Zone): Reply {
  const found = zone.find(question.name);
  const isInternet = question.class === CLASS.IN || question.class === CLASS.ANY;
  if (found.is === "outside" || !isInternet) return { rcode: RCODE.REFUSED };
  const soa = soaOf(question, found.apex);
  if (found.is === "absent") {
    return { rcode: RCODE.NXDOMAIN, isOurs: true, authorities: [soa] };
  }
  const answers = answersOf(question, found, zone);
  if (answers.length === 0) return { rcode: RCODE.NOERROR, isOurs: true, authorities: [soa] };
  return { rcode: RCODE.NOERROR, isOurs: true, answers };
}

function answersOf(
  question: Question,
  { apex, holds }: Found & { is: "present" },
  zone: Zone,
): Buffer[] {
  if (!holds) return [];
  const { type, name } = question;
  const ofApex = (made: Buffer): Buffer[] => (name === apex ? [made] : []);
  switch (type) {
    case TYPE.SOA:
      return ofApex(soaOf(question, apex));
    case TYPE.NS:
      return ofApex(record(NAME_ASKED, TYPE.NS, pointer(NAME_ASKED)));
    case TYPE.AAAA:
      return addressRecords(zone, 6, TYPE.AAAA);
    case TYPE.A:
    case TYPE.ANY: // RFC 8482: who asks for everything gets something, and not everything
      return addressRecords(zone, 4, TYPE.A);
    default:
      return [];
  }
}

function addressRecords(zone: Zone, family: 4 | 6, type: number): Buffer[] {
  return zone
    .addresses()
    .filter((address) => isIP(address) === family)
    .slice(0, MOST_ADDRESSES)
    .map((address) => record(NAME_ASKED, type, Buffer.from(addressBytes(address))));
}

/** Where the name in the question begins: right after the head. Records point there (RFC 1035 section 4.1.4). */
const NAME_ASKED = 12;

/** RFC 1035 section 3.3.13. The zone is its own name server and its own post office: there are no others. */
function soaOf({ name }: Question, apex: string): Buffer {
  const at = NAME_ASKED + name.length - apex.length; // every label of ours is one byte a character
  const times = Buffer.alloc(20);
  // The serial never grows: nobody transfers this zone. Refresh, retry, expire as they are usual for small ones.
  [1, 3600, 600, 86_400, TTL].forEach((value, i) => times.writeUInt32BE(value, 4 * i));
  return record(at, TYPE.SOA, Buffer.concat([pointer(at), pointer(at), times]));
}

function record(nameAt: number, type: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(CLASS.IN, 2);
  fixed.writeUInt32BE(TTL, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([pointer(nameAt), fixed, data]);
}

function pointer(at: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(0xc000 | at, 0);
  return bytes;
}

function message(question: Question, given: Reply): Buffer {
  const { answers = [], authorities = [], rcode } = given;
  const options = question.edns === undefined ? [] : [optRecord(rcode)];
  const sections = [1, answers.length, authorities.length, options.length];
  return Buffer.concat([
    head({ ...question, rcode, isOurs: given.isOurs ?? false, sections }),
    question.bytes,
    ...answers,
    ...authorities,
    ...options,
  ]);
}

/** RFC 6891 section 6.1.2: we take 1232 bytes (what no path has to cut), and the upper bits of the code are here. */
function optRecord(rcode: number): Buffer {
  const bytes = Buffer.alloc(11);
  bytes.writeUInt16BE(TYPE.OPT, 1);
  bytes.writeUInt16BE(1232, 3);
  bytes.writeUInt8(rcode >> 4, 5);
  return bytes;
}

interface Head {
  readonly id: number;
  readonly opcode: number;
  readonly rcode: number;
  readonly recursionDesired?: boolean;
  readonly isOurs?: boolean;
  /** Questions, answers, authorities, additionals. */
  readonly sections?: readonly number[];
}

function head({ id, opcode, rcode, recursionDesired, isOurs, sections = [] }: Head): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt16BE(id, 0);
  const bits = (isOurs ? 0x0400 : 0) | (recursionDesired ? 0x0100 : 0);
  bytes.writeUInt16BE(0x8000 | (opcode << 11) | bits | (rcode & 15), 2);
  sections.forEach((count, i) => bytes.writeUInt16BE(count, 4 + 2 * i));
  return bytes;
}
