/*
 * A few bytes from a door that is not trusted yet. TLS is not verified here, on purpose: remote.ts
 * believes nothing of what comes but a certificate with the fingerprint the person gave.
 */
import { get as getPlain, type IncomingMessage } from "node:http";
import { get as getSecure } from "node:https";
import { codeOf, messageOf } from "../kernel/errors.ts";
import { trustErrors } from "./errors.ts";

/** A root certificate has about 1 KiB. */
const LARGEST_ANSWER = 64 * 1024;
/** The plain port sends to the secure one; more hops than that are somebody's game. */
const MOST_REDIRECTS = 2;

export interface Answer {
  /** Where the bytes came from in the end. */
  readonly url: URL;
  readonly body: Buffer;
}

/**
 * The body of a 200 answer. Redirects are followed within the same host name only: nobody on the
 * network gets to choose whom else this machine talks to.
 * @throws TRUST_FETCH_FAILED
 */
export async function download(first: URL, signal: AbortSignal): Promise<Answer> {
  let url = first;
  const refuse = (why: string, cause?: unknown): never => {
    throw trustErrors.TRUST_FETCH_FAILED({ url: url.href, why }, { cause });
  };
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const { status, location, body } = await ask(url, signal).catch((thrown: unknown) =>
      refuse(whyOf(thrown, signal), thrown),
    );
    if (status === 200) return { url, body };
    if (status < 300 || status > 399 || location === undefined)
      return refuse(`it answered ${status}`);
    const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
    if (next?.hostname !== first.hostname || !/^https?:$/.test(next.protocol)) {
      return refuse("it sends elsewhere");
    }
    url = next;
  }
  return refuse("it sends round in circles");
}

interface Reply {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: Buffer;
}

function ask(url: URL, signal: AbortSignal): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const options = { signal, agent: false, headers: { accept: "application/x-x509-ca-cert" } };
    const answered = (response: IncomingMessage): void => {
      read(response).then(resolve, reject);
    };
    const request =
      url.protocol === "https:"
        ? getSecure(url, { ...options, rejectUnauthorized: false }, answered)
        : getPlain(url, options, answered);
    request.on("error", reject);
  });
}

async function read(response: IncomingMessage): Promise<Reply> {
  const parts: Buffer[] = [];
  let size = 0;
  // Leaving the loop by a throw ends the connection.
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > LARGEST_ANSWER) throw new Error(`the answer has more than ${LARGEST_ANSWER} bytes`);
    parts.push(part);
  }
  const { statusCode: status = 0, headers } = response;
  return { status, location: headers.location, body: Buffer.concat(parts) };
}

function whyOf(thrown: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "it did not answer in time";
  if (codeOf(thrown) === "ECONNREFUSED") return "nobody listens there";
  if (codeOf(thrown) === "ENOTFOUND") return "the name is not known here";
  return messageOf(thrown);
}
