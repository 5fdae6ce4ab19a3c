/*
 * The running door's ear: a socket in a folder only this user can enter. What answers is handed in.
 */
import { chmod, rm, rmdir } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { dirname } from "node:path";
import { codeOf, messageOf } from "../../kernel/errors.ts";
import type { Running } from "../../kernel/lifecycle.ts";
import type { Log } from "../../kernel/log.ts";
import { claimPrivateFolder } from "../../platform/files.ts";
import type { DoorStatus, ReloadReport } from "./protocol.ts";

export interface ControlActions {
  status(): Promise<DoorStatus>;
  reload(): Promise<ReloadReport>;
  /** Begins to close the door; the answer goes out before it is closed. */
  stop(): void;
}

/**
 * Listens on `path`. Call it with the home's lock held: a socket left by a killed door is removed.
 */
export async function startControl(
  path: string,
  actions: ControlActions,
  log: Log,
): Promise<Running> {
  const isFile = !path.startsWith("\\\\.\\pipe\\");
  if (isFile) {
    await claimPrivateFolder(dirname(path));
    await rm(path, { force: true });
  }
  const server = createServer((request, response) => {
    answer(request, actions).then(
      (body) => send(response, body === undefined ? 404 : 200, body ?? { error: "unknown" }),
      (thrown: unknown) => {
        log.error("control.failed", { why: messageOf(thrown) });
        send(response, 500, { error: messageOf(thrown) });
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(path, resolve);
  });
  if (isFile) await chmod(path, 0o600);
  return {
    stop: async () => {
      server.close();
      server.closeAllConnections();
      if (!isFile) return;
      await rm(path, { force: true });
      await removeIfEmpty(dirname(path));
    },
  };
}

/** A folder that was made for the socket alone goes with it; the state folder never is empty. */
async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((thrown: unknown) => {
    if (codeOf(thrown) !== "ENOTEMPTY" && codeOf(thrown) !== "EEXIST") throw thrown;
  });
}

async function answer(request: IncomingMessage, actions: ControlActions): Promise<unknown> {
  request.resume();
  switch (`${request.method} ${request.url}`) {
    case "GET /status":
      return await actions.status();
    case "POST /reload":
      return await actions.reload();
    case "POST /stop":
      actions.stop();
      return {};
    default:
      return undefined;
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    connection: "close",
  });
  response.end(text);
}
