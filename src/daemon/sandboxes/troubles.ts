/*
 * What ails the sandboxes of each app, for status and doctor: said once in the log, kept while it is so.
 */
import type { GenkanError } from "../../kernel/errors.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Log } from "../../kernel/log.ts";

export interface Troubles {
  note(app: string, port: number, error: GenkanError): void;
  /** The port is well. */
  forget(app: string, port: number): void;
  /** The latest, while it is not older than ten minutes. */
  of(app: string): GenkanError | undefined;
  keepOnly(apps: readonly string[]): void;
}

/** Milliseconds until a trouble that no answer showed again is over. */
const FRESH = 10 * 60_000;
/** Troubles kept for all apps; an app may name any number of ports. */
const MOST = 50;

interface Trouble {
  readonly app: string;
  readonly port: number;
  readonly error: GenkanError;
  readonly at: number;
}

export function createTroubles({
  clock,
  log,
}: {
  readonly clock: Clock;
  readonly log: Log;
}): Troubles {
  let kept: readonly Trouble[] = [];
  const isFresh = ({ at }: Trouble): boolean => clock.now() - at < FRESH;
  const without = (app: string, port: number): readonly Trouble[] =>
    kept.filter((each) => (each.app !== app || each.port !== port) && isFresh(each));
  return {
    note(app, port, error) {
      const isKnown = kept.some(
        (each) => each.app === app && each.error.code === error.code && isFresh(each),
      );
      if (!isKnown)
        log.warn("sandbox.refused", { app, port, code: error.code, why: error.message });
      kept = [...without(app, port), { app, port, error, at: clock.now() }].slice(-MOST);
    },
    forget(app, port) {
      kept = without(app, port);
    },
    of: (app) => kept.findLast((each) => each.app === app && isFresh(each))?.error,
    keepOnly(apps) {
      kept = kept.filter(({ app }) => apps.includes(app));
    },
  };
}
