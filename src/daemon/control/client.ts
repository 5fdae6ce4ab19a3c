/*
 * The command line's side of the control socket.
 */
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { codeOf, messageOf } from "../../kernel/errors.ts";
import type { Paths } from "../../platform/paths.ts";
import { daemonErrors } from "../errors.ts";
import type { DoorStatus, ReloadReport } from "./protocol.ts";

export interface DoorControl {
  /** @throws DOOR_CLOSED, DOOR_SILENT */
  status(): Promise<DoorStatus>;
  /** Makes the door read its configuration now. @throws DOOR_CLOSED, DOOR_SILENT */
  reload(): Promise<ReloadReport>;
  /** Asks the door to close; resolves when it has taken note. @throws DOOR_CLOSED, DOOR_SILENT */
  stop(): Promise<void>;
}

/** Milliseconds to wait for an answer; looking at every app takes the door a second at most. */
const PATIENCE = 10_000;

export function doorControl(paths: Paths): DoorControl {
  const ask = <T>(method: string, path: string): Promise<T> => call<T>(paths, method, path);
  return {
    status: () => ask<DoorStatus>("GET", "/status"),
    reload: () => ask<ReloadReport>("POST", "/reload"),
    stop: () => ask<void>("POST", "/stop"),
  };
}

/** The door's status, or undefined where none is open. @throws DOOR_SILENT */
export async function statusIfOpen(paths: Paths): Promise<DoorStatus | undefined> {
  try {
    return await doorControl(paths).status();
  } catch (thrown) {
    if (codeOf(thrown) === "DOOR_CLOSED") return undefined;
    throw thrown;
  }
}

async function call<T>(paths: Paths, method: string, path: string): Promise<T> {
  try {
    return await exchange<T>(paths.socket, method, path);
  } catch (thrown) {
    const code = codeOf(thrown);
    if (code === "ENOENT" || code === "ECONNREFUSED") {
      throw daemonErrors.DOOR_CLOSED({ home: paths.state }, { cause: thrown });
    }
    throw daemonErrors.DOOR_SILENT({ why: messageOf(thrown) }, { cause: thrown });
  }
}

function exchange<T>(socketPath: string, method: string, path: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(PATIENCE);
    const outgoing = request({ socketPath, method, path, signal }, (response) => {
      text(response)
        .then((body) => {
          if (response.statusCode !== 200)
            throw new Error(`it answered ${response.statusCode}: ${body}`);
          return JSON.parse(body) as T; // both ends are this program; a version of its own wrote it
        })
        .then(resolve, reject);
    });
    outgoing.once("error", reject);
    outgoing.end();
  });
}
