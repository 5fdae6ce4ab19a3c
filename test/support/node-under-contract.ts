import type { EngineOptions, OpenEngine } from "../contract/contract.ts";
import { type DoorOptions, openDoor } from "./door.ts";

type Limits = NonNullable<DoorOptions["limits"]>;

const LIMITS: Record<NonNullable<EngineOptions["limits"]>, Limits> = {
  short: { headerDeadline: 500, keepAliveIdle: 500, bodyIdle: 500, handshakeDeadline: 500 },
  wide: { connectionsPerAddress: 5000 },
};

/** The node engine as the contract wants it. */
export const openNode: OpenEngine = (apps, { limits, ...more } = {}) =>
  openDoor(apps, limits === undefined ? more : { ...more, limits: LIMITS[limits] });
