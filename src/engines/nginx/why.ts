/*
 * Why an app could not be reached: nginx tells that only to its log, so the door dials the app once itself
 * and says in half a sentence what came of it. Called for the page of an app that did not answer.
 */
import { lookup } from "node:dns/promises";
import { connect, isIP, isIPv6 } from "node:net";
import { connect as connectSecure } from "node:tls";
import { codeOf, messageOf } from "../../kernel/errors.ts";
import type { Upstream } from "../../model/target.ts";

export interface Cause {
  readonly code: "APP_UNREACHABLE" | "APP_TLS" | "APP_CLOSED";
  readonly why: string;
}

/** Milliseconds the visitor waits for it at most. */
const PATIENCE = 2_000;

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused on",
  ECONNRESET: "connection broken off by",
  EHOSTUNREACH: "no way to",
  ENETUNREACH: "no way to",
  ETIMEDOUT: "no answer from",
};

/** @param trusted PEM of the authorities an https app may be signed by. */
export async function whyUnreachable(to: Upstream, trusted: readonly string[]): Promise<Cause> {
  const place = isIPv6(to.host) ? `[${to.host}]:${to.port}` : `${to.host}:${to.port}`;
  const known = await lookup(to.host).catch(() => undefined); // why not is of no interest: it leads nowhere
  if (!known) return { code: "APP_UNREACHABLE", why: `the name ${to.host} is not known here` };
  try {
    await dial(to);
  } catch (thrown) {
    const words = WORDS[codeOf(thrown) ?? ""];
    const why = words ? `${words} ${place}` : `no connection to ${place} (${messageOf(thrown)})`;
    return { code: "APP_UNREACHABLE", why };
  }
  if (to.scheme === "http") return { code: "APP_CLOSED", why: `${place} took no request` };
  try {
    await shakeHands(to, trusted);
    return { code: "APP_TLS", why: `nginx and ${place} found no way to speak TLS` };
  } catch (thrown) {
    return { code: "APP_TLS", why: `TLS with ${place} failed: ${messageOf(thrown)}` };
  }
}

function dial({ host, port }: Upstream): Promise<void> {
  const socket = connect({ host, port, autoSelectFamily: true });
  return outcome(socket, "connect");
}

function shakeHands(to: Upstream, trusted: readonly string[]): Promise<void> {
  const { host, port, insecure } = to;
  const name = isIP(host) ? {} : { servername: host };
  const socket = connectSecure({
    host,
    port,
    ...name,
    ca: [...trusted],
    rejectUnauthorized: !insecure,
  });
  return outcome(socket, "secureConnect");
}

function outcome(socket: ReturnType<typeof connect>, ready: string): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    socket.setTimeout(PATIENCE, () => {
      reject(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" }));
      socket.destroy();
    });
    socket.on("error", reject);
    socket.once(ready, () => {
      resolve();
      socket.destroy();
    });
  });
}
