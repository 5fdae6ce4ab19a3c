/*
 * What a question is answered with: RFC 6762 sections 6 and 7. Pure.
 */
import type { AddressRecord, Message, Question, Reply } from "./packet.ts";

/** The records of a name that is ours, undefined of any other. @param name lower case */
export type RecordsOf = (name: string) => readonly AddressRecord[] | undefined;

/** The TTL of our records is 120 s: who knows one for at least half of that needs no answer (section 7.1). */
const KNOWN_FOR = 60;

/** The answer to a query, or undefined where there is nothing to say. */
export function answerTo(query: Message, recordsOf: RecordsOf): Reply | undefined {
  const answers = new Set<AddressRecord>();
  const additionals = new Set<AddressRecord>();
  const denied = new Set<string>();
  for (const question of query.questions) {
    const records = recordsOf(question.name);
    if (!records) continue;
    const fitting = records.filter((record) => fits(question, record));
    // A name without records of the type: saying so ends the asker's wait (section 6.1).
    if (fitting.length === 0) denied.add(question.name);
    for (const record of fitting) if (!isKnown(query, record)) answers.add(record);
    // The other kind of address is the next question; it comes along (section 6.2).
    for (const record of records) if (!fitting.includes(record)) additionals.add(record);
  }
  if (answers.size === 0 && denied.size === 0) return undefined;
  return { answers: [...answers], denied: [...denied], additionals: [...additionals] };
}

function fits({ type }: Question, record: AddressRecord): boolean {
  return type === "ANY" || type === record.type;
}

function isKnown({ answers }: Message, { name, address }: AddressRecord): boolean {
  return answers.some(
    (known) => known.name === name && known.data === address && known.ttl >= KNOWN_FOR,
  );
}
