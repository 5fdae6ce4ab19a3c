import { readFileSync } from "node:fs";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { type ClientOptions, WebSocket } from "ws";
import type { OpenDoor } from "./genkan.ts";

export interface Visit {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** One HTTP/1.1 request through a door, on a new connection, as a device that trusts the root alone. */
export function visit(door: OpenDoor, name: string, path = "/"): Promise<Visit> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port: door.httpsPort,
        servername: name,
        path,
        headers: { host: `${name}:${door.httpsPort}` },
        ca: readFileSync(door.ready.root.path),
        agent: false,
      },
      (response) => {
        const { statusCode: status = 0, headers } = response;
        text(response).then((body) => resolve({ status, headers, body }), reject);
      },
    );
    outgoing.once("error", reject).end();
  });
}

/** An open WebSocket through a door; closed with the door at the latest. */
export function openWebSocket(door: OpenDoor, name: string, path = "/echo"): Promise<WebSocket> {
  const options: ClientOptions & { servername: string } = {
    servername: name,
    headers: { host: name },
    ca: readFileSync(door.ready.root.path),
  };
  const socket = new WebSocket(`wss://127.0.0.1:${door.httpsPort}${path}`, options);
  return new Promise((resolve, reject) => {
    socket.once("open", () => resolve(socket)).once("error", reject);
  });
}

/** Sends a text and gives what comes back. */
export function echo(socket: WebSocket, message: string): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once("message", (data: Buffer) => resolve(data.toString()));
    socket.once("close", () => reject(new Error("the WebSocket was closed")));
    socket.send(message);
  });
}
