/*
 * Finds texts in a JSON document by where they stand, and the bytes they stand in, without reading anything else:
 * what is not asked for (numbers no program can hold, keys said twice) stays as it was written. Called by
 * read-places.ts. What must stay true: one walk over the bytes, no depth and no length that takes more than that.
 */

/** Which texts are wanted: the document is walked along this and nowhere else. */
export interface Shape {
  /** The value itself, where it is a string. */
  readonly text?: true;
  /** The names of an object. */
  readonly names?: true;
  /** Values of an object by their names; where one is there twice, the last counts (as with JSON.parse). */
  readonly fields?: readonly Field[];
  /** Every item of an array. */
  readonly each?: Shape;
}

type Field = readonly [name: string, shape: Shape];

/** A string of the document; its quotes are at `start` and before `end`, in bytes. */
export interface JsonText {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What was found of a shape; empty where something else stands there. */
export interface Found {
  readonly text?: JsonText;
  readonly names?: readonly JsonText[];
  readonly fields?: ReadonlyMap<string, Found>;
  readonly each?: readonly Found[];
}

/** Objects, items and texts that are looked into; what comes after is not looked at. */
const MOST = 5_000;
/** Bytes of a string that is wanted. */
const LONGEST = 8 * 1024;

/** @returns undefined where it is no JSON, as far as it was read. */
export function findTexts(content: Uint8Array, shape: Shape): Found | undefined {
  const cursor: Cursor = { bytes: content, at: 0, left: MOST };
  try {
    const found = readValue(cursor, shape);
    skipSpace(cursor);
    return cursor.at === content.length ? found : undefined;
  } catch (thrown) {
    if (thrown instanceof BrokenJsonError) return undefined;
    throw thrown;
  }
}

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
  left: number;
}

/** Never leaves this file. */
class BrokenJsonError extends Error {
  override readonly name = "BrokenJsonError";
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

function readValue(cursor: Cursor, shape: Shape | undefined): Found {
  const first = skipSpace(cursor);
  if (shape && (cursor.left -= 1) >= 0) {
    if (first === QUOTE && shape.text) return textFound(readText(cursor));
    if (first === OPEN_ARRAY && shape.each) return { each: readArray(cursor, shape.each) };
    if (first === OPEN_OBJECT && (shape.fields ?? shape.names)) return readObject(cursor, shape);
  }
  skipValue(cursor);
  return {};
}

function textFound(text: JsonText | undefined): Found {
  return text ? { text } : {};
}

function readArray(cursor: Cursor, each: Shape): Found[] {
  const items: Found[] = [];
  cursor.at += 1;
  if (skipSpace(cursor) === CLOSE_ARRAY) {
    cursor.at += 1;
    return items;
  }
  do items.push(readValue(cursor, each));
  while (goesOn(cursor, CLOSE_ARRAY));
  return items;
}

function readObject(cursor: Cursor, { fields, names: wanted }: Shape): Found {
  const found = new Map<string, Found>();
  const names: JsonText[] = [];
  cursor.at += 1;
  if (skipSpace(cursor) === CLOSE_OBJECT) {
    cursor.at += 1;
    return { fields: found, names };
  }
  do {
    skipSpace(cursor);
    const start = cursor.at;
    skipString(cursor);
    const name = wanted && (cursor.left -= 1) >= 0 ? textFrom(cursor, start) : undefined;
    if (name) names.push(name);
    const field = fields && fieldNamed(cursor, start, fields);
    if (skipSpace(cursor) !== COLON) throw new BrokenJsonError();
    cursor.at += 1;
    const value = readValue(cursor, field?.[1]);
    if (field) found.set(field[0], value);
  } while (goesOn(cursor, CLOSE_OBJECT));
  return { fields: found, names };
}

/** Most names are not wanted, and none is made a string to learn that. */
function fieldNamed(cursor: Cursor, start: number, fields: readonly Field[]): Field | undefined {
  const length = cursor.at - start - 2;
  const first = cursor.bytes[start + 1];
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index];
    const name = field?.[0] ?? "";
    if (name.length !== length || name.charCodeAt(0) !== first) continue;
    if (isWritten(cursor, start, name)) return field;
  }
  return undefined;
}

/** Whether the string of this length that begins at `start` is this one, in ASCII and without escapes, as everybody writes such names. */
function isWritten({ bytes }: Cursor, start: number, name: string): boolean {
  for (let index = 0; index < name.length; index += 1) {
    if (bytes[start + 1 + index] !== name.charCodeAt(index)) return false;
  }
  return true;
}

/** Behind an item: whether there is another. */
function goesOn(cursor: Cursor, close: number): boolean {
  const byte = skipSpace(cursor);
  if (byte !== COMMA && byte !== close) throw new BrokenJsonError();
  cursor.at += 1;
  return byte === COMMA;
}

function readText(cursor: Cursor): JsonText | undefined {
  const start = cursor.at;
  skipString(cursor);
  return textFrom(cursor, start);
}

/** The string the cursor has just passed; undefined for one that is too long to be of interest. */
function textFrom({ bytes, at: end }: Cursor, start: number): JsonText | undefined {
  if (end - start > LONGEST) return undefined;
  const written = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  return { text: parsed(written.toString()), start, end };
}

function parsed(written: string): string {
  if (!written.includes("\\")) return written.slice(1, -1);
  try {
    return String(JSON.parse(written));
  } catch (thrown) {
    throw new BrokenJsonError("no such escape", { cause: thrown });
  }
}

/** The byte at the next thing that is no white space; undefined at the end. */
function skipSpace(cursor: Cursor): number | undefined {
  const { bytes } = cursor;
  let { at } = cursor;
  let byte = bytes[at];
  while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[(at += 1)];
  cursor.at = at;
  return byte;
}

function skipString(cursor: Cursor): void {
  const { bytes } = cursor;
  let { at } = cursor;
  if (bytes[at] !== QUOTE) throw new BrokenJsonError();
  let byte = bytes[(at += 1)];
  while (byte !== QUOTE) {
    if (byte === undefined) throw new BrokenJsonError();
    byte = bytes[(at += byte === BACKSLASH ? 2 : 1)];
  }
  cursor.at = at + 1;
}

/** Goes behind a value, whatever it is; what is in it is not judged. */
function skipValue(cursor: Cursor): void {
  const byte = cursor.bytes[cursor.at];
  if (byte === QUOTE) skipString(cursor);
  else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) skipContainer(cursor);
  else skipScalar(cursor);
}

/** Counts brackets outside of strings. */
function skipContainer(cursor: Cursor): void {
  const { bytes } = cursor;
  let { at } = cursor;
  let depth = 0;
  do {
    const byte = bytes[at];
    if (byte === QUOTE) {
      cursor.at = at;
      skipString(cursor);
      at = cursor.at;
      continue;
    }
    if (byte === undefined) throw new BrokenJsonError();
    at += 1;
    if (byte < OPEN_ARRAY) continue;
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth -= 1;
  } while (depth > 0);
  cursor.at = at;
}

/** A number, `true`, `false` or `null`: whatever stands there up to what may follow a value. */
function skipScalar(cursor: Cursor): void {
  const start = cursor.at;
  let byte = cursor.bytes[start];
  while (byte !== undefined && isOfScalar(byte)) byte = cursor.bytes[(cursor.at += 1)];
  if (cursor.at === start) throw new BrokenJsonError();
}

/** Digits, letters, `+`, `-` and `.`. */
function isOfScalar(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e ||
    byte === 0x45
  );
}
