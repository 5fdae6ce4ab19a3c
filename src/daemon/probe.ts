/*
 * One request through the open door, as a visitor would make it: name in the handshake, certificate
 * judged by the root alone. Doctor's hand on the wire.
 */
import { request } from "node:https";
import type { TLSSocket } from "node:tls";
import type { DoorStatus } from "./control/protocol.ts";

export interface ProbeSpec {
  /** Where the door listens: an address of this machine and the secure port. */
  readonly at: { readonly address: string; readonly port: number };
  readonly name: string;
  readonly path: string;
  readonly rootPem: string;
  readonly signal: AbortSignal;
}

export interface ProbeAnswer {
  readonly status: number;
  /** The door's problem code, where the answer is one of its own problem pages. */
  readonly problem: string | undefined;
  readonly body: string;
  /** When the served certificate ends, milliseconds since the epoch. */
  readonly notAfter: number;
}

/** The longest answer that is read; the rest is of no interest. */
const LONGEST_BODY = 64 * 1024;

/** @throws the system's or TLS's error: no connection, a certificate the root does not vouch for. */
export function probe({ at, name, path, rootPem, signal }: ProbeSpec): Promise<ProbeAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: at.address,
        port: at.port,
        path,
        servername: name,
        ca: rootPem,
        agent: false,
        signal,
        headers: {
          host: at.port === 443 ? name : `${name}:${at.port}`,
          accept: "application/json",
        },
      },
      (response) => {
        const certificate = (response.socket as TLSSocket).getPeerCertificate();
        const problem = response.headers["x-genkan-problem"];
        let body = "";
        const done = (): void =>
          resolve({
            status: response.statusCode ?? 0,
            problem: typeof problem === "string" ? problem : undefined,
            body,
            notAfter: Date.parse(certificate.valid_to),
          });
        response.setEncoding("utf8").on("data", (text: string) => {
          body += text;
          if (body.length < LONGEST_BODY) return;
          done();
          response.destroy();
        });
        response.once("end", done).once("error", reject);
      },
    );
    outgoing.once("error", reject);
    outgoing.end();
  });
}

/** An address of this machine the door answers on. */
export function placeOf(status: DoorStatus): { address: string; port: number } | undefined {
  const secure = status.listening.find((place) => place.secure);
  if (!secure) return undefined;
  const loopback: Record<string, string> = { "0.0.0.0": "127.0.0.1", "::": "::1" };
  return { address: loopback[secure.address] ?? secure.address, port: secure.port };
}
