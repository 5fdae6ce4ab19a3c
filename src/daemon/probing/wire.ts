/*
 * The ways to an app that a probe is handed: through the door, as a device goes (its name in the handshake, the
 * certificate judged by the root alone), and straight to where the app listens. Called by openhands-checks.ts.
 */
import { type IncomingMessage, request as plainRequest, type RequestOptions } from "node:http";
import { request as secureRequest } from "node:https";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import type { ClientOptions } from "ws";
import { type Heard, parsed, type Wire, type Wish } from "../../apps/openhands/probe/wire.ts";
import { dialLine } from "./line.ts";

export interface DoorWay {
  /** Where the door listens. */
  readonly at: { readonly address: string; readonly port: number };
  readonly name: string;
  /** The app's origin there: what its own pages send as theirs. */
  readonly origin: string;
  readonly rootPem: string;
  /** The token that lets in; undefined where everyone may come. */
  readonly bearer: () => Promise<string | undefined>;
}

/** Milliseconds for an answer. */
const PATIENCE = 5_000;

export function throughDoor({ at, name, origin, rootPem, bearer }: DoorWay): Wire {
  const place = at.port === 443 ? name : `${name}:${at.port}`;
  const tls: ConnectionOptions = {
    host: at.address,
    port: at.port,
    servername: name,
    ca: rootPem,
    ALPNProtocols: ["http/1.1"],
  };
  const fields = async (): Promise<Record<string, string>> => {
    const token = await bearer();
    return { host: place, origin, ...(token && { authorization: `Bearer ${token}` }) };
  };
  return {
    ask: async (wish) => exchange(secureRequest, { ...tls, headers: await fields() }, wish),
    dial: async (path, signal) => {
      const { authorization } = await fields();
      const options: ClientOptions = {
        origin,
        headers: authorization === undefined ? {} : { authorization },
        createConnection: () => connectTls(tls),
      };
      return dialLine(`wss://${place}${path}`, options, signal);
    },
  };
}

/** @param upstream `http://localhost:3000`; whatever certificate is there is taken, as only this machine asks. */
export function straightTo(upstream: string): Wire {
  const { protocol, hostname, port, host, origin } = new URL(upstream);
  const isSecure = protocol === "https:";
  const at = { host: hostname.replace(/^\[|\]$/g, ""), port: port || (isSecure ? 443 : 80) };
  const client = isSecure ? secureRequest : plainRequest;
  return {
    ask: (wish) => exchange(client, { ...at, headers: { host, origin } }, wish),
    dial: (path, signal) =>
      dialLine(
        `${isSecure ? "wss" : "ws"}://${host}${path}`,
        { origin, rejectUnauthorized: false },
        signal,
      ),
  };
}

type Base = Omit<RequestOptions, "headers"> & {
  readonly headers: Readonly<Record<string, string>>;
};

function exchange(
  client: typeof secureRequest | typeof plainRequest,
  { headers: own, ...base }: Base,
  { method = "GET", path, key, cookie, json, patienceMs = PATIENCE }: Wish,
): Promise<Heard> {
  const body = json === undefined ? undefined : JSON.stringify(json);
  const headers = {
    ...own,
    accept: "application/json",
    ...(key !== undefined && { "x-session-api-key": key }),
    ...(cookie !== undefined && cookie !== "" && { cookie }),
    ...(body !== undefined && {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    }),
  };
  return new Promise((resolve, reject) => {
    const late = new Error(`no answer within ${patienceMs / 1000} seconds`);
    const outgoing = client({ ...base, agent: false, method, path, headers }, (response) => {
      read(response).then(resolve, reject);
    });
    const limit = setTimeout(() => outgoing.destroy(late), patienceMs);
    outgoing.once("error", reject).once("close", () => clearTimeout(limit));
    outgoing.end(body);
  });
}

/** Characters; longer answers are of no interest whole. */
const LONGEST = 2 * 1024 * 1024;

async function read(response: IncomingMessage): Promise<Heard> {
  const { statusCode = 0, headers } = response;
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) {
    text += String(chunk);
    if (text.length > LONGEST) break;
  }
  const problem = headers["x-genkan-problem"];
  const cookies = (headers["set-cookie"] ?? []).map((cookie) => cookie.split(";")[0] ?? "");
  return {
    status: statusCode,
    problem: typeof problem === "string" ? problem : undefined,
    text,
    json: parsed(text),
    location: headers.location,
    cookies,
  };
}
