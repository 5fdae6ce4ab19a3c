import { sessionCookie } from "../../src/access/cookies.ts";
import type { Access } from "../../src/access/access.ts";
import type { Invitation } from "../../src/access/pairing.ts";
import { createGate } from "../../src/daemon/admission.ts";
import type { Gate } from "../../src/engines/needs.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { portalNear } from "../../src/model/plan.ts";
import { answerProblem } from "../../src/portal/problem.ts";
import { type AccessWorld, accessWorld, pairDevice } from "./access.ts";

/** The gate of a door that cannot read who may come in; for doors whose apps are open to everyone. */
export const CLOSED_GATE: Gate = gateOver(undefined, () => 0);

export interface Household {
  readonly gate: Gate;
  readonly access: Access;
  readonly world: AccessWorld;
  /** Pairs a device and signs it in at a host; gives its id, and the cookie it has there. */
  pair(name: string, host: string, invitation?: Partial<Invitation>): Promise<Paired>;
}

export interface Paired {
  readonly id: string;
  /** `__Host-genkan=…`, as a browser sends it. */
  readonly cookie: string;
}

/** The door's own access and gate, in a folder that goes with the test. */
export async function openHousehold(world = accessWorld()): Promise<Household> {
  const access = await world.open();
  return {
    access,
    world,
    gate: gateOver(access, world.steadyNow),
    pair: async (name, host, invitation) => {
      const { id } = await pairDevice(access, name, invitation);
      const [cookie = ""] = sessionCookie(await access.signIn(id, host), 60).split(";");
      return { id, cookie };
    },
  };
}

function gateOver(access: Access | undefined, steadyNow: () => number): Gate {
  return createGate({
    access,
    problem: answerProblem,
    portalNear: (host) => portalNear(undefined, host),
    steadyNow,
    log: silentLog,
  });
}
