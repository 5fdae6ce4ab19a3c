/*
 * A visitor who asks and tells apart a whole answer from a broken one, over either protocol.
 */
import { readFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { request } from "node:https";
import { connect as connectTls } from "node:tls";
import type { OpenDoor } from "../support/genkan.ts";

export const PROTOCOLS = ["HTTP/1.1", "HTTP/2"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export interface Heard {
  /** 0 where not even a head came. */
  readonly status: number;
  /** Names in lower case. */
  readonly fields: Readonly<Record<string, string | string[] | undefined>>;
  readonly trailers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** Broken: no client would take the answer for a complete one. */
  readonly ending: "whole" | "broken";
  /** Statuses of the answers in between. */
  readonly hints: readonly number[];
  /** Of the door's own problem answers. */
  readonly code: string | undefined;
}

interface Question {
  /** `wiki` unless told. */
  readonly app?: string;
  readonly method?: string;
  readonly path: string;
}

type Growing = { -readonly [K in keyof Heard]: Heard[K] } & { hints: number[] };

/** Asks on a connection of its own and waits for the end, whole or not. */
export async function ask(protocol: Protocol, door: OpenDoor, question: Question): Promise<Heard> {
  const heard: Growing = {
    status: 0,
    fields: {},
    trailers: {},
    body: "",
    ending: "broken",
    hints: [],
    code: undefined,
  };
  const name = `${question.app ?? "wiki"}.local`;
  await (protocol === "HTTP/2" ? askHttp2 : askHttp1)({ door, name, ...question }, heard);
  if (heard.body.startsWith('{\n  "error"')) {
    heard.code = (JSON.parse(heard.body) as { error: { code: string } }).error.code;
  }
  return heard;
}

type Asked = Question & { readonly door: OpenDoor; readonly name: string };

function askHttp1({ door, name, method = "GET", path }: Asked, heard: Growing): Promise<void> {
  return new Promise((resolve) => {
    const outgoing = request({
      ...placeOf(door, name),
      method,
      path,
      agent: false,
      headers: { host: name },
    });
    outgoing.on("information", ({ statusCode }) => heard.hints.push(statusCode));
    outgoing.on("response", (response) => {
      heard.status = response.statusCode ?? 0;
      heard.fields = response.headers;
      response.setEncoding("latin1").on("data", (text: string) => (heard.body += text));
      response.on("end", () => {
        heard.trailers = response.trailers;
        if (response.complete) heard.ending = "whole";
      });
      response.on("error", () => undefined); // told by close
      response.on("close", resolve);
    });
    outgoing.on("error", () => resolve());
    outgoing.end();
  });
}

function askHttp2({ door, name, method = "GET", path }: Asked, heard: Growing): Promise<void> {
  const session = connectHttp2(`https://${name}`, {
    createConnection: () => connectTls({ ...placeOf(door, name), ALPNProtocols: ["h2"] }),
  });
  return new Promise((resolve) => {
    session.on("error", () => resolve());
    const stream = session.request({ ":method": method, ":path": path });
    let hasEnded = false;
    stream.on("headers", ({ ":status": status }) => heard.hints.push(Number(status)));
    stream.on("response", ({ ":status": status, ...fields }) => {
      heard.status = Number(status);
      heard.fields = fields;
    });
    stream.on("trailers", (fields) => (heard.trailers = fields));
    stream.setEncoding("latin1").on("data", (text: string) => (heard.body += text));
    stream.on("end", () => (hasEnded = true));
    stream.on("error", () => undefined); // told by close
    stream.on("close", () => {
      if (hasEnded && stream.rstCode === 0) heard.ending = "whole";
      session.destroy();
      resolve();
    });
    stream.end();
  });
}

function placeOf(door: OpenDoor, name: string) {
  const ca = readFileSync(door.ready.root.path);
  return { host: "127.0.0.1", port: door.httpsPort, servername: name, ca };
}
