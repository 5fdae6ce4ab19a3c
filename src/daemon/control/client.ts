/*
 * The command line's side of the control socket.
 */
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { codeOf, GenkanError, messageOf, type Trouble } from "../../kernel/errors.ts";
import type { Paths } from "../../platform/paths.ts";
import { daemonErrors } from "../errors.ts";
import type { AccessActions } from "./access-protocol.ts";
import type { DoorStatus, ReloadReport } from "./protocol.ts";
import { REFUSED } from "./server.ts";

export interface DoorControl {
  /** @throws DOOR_CLOSED, DOOR_SILENT */
  status(): Promise<DoorStatus>;
  /** Makes the door read its configuration now. @throws DOOR_CLOSED, DOOR_SILENT */
  reload(): Promise<ReloadReport>;
  /** Asks the door to close; resolves when it has taken note. @throws DOOR_CLOSED, DOOR_SILENT */
  stop(): Promise<void>;
  /** Who is let in. All throw what the door throws, and DOOR_CLOSED, DOOR_SILENT. */
  readonly access: AccessActions;
}

/** Milliseconds to wait for an answer; looking at every app takes the door a second at most. */
const PATIENCE = 10_000;

export function doorControl(paths: Paths): DoorControl {
  const ask = <T>(method: string, path: string, body?: unknown): Promise<T> =>
    call<T>(paths.socket, { method, path, body }, paths.state);
  return {
    status: () => ask<DoorStatus>("GET", "/status"),
    reload: () => ask<ReloadReport>("POST", "/reload"),
    stop: () => ask<void>("POST", "/stop"),
    access: {
      devices: () => ask("GET", "/devices"),
      pair: (wish) => ask("POST", "/pair", wish),
      invitation: (id) => ask("POST", "/invitation", id),
      revoke: (device) => ask("POST", "/revoke", device),
      tokens: () => ask("GET", "/tokens"),
      makeToken: (wish) => ask("POST", "/token", wish),
      removeToken: (name) => ask("POST", "/token/remove", name),
    },
  };
}

/** The door's status, or undefined where none is open. @throws DOOR_SILENT */
export function statusIfOpen(paths: Paths): Promise<DoorStatus | undefined> {
  return ifOpen(() => doorControl(paths).status());
}

/** What a question to the door brings, or undefined where none is open. @throws what it throws otherwise */
export async function ifOpen<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (thrown) {
    if (codeOf(thrown) === "DOOR_CLOSED") return undefined;
    throw thrown;
  }
}

interface Ask {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

async function call<T>(socket: string, ask: Ask, home: string): Promise<T> {
  try {
    return await exchange<T>(socket, ask);
  } catch (thrown) {
    if (thrown instanceof GenkanError) throw thrown;
    const code = codeOf(thrown);
    if (code === "ENOENT" || code === "ECONNREFUSED") {
      throw daemonErrors.DOOR_CLOSED({ home }, { cause: thrown });
    }
    throw daemonErrors.DOOR_SILENT({ why: messageOf(thrown) }, { cause: thrown });
  }
}

function exchange<T>(socketPath: string, { method, path, body }: Ask): Promise<T> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(PATIENCE);
    const outgoing = request({ socketPath, method, path, signal }, (response) => {
      text(response)
        .then((answer) => read<T>(response.statusCode, answer))
        .then(resolve, reject);
    });
    outgoing.once("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Both ends are this program; a version of its own wrote it. */
function read<T>(status: number | undefined, answer: string): T {
  if (status === REFUSED) throw new GenkanError((JSON.parse(answer) as { error: Trouble }).error);
  if (status !== 200) throw new Error(`it answered ${status}: ${answer}`);
  return JSON.parse(answer) as T;
}
