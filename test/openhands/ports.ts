/*
 * Ports inside a generation's ranges, chosen at random among those that are free, as OpenHands does
 * (V0:openhands/runtime/utils/__init__.py find_available_tcp_port).
 */
import { randomInt } from "node:crypto";
import { createServer } from "node:net";

export interface PortRange {
  readonly from: number;
  /** This one belongs to it, too. */
  readonly to: number;
}

const given = new Set<number>();

/** A port of the range nobody listens on at this address; none is given twice. */
export async function freePortIn({ from, to }: PortRange, address: string): Promise<number> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const port = randomInt(from, to + 1);
    if (!given.has(port) && (await isFree(port, address))) {
      given.add(port);
      return port;
    }
  }
  throw new Error(`no port between ${from} and ${to} is free at ${address}`);
}

async function isFree(port: number, address: string): Promise<boolean> {
  const server = createServer();
  const listens = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false)).listen(port, address, () => resolve(true));
  });
  if (listens) await new Promise((resolve) => server.close(resolve));
  return listens;
}
