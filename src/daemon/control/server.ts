/*
 * The running door's ear: a socket in a folder only this user can enter. What answers is handed in. A trouble
 * a person can act on crosses it as such; everything else is a mistake of ours.
 */
import { chmod, rm, rmdir } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { codeOf, GenkanError, messageOf } from "../../kernel/errors.ts";
import type { Running } from "../../kernel/lifecycle.ts";
import type { Log } from "../../kernel/log.ts";
import { claimPrivateFolder } from "../../platform/files.ts";
import type { AccessActions, PairWish, TokenWish } from "./access-protocol.ts";
import type { DoorStatus, ReloadReport } from "./protocol.ts";

export interface ControlActions {
  status(): Promise<DoorStatus>;
  reload(): Promise<ReloadReport>;
  /** Begins to close the door; the answer goes out before it is closed. */
  stop(): void;
  /** Who is let in. */
  readonly access: AccessActions;
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
        if (thrown instanceof GenkanError) return send(response, REFUSED, troubleOf(thrown));
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

/** @returns undefined where nobody knows what was asked. */
async function answer(request: IncomingMessage, actions: ControlActions): Promise<unknown> {
  const body = await text(request);
  switch (`${request.method} ${request.url}`) {
    case "GET /status":
      return await actions.status();
    case "POST /reload":
      return await actions.reload();
    case "POST /stop":
      actions.stop();
      return {};
    default:
      return await answerAccess(request, body, actions.access);
  }
}

/** What is asked for is believed to have its form: only this user reaches the socket, with this program. */
async function answerAccess(
  { method, url }: IncomingMessage,
  body: string,
  access: AccessActions,
): Promise<unknown> {
  switch (`${method} ${url}`) {
    case "GET /devices":
      return await access.devices();
    case "POST /pair":
      return await access.pair(JSON.parse(body) as PairWish);
    case "POST /invitation":
      return await access.invitation(JSON.parse(body) as string);
    case "POST /revoke":
      return await access.revoke(JSON.parse(body) as string);
    case "GET /tokens":
      return await access.tokens();
    case "POST /token":
      return await access.makeToken(JSON.parse(body) as TokenWish);
    case "POST /token/remove":
      await access.removeToken(JSON.parse(body) as string);
      return {};
    default:
      return undefined;
  }
}

/** RFC 9110 section 15.5.10: understood, and not possible as things are. The client knows it by this. */
export const REFUSED = 409;

function troubleOf({ code, message, fix, exit }: GenkanError): object {
  return { error: { code, message, fix, exit } };
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
