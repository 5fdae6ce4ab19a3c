/*
 * A second reading of HTTP/1.1, by the letter of RFC 9112 and of nothing else, so that the door's own can be
 * compared with it. It knows one meaning or none: what has two is malformed. Texts are latin1 bytes.
 */
export type Fields = readonly (readonly [name: string, value: string])[];

export interface Message {
  /** The three parts of the first line. */
  readonly start: readonly [string, string, string];
  readonly fields: Fields;
  readonly body: string;
  readonly trailers: Fields;
  /** Whether the body is all there. `endless`: it ends with the connection. */
  readonly ending: "whole" | "partial" | "endless";
  /** What should be chunks, or the trailers behind them, is something else: no more bytes could make it whole. */
  readonly isGarbled?: boolean;
}

export interface Reading {
  readonly messages: readonly Message[];
  /** Why reading stopped before the end; empty where it did not. */
  readonly malformed: string;
}

/** One message, what stands behind it, and whether the connection carries no other. */
export interface One {
  readonly message: Message;
  readonly rest: string;
  readonly isLast: boolean;
}

/** Requests one after another on a connection, up to the first that has no single meaning. */
export function readRequests(text: string): Reading {
  return readAll(text, readRequest);
}

/** The first of them: undefined where its head has not ended yet, a text where it has no single meaning. */
export function readRequest(text: string): One | string | undefined {
  const read = readHead(text.replace(/^[\r\n]+/, ""), REQUEST_LINE);
  if (typeof read === "string" || read === undefined) return read;
  return withBody(read, requestFraming(read));
}

/**
 * Answers one after another, interim ones included.
 * @param methods of the requests, in order.
 */
export function readAnswers(text: string, methods: readonly string[]): Reading {
  let nth = 0;
  return readAll(text, (rest) => {
    const read = readHead(rest, STATUS_LINE);
    if (typeof read === "string" || read === undefined) return read;
    const isInterim = read.start[1].startsWith("1");
    const framing = answerFraming(read, isInterim ? "HEAD" : (methods[nth] ?? "GET"));
    if (!isInterim) nth += 1;
    return withBody(read, framing);
  });
}

/** The values of a field, whatever its case. */
export function valuesIn(fields: Fields, name: string): string[] {
  return fields.filter(([field]) => field.toLowerCase() === name).map(([, value]) => value);
}

interface Head {
  readonly start: readonly [string, string, string];
  readonly fields: Fields;
  readonly rest: string;
}

type Framing = { readonly length: number } | "chunked" | "close" | { readonly malformed: string };

const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) +([\x21-\x7e]+) +(HTTP\/1\.[01])$/;
const STATUS_LINE = /^(HTTP\/1\.[01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/;
const FIELD = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/;

function readAll(text: string, readOne: (rest: string) => One | string | undefined): Reading {
  const messages: Message[] = [];
  for (let rest = text; rest.replace(/^[\r\n]+/, "") !== "";) {
    const one = readOne(rest);
    if (one === undefined) break;
    if (typeof one === "string") return { messages, malformed: one };
    messages.push(one.message);
    if (one.isLast) break;
    rest = one.rest;
  }
  return { messages, malformed: "" };
}

/** Undefined where the head has not ended yet. */
function readHead(text: string, startLine: RegExp): Head | string | undefined {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return /(?:^|[^\r])\n/.test(text) ? "an end of line without CR" : undefined;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const start = startLine.exec(first);
  if (!start) return `first line ${JSON.stringify(first)}`;
  const fields = fieldsOf(lines);
  if (typeof fields === "string") return fields;
  const [, a = "", b = "", c = ""] = start;
  return { start: [a, b, c], fields, rest: text.slice(end + 4) };
}

function fieldsOf(lines: readonly string[]): Fields | string {
  const fields: [string, string][] = [];
  for (const line of lines) {
    const field = FIELD.exec(line);
    if (!field) return `field ${JSON.stringify(line)}`;
    fields.push([field[1] ?? "", field[2] ?? ""]);
  }
  return fields;
}

function requestFraming({ start, fields }: Head): Framing {
  if (valuesIn(fields, "host").length > 1) return { malformed: "several Hosts" };
  const framing = framingOf(fields, start[2]);
  return framing === "close" ? { length: 0 } : framing;
}

function answerFraming({ start, fields }: Head, method: string): Framing {
  const status = start[1];
  if (status.startsWith("1") || method === "HEAD" || status === "204" || status === "304") {
    return { length: 0 };
  }
  return framingOf(fields, start[0]);
}

function framingOf(fields: Fields, version: string): Framing {
  const lengths = valuesIn(fields, "content-length");
  const codings = valuesIn(fields, "transfer-encoding");
  if (codings.length > 0) {
    const isOne = codings.length === 1 && codings[0]?.toLowerCase() === "chunked";
    const isAlone = lengths.length === 0 && version === "HTTP/1.1";
    return isOne && isAlone ? "chunked" : { malformed: "framed in more than one way" };
  }
  const [length, ...more] = lengths;
  if (length === undefined) return "close";
  if (more.length > 0 || !/^\d{1,15}$/.test(length)) return { malformed: "no single length" };
  return { length: Number(length) };
}

function withBody(head: Head, framing: Framing): One | string {
  const { start, fields, rest } = head;
  const make = (body: string, more: Partial<Message>, left: string): One => {
    const message: Message = { start, fields, body, trailers: [], ending: "whole", ...more };
    return { message, rest: left, isLast: message.ending !== "whole" || isLast(head) };
  };
  if (framing === "close") return make(rest, { ending: "endless" }, "");
  if (framing === "chunked") {
    const { body, left, ...how } = readChunks(rest);
    return make(body, how, left);
  }
  if ("malformed" in framing) return framing.malformed;
  const body = rest.slice(0, framing.length);
  const ending = body.length === framing.length ? "whole" : "partial";
  return make(body, { ending }, rest.slice(framing.length));
}

function isLast({ start, fields }: Head): boolean {
  const tokens = valuesIn(fields, "connection")
    .join(",")
    .toLowerCase()
    .split(",")
    .map((token) => token.trim());
  const isOld = start.includes("HTTP/1.0") && !tokens.includes("keep-alive");
  return isOld || tokens.includes("close");
}

/** Up to the first chunk that is none; that, and everything behind it, never was a part of the body. */
function readChunks(text: string): Pick<Message, "body" | "trailers" | "isGarbled"> & {
  ending: "whole" | "partial";
  left: string;
} {
  let body = "";
  let rest = text;
  const partial = (isGarbled: boolean): ReturnType<typeof readChunks> => ({
    body,
    trailers: [],
    ending: "partial",
    left: "",
    isGarbled,
  });
  for (;;) {
    const line = /^0*([0-9a-fA-F]{1,16})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?\r\n/.exec(rest);
    if (!line) return partial(rest.includes("\n"));
    const size = Number.parseInt(line[1] ?? "", 16);
    rest = rest.slice(line[0].length);
    if (size === 0) break;
    body += rest.slice(0, size);
    const end = rest.slice(size, size + 2);
    if (end !== "\r\n") return partial(end !== "" && end !== "\r");
    rest = rest.slice(size + 2);
  }
  if (rest.startsWith("\r\n")) return { body, trailers: [], ending: "whole", left: rest.slice(2) };
  const end = rest.indexOf("\r\n\r\n");
  const trailers = fieldsOf(rest.slice(0, Math.max(end, 0)).split("\r\n"));
  if (end === -1 || typeof trailers === "string") return partial(rest.includes("\n"));
  return { body, trailers, ending: "whole", left: rest.slice(end + 4) };
}
