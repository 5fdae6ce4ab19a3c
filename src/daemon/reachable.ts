/*
 * Whether something accepts connections where an app should be. A look, not a request.
 */
import type { Upstream } from "../model/target.ts";
import { accepts } from "../platform/accepts.ts";

/** Milliseconds to wait for one connection. */
const PATIENCE = 1_000;

/** `localhost` and names under it (RFC 6761 section 6.3) count as reachable on either loopback address. */
export async function isReachable({ host, port }: Upstream): Promise<boolean> {
  const isLoopback = host === "localhost" || host.endsWith(".localhost");
  const addresses = isLoopback ? ["127.0.0.1", "::1"] : [host];
  const answers = await Promise.all(addresses.map((address) => accepts(address, port, PATIENCE)));
  return answers.includes(true);
}
