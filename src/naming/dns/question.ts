/*
 * The head and the one question of a DNS message, from bytes a stranger sent (RFC 1035 section 4.1).
 * What the answer repeats is kept as the bytes they were. Pure.
 */
import { decode } from "dns-packet";

export interface Question {
  readonly id: number;
  /** RFC 1035 section 4.1.1: 0 is a question; 4 is NOTIFY, 5 UPDATE. */
  readonly opcode: number;
  readonly recursionDesired: boolean;
  /** Lower case, without the closing dot. */
  readonly name: string;
  readonly type: number;
  readonly class: number;
  /** Name, type and class as they came: the answer repeats them, capitals and all. */
  readonly bytes: Uint8Array;
  /** The version of EDNS (RFC 6891), or undefined where the asker has none. */
  readonly edns: number | undefined;
}

export type Read =
  | { readonly is: "question"; readonly question: Question }
  /** A question that cannot be read; `id` and flags can. */
  | { readonly is: "malformed"; readonly id: number; readonly opcode: number }
  /** Too short for a head, or itself an answer: whoever answers those can be made to talk to itself. */
  | { readonly is: "silence" };

/** RFC 1035 section 4.2.1. Nobody needs more to ask one question; longer ones are not looked into. */
const LONGEST_QUESTION = 512;
const HEAD = 12;

export function readQuestion(packet: Uint8Array): Read {
  if (packet.length < HEAD) return { is: "silence" };
  const bytes = Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength);
  const id = bytes.readUInt16BE(0);
  const flags = bytes.readUInt16BE(2);
  if ((flags & 0x8000) !== 0) return { is: "silence" };
  const opcode = (flags >> 11) & 15;
  const malformed = { is: "malformed", id, opcode } as const;
  // One question, no answers, no authorities: what else a question carries is EDNS.
  const counts = [4, 6, 8].map((at) => bytes.readUInt16BE(at));
  if (bytes.length > LONGEST_QUESTION || counts.join() !== "1,0,0") return malformed;
  const name = readName(bytes);
  if (name === undefined || name.end + 4 > bytes.length) return malformed;
  const edns = readEdns(bytes);
  if (edns === "malformed") return malformed;
  return {
    is: "question",
    question: {
      id,
      opcode,
      recursionDesired: (flags & 0x0100) !== 0,
      name: name.text,
      type: bytes.readUInt16BE(name.end),
      class: bytes.readUInt16BE(name.end + 2),
      bytes: bytes.subarray(HEAD, name.end + 4),
      edns,
    },
  };
}

/** Labels only: the first name of a message has nothing before it to point to. */
function readName(bytes: Buffer): { text: string; end: number } | undefined {
  const labels: string[] = [];
  let at = HEAD;
  for (;;) {
    const length = bytes[at];
    if (length === undefined || length > 63 || at - HEAD > 254) return undefined;
    if (length === 0) return { text: labels.join("."), end: at + 1 };
    const label = bytes.toString("latin1", at + 1, at + 1 + length);
    // A dot inside a label would read as two labels: it becomes one character that is no byte, and so in no name of ours.
    labels.push(label.toLowerCase().replaceAll(".", "\u0100"));
    at += 1 + length;
  }
}

function readEdns(bytes: Buffer): number | undefined | "malformed" {
  try {
    const { additionals = [] } = decode(bytes);
    const [option, ...more] = additionals.filter(({ type }) => type === "OPT");
    if (more.length > 0) return "malformed"; // RFC 6891 section 6.1.1
    return option?.type === "OPT" ? option.ednsVersion : undefined;
  } catch (thrown) {
    if (thrown instanceof Error) return "malformed"; // the decoder throws on whatever it cannot read
    throw thrown;
  }
}
