import type { EngineOptions, OpenEngine } from "../contract/contract.ts";
import { type NginxDoorOptions, openNginxDoor } from "./nginx-door.ts";

type Limits = NonNullable<NginxDoorOptions["limits"]>;

const LIMITS: Record<NonNullable<EngineOptions["limits"]>, Limits> = {
  short: {},
  wide: { connections: 5000, connectionsPerAddress: 5000 },
};

/** The nginx engine as the contract wants it. */
export const openNginx: OpenEngine = (apps, { limits, ...more } = {}) =>
  openNginxDoor(apps, limits === undefined ? more : { ...more, limits: LIMITS[limits] });
