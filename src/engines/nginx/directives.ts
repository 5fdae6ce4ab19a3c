/*
 * nginx's syntax: the only place that writes a directive, and so the only one that escapes. Values from
 * outside come in as plain strings and stay values; what nginx shall evaluate is marked with `live`.
 */
import { nginxErrors } from "./errors.ts";

/** Text of ours that nginx evaluates: variables and regular expressions. Never made from foreign values. */
export interface Live {
  readonly live: string;
}

export type Argument = string | number | Live;

export function live(text: string): Live {
  return { live: text };
}

/**
 * One directive: `name argument...;`
 * @throws NGINX_VALUE_UNFIT for a value nginx has no way to write literally.
 */
export function directive(name: string, ...values: readonly Argument[]): string {
  return `${[name, ...values.map(written)].join(" ")};`;
}

/** Words with a meaning of their own in the first place of a map's entry. */
const MAP_WORDS = new Set(["default", "hostnames", "include", "volatile"]);

/** One entry of a `map`: a value, or the live word `default`, and what it becomes. */
export function entry(from: Argument, to: Argument): string {
  const isPlainWord = typeof from === "string" && MAP_WORDS.has(from);
  return `${isPlainWord ? "\\" : ""}${written(from)} ${written(to)};`;
}

/** A block: its head, and its lines one level deeper. */
export function block(head: readonly [string, ...Argument[]], lines: readonly string[]): string {
  const [name, ...values] = head;
  const inner = lines.flatMap((line) => line.split("\n")).map((line) => (line ? `  ${line}` : ""));
  return [`${[name, ...values.map(written)].join(" ")} {`, ...inner, "}"].join("\n");
}

/** A remark for who reads the file; it cannot end early. */
export function comment(text: string): string {
  return `# ${text.replaceAll(/[\r\n]+/g, " ")}`;
}

/** Needs no quotes: nothing in it is syntax. */
const BARE = /^[A-Za-z0-9._:/@=+,[\]~*-]+$/;
/** `$` cannot be escaped in nginx; a line break would not end a quoted value, but hides what follows. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const UNFIT = /[\u0000-\u001f\u007f$]/;

function written(value: Argument): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "object") return quotedUnlessBare(value.live);
  if (UNFIT.test(value)) throw nginxErrors.NGINX_VALUE_UNFIT({ value });
  return quotedUnlessBare(value);
}

function quotedUnlessBare(text: string): string {
  if (BARE.test(text) || /^\$\w+$/.test(text)) return text;
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
