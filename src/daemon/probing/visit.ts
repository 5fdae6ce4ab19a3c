/*
 * How doctor comes in, where an app asks who comes: this user may make tokens anyway (the control socket), so doctor
 * makes one for this app alone, good for minutes, as the audit log says, and takes it away at the end. What it began in
 * an app is undone before that. Made by `genkan doctor`.
 */
import { randomUUID } from "node:crypto";
import { messageOf } from "../../kernel/errors.ts";
import type { AccessActions } from "../control/access-protocol.ts";

export interface Visit {
  /** Lets into this app from now on. @throws what the door says where it can make none */
  token(app: string): Promise<string>;
  /** Is done at the end, whatever happened, in the order given. */
  afterwards(task: () => Promise<void>): void;
  /** Undoes everything. Never rejects; what could not be undone is told. */
  end(): Promise<void>;
}

/** In front of its tokens' names. */
const NAME = "doctor";
/** Milliseconds: longer than the longest look, so that one that is left behind opens nothing for long. */
const GOOD_FOR = 15 * 60_000;

export function beginVisit(
  access: () => Pick<AccessActions, "makeToken" | "removeToken" | "tokens">,
  note: (text: string) => void,
): Visit {
  const tasks: (() => Promise<void>)[] = [];
  const made = new Map<string, Promise<string>>();
  const make = async (app: string): Promise<string> => {
    const name = `${NAME} ${randomUUID().slice(0, 8)}`;
    const making = access().makeToken({ name, apps: [app], goodForMs: GOOD_FOR });
    // Also where nobody waits for it any more; where there is none, whoever asked for it was told why.
    tasks.push(() =>
      making.then(
        () => access().removeToken(name),
        () => undefined,
      ),
    );
    return (await making).token;
  };
  const undo = async (task: () => Promise<void>): Promise<void> => {
    await task().catch((thrown: unknown) => note(`Not taken back: ${messageOf(thrown)}`));
  };
  return {
    token(app) {
      const token = made.get(app) ?? make(app);
      made.set(app, token);
      return token;
    },
    afterwards: (task) => void tasks.push(task),
    async end() {
      // What was made last goes first: the token opens the app until what was begun in it is gone.
      for (let task = tasks.pop(); task; task = tasks.pop()) await undo(task);
    },
  };
}
