/*
 * The schema's issues as faults in our own words: the value, what is allowed, the nearest spelling. Pure,
 * and free of zod at run time.
 */
import type { core } from "zod";
import { didYouMean } from "../kernel/suggest.ts";
import { quoted } from "../model/quoted.ts";
import type { Fault, Path } from "./problem.ts";

export interface KnownKeys {
  readonly top: readonly string[];
  /** Keys of one app's block. */
  readonly app: readonly string[];
  /** Keys of the DNS mode's block. */
  readonly dns: readonly string[];
}

/** @param value what was checked: issues name their value by its path only */
export function faultsOf(
  issues: readonly core.$ZodIssue[],
  value: unknown,
  known: KnownKeys,
): readonly Fault[] {
  const faults = issues.flatMap((issue) =>
    faultsOfIssue(issue, issue.path.map(step), { value, known }),
  );
  // A number can be wrong in two ways at once; the sentence for both is one.
  const bySentence = new Map(faults.map((fault) => [JSON.stringify(fault), fault]));
  return [...bySentence.values()];
}

interface Checked {
  readonly value: unknown;
  readonly known: KnownKeys;
}

function faultsOfIssue(issue: core.$ZodIssue, path: Path, checked: Checked): readonly Fault[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey(key, path, checked.known));
  }
  if (issue.code === "custom") return [{ path, at: "value", says: issue.message }];
  const branch = issue.code === "invalid_union" ? nearestBranch(issue.errors) : undefined;
  if (branch !== undefined) {
    return branch.flatMap((inner) =>
      faultsOfIssue(inner, [...path, ...inner.path.map(step)], checked),
    );
  }
  const found = valueAt(checked.value, path);
  const near =
    issue.code === "invalid_value" ? didYouMean(String(found), issue.values.map(String)) : "";
  return [{ path, at: "value", says: `${whatIs(found, path)}: ${issue.message}.${near}` }];
}

/** The branch of a union that the value was meant for: the one whose form it has. */
function nearestBranch(
  branches: readonly (readonly core.$ZodIssue[])[],
): readonly core.$ZodIssue[] | undefined {
  return branches.find((issues) =>
    issues.every(({ code, path }) => code !== "invalid_type" || path.length > 0),
  );
}

function unknownKey(key: string, path: Path, known: KnownKeys): Fault {
  const ofBlock = path[0] === "dns" ? known.dns : known.app;
  const keys = path.length === 0 ? known.top : ofBlock;
  const near = didYouMean(key, keys);
  const says = `The key ${quoted(key)} is unknown.${near} There are: ${keys.join(", ")}.`;
  return { path: [...path, key], at: "key", says };
}

function whatIs(value: unknown, path: Path): string {
  if (value === undefined) return `${String(path.at(-1))} is missing`;
  if (value === null) return "Nothing stands here";
  if (Array.isArray(value)) return "A list is not allowed here";
  if (typeof value === "object") return "A block is not allowed here";
  const shown = typeof value === "string" ? quoted(value) : String(value as number | boolean);
  return `${shown} is not allowed here`;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((found, key) => Object(found)[key], value);
}

function step(key: PropertyKey): string | number {
  return typeof key === "number" ? key : String(key);
}
