/*
 * Whether new devices find the door's first page: asked over plain http at every address they may use. Only
 * this machine asks, so a firewall that shuts out others is not seen here.
 */
import { X509Certificate } from "node:crypto";
import { get } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Finding } from "../kernel/check.ts";
import { messageOf } from "../kernel/errors.ts";
import { shownAddresses } from "../platform/network.ts";
import type { DoorStatus } from "./control/protocol.ts";
import { originOf } from "./shown-address.ts";

/** Milliseconds. */
const PATIENCE = 5_000;

/** @param machines addresses of this machine that people may type, for a door that listens everywhere. */
export async function lookAtPlain(
  { listening, root }: Pick<DoorStatus, "listening" | "root">,
  machines: () => readonly string[] = shownAddresses,
): Promise<Finding> {
  const origins = [...new Set(listening.filter(({ secure }) => !secure).flatMap(placesOf))];
  if (origins.length === 0) return { state: "unknown", why: "this machine has no network" };
  const troubles: string[] = [];
  for (const origin of origins) {
    const why = await whyNot(origin, root.fingerprint);
    if (why !== undefined) troubles.push(`${origin} (${why})`);
  }
  if (troubles.length === 0) return { state: "well", note: origins.join(", ") };
  return {
    state: "unwell",
    severity: "high",
    says: `New devices do not get the root at ${troubles.join(", nor at ")}.`,
    fix: { says: "See what the door says, and who listens there", command: "genkan logs" },
  };

  function placesOf({ address, port }: DoorStatus["listening"][number]): string[] {
    const isEverywhere = address === "::" || address === "0.0.0.0";
    const some = isEverywhere ? machines() : [address];
    const fit = address === "0.0.0.0" ? some.filter((one) => !one.includes(":")) : some;
    return fit.map((one) => originOf("http", one, port));
  }
}

/** Undefined where the root handed out there is this door's. */
async function whyNot(origin: string, fingerprint: string): Promise<string | undefined> {
  try {
    const { status, body } = await fetched(`${origin}/root.crt`);
    if (status !== 200) return `it answers ${status}`;
    const print = new X509Certificate(body).fingerprint256;
    return print === fingerprint ? undefined : "it hands out another root";
  } catch (thrown) {
    return messageOf(thrown);
  }
}

function fetched(url: string): Promise<{ status: number | undefined; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(PATIENCE);
    get(url, { agent: false, signal }, (response) => {
      buffer(response).then((body) => resolve({ status: response.statusCode, body }), reject);
    }).once("error", reject);
  });
}
