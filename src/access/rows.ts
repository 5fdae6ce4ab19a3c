/*
 * Rows kept in one JSON file: read whole at the start, written whole and atomically at every change
 * that counts, and seldom for what does not. The daemon is the only writer. A change is true in
 * memory only once it is true on the disk.
 *
 *   { "version": 1, "rows": [ … ] }
 */
import { messageOf } from "../kernel/errors.ts";
import { readIfThere, writeAtomic } from "../platform/files.ts";
import { accessErrors } from "./errors.ts";

export interface Rows<Row> {
  get(key: string): Row | undefined;
  all(): ReadonlyMap<string, Row>;
  /**
   * Resolves when it is on the disk; where that fails nothing has changed. A change that is made of what the rows are
   * is given as a function: it is asked when its turn has come, so that it brings back nothing that went meanwhile.
   * @throws FILE_NOT_WRITABLE
   */
  change(change: Change<Row> | (() => Change<Row>)): Promise<void>;
  /** Changes a row that is there in memory alone, until the next change or flush. */
  note(key: string, row: Row): void;
  /** Writes what was only noted. @throws FILE_NOT_WRITABLE */
  flush(): Promise<void>;
}

export interface Change<Row> {
  readonly put?: readonly Row[];
  readonly drop?: readonly string[];
}

export interface RowsSpec<Row> {
  readonly path: string;
  readonly keyOf: (row: Row) => string;
  /** Whether what the file holds is a row. */
  readonly isRow: (value: unknown) => value is Row;
  /** Told after every change that came about. */
  readonly onChange?: (change: Change<Row>, before: ReadonlyMap<string, Row>) => void;
}

/** The form of the files that this program reads and writes. */
const VERSION = 1;

/** @throws ACCESS_STATE_DAMAGED, ACCESS_STATE_FOREIGN, FILE_NOT_READABLE; the file stays as it is. */
export async function openRows<Row>(spec: RowsSpec<Row>): Promise<Rows<Row>> {
  const { path, keyOf } = spec;
  const rows = new Map((await readRows(spec)).map((row) => [keyOf(row), row] as const));
  let queue: Promise<void> = Promise.resolve();
  let isNoted = false;

  async function write(change: Change<Row>): Promise<void> {
    const next = new Map(rows);
    apply(next, change, keyOf);
    const hadNotes = isNoted;
    isNoted = false;
    try {
      const text = JSON.stringify({ version: VERSION, rows: [...next.values()] });
      await writeAtomic(path, `${text}\n`, { mode: 0o600 });
    } catch (thrown) {
      isNoted ||= hadNotes;
      throw thrown;
    }
    const before = new Map(rows);
    apply(rows, change, keyOf); // not `next`: rows may have been noted while the disk was busy
    spec.onChange?.(change, before);
  }
  /** One at a time; one that fails does not keep the next from its turn. */
  function inTurn(task: () => Promise<void>): Promise<void> {
    const turn = queue.then(task);
    queue = turn.catch(() => undefined); // whoever asked hears of it through `turn`
    return turn;
  }
  return {
    get: (key) => rows.get(key),
    all: () => rows,
    change: (change) => inTurn(() => write(typeof change === "function" ? change() : change)),
    note: (key, row) => {
      if (!rows.has(key)) return;
      rows.set(key, row);
      isNoted = true;
    },
    flush: () => inTurn(async () => (isNoted ? write({}) : undefined)),
  };
}

function apply<Row>(
  rows: Map<string, Row>,
  change: Change<Row>,
  keyOf: (row: Row) => string,
): void {
  for (const key of change.drop ?? []) rows.delete(key);
  for (const row of change.put ?? []) rows.set(keyOf(row), row);
}

async function readRows<Row>({ path, isRow, keyOf }: RowsSpec<Row>): Promise<readonly Row[]> {
  const text = await readIfThere(path);
  if (text === undefined) return [];
  const damaged = (why: string, cause?: unknown): Error =>
    accessErrors.ACCESS_STATE_DAMAGED({ path, why }, { cause });
  const { version, rows } = parse(text, damaged);
  if (version !== VERSION) {
    throw accessErrors.ACCESS_STATE_FOREIGN({ path, version: String(version), known: VERSION });
  }
  if (!Array.isArray(rows)) throw damaged("it has no rows");
  const bad = rows.findIndex((row) => !isRow(row));
  if (bad !== -1) throw damaged(`row ${bad + 1} lacks something`);
  const good = rows.filter(isRow);
  if (new Set(good.map(keyOf)).size !== good.length) throw damaged("two rows are the same");
  return good;
}

function parse(
  text: string,
  damaged: (why: string, cause?: unknown) => Error,
): { version: unknown; rows: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw damaged(messageOf(thrown), thrown);
  }
  if (typeof value !== "object" || value === null || !("version" in value)) {
    throw damaged("it does not say in what form it is written");
  }
  return { version: value.version, rows: "rows" in value ? value.rows : undefined };
}

/** Checks of a row's fields. */
export const is = {
  text: (value: unknown): value is string => typeof value === "string",
  time: (value: unknown): value is number => Number.isSafeInteger(value),
  timeOrNull: (value: unknown): value is number | null =>
    value === null || Number.isSafeInteger(value),
  flag: (value: unknown): value is boolean => typeof value === "boolean",
  texts: (value: unknown): value is string[] => Array.isArray(value) && value.every(is.text),
} as const;

type Fields<Row> = { readonly [K in keyof Row]-?: (value: unknown) => value is Row[K] };

/** Whether a value has exactly these fields, each as its check wants it. */
export function rowChecker<Row>(fields: Fields<Row>): (value: unknown) => value is Row {
  const names = Object.keys(fields) as (keyof Row & string)[];
  return (value): value is Row => {
    if (typeof value !== "object" || value === null) return false;
    const found = value as Readonly<Record<string, unknown>>;
    return (
      Object.keys(found).length === names.length &&
      names.every((name) => Object.hasOwn(found, name) && fields[name](found[name]))
    );
  };
}
