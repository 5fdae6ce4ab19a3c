/*
 * What happened, as events with fields: `log.info("leaf.issued", { name, until })`. Names are
 * literal and `noun.past-verb`, so they can be searched and counted; sentences are for people and
 * live elsewhere. Secrets never enter fields.
 */

export type Level = "debug" | "info" | "warn" | "error";
type Fields = Readonly<Record<string, unknown>>;

export interface Log {
  /** Fields may be a function: it is only called where the event is written. */
  debug(event: string, fields?: Fields | (() => Fields)): void;
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, fields?: Fields): void;
  /** A log that adds these fields to everything it says. */
  with(fields: Fields): Log;
}

/** One thing that happened; `at` is ISO 8601 in UTC. */
export interface LogEntry extends Fields {
  readonly at: string;
  readonly level: Level;
  readonly event: string;
}

/**
 * A log that hands every entry to `write`. Errors among the fields become their message and code.
 * @param least what is below this level is not even made.
 */
export function createLog(
  now: () => number,
  write: (entry: LogEntry) => void,
  least: "debug" | "info" = "debug",
): Log {
  const sayer = (more: Fields): Log => {
    const say = (level: Level) => (event: string, fields?: Fields) =>
      write({
        at: new Date(now()).toISOString(),
        level,
        event,
        ...plainFields({ ...more, ...fields }),
      });
    const sayDebug = say("debug");
    return {
      debug: least === "debug" ? (event, fields) => sayDebug(event, called(fields)) : nothing,
      info: say("info"),
      warn: say("warn"),
      error: say("error"),
      with: (fields) => sayer({ ...more, ...fields }),
    };
  };
  return sayer({});
}

/** A log for those who do not want one. */
export const silentLog: Log = createLog(() => 0, nothing, "info");

function nothing(): void {}

function called(fields: Fields | (() => Fields) | undefined): Fields | undefined {
  return typeof fields === "function" ? (fields as () => Fields)() : fields;
}

function plainFields(fields: Fields): Fields {
  const entries = Object.entries(fields).map(([key, value]) => [key, plain(value)]);
  return Object.fromEntries(entries) as Fields;
}

function plain(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const code = "code" in value ? { code: value.code } : {};
  return { message: value.message, ...code };
}
