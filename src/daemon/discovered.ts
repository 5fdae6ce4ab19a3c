/*
 * Docker's containers as the wiring sees them: apps beside those of the file, what is wrong with the others, and the
 * sandboxes of OpenHands. Made once by compose.ts; nobody where the person wrote `docker: false`.
 */
import { networkInterfaces } from "node:os";
import { startDiscovery } from "../discovery/discovery.ts";
import type { ContainerTrouble } from "../discovery/candidates.ts";
import { withFreeNames } from "../discovery/free-names.ts";
import type { GenkanError } from "../kernel/errors.ts";
import type { Running } from "../kernel/lifecycle.ts";
import type { Log } from "../kernel/log.ts";
import type { Scope } from "../model/scope.ts";
import type { AppSettings, DockerSetting } from "../model/settings.ts";
import { isLoopback } from "../model/source.ts";
import type { Host } from "../platform/host.ts";
import type { DockerReport } from "./control/protocol.ts";
import { bridgeGateways } from "./sandboxes/machine.ts";
import type { PublishedPort, SandboxContainers } from "./sandboxes/needs.ts";

export interface Discovered extends Running {
  /** The person's apps, and behind them those of containers whose names are free. */
  withContainers(own: readonly AppSettings[], scope: Scope | undefined): readonly AppSettings[];
  /** Undefined where nobody asks Docker. */
  readonly containers: SandboxContainers | undefined;
  report(): DockerReport | undefined;
  /** Tells that containers' apps have changed since withContainers; at once where they have already. */
  onChange(listener: () => void): void;
}

export async function openDiscovered(
  setting: DockerSetting = "auto",
  { host, log }: { readonly host: Host; readonly log: Log },
): Promise<Discovered> {
  if (setting === false) return NOBODY;
  const takesOthers = setting === true;
  // Asked anew each time: Docker's bridge is up only while a container is in it.
  const discovery = await startDiscovery({ host, log, interfaces: networkInterfaces, takesOthers });
  let troubles: readonly ContainerTrouble[] = [];
  let judged = discovery.candidates();
  return {
    withContainers: (own, scope) => {
      judged = discovery.candidates();
      const found = withFreeNames(own, judged, scope);
      ({ troubles } = found);
      return [...own, ...found.apps];
    },
    containers: {
      published: () => discovery.published(),
      look: () => discovery.look(),
      onChange: (listener) => discovery.onChange(listener),
    },
    report: () => ({
      // Whoever has an app from there misses Docker, too: the last list stands while it is away.
      isWanted: takesOthers || judged.apps.length > 0,
      trouble: reportOf(discovery.trouble()),
      unhealthy: discovery.unhealthy(),
      containers: troubles
        .slice(0, MOST_TOLD)
        .map(({ container, error }) => ({ container, ...plainOf(error) })),
      exposed: exposedOf(discovery.commanders()),
    }),
    onChange: (listener) => {
      discovery.onChange(() => {
        if (discovery.candidates() !== judged) listener();
      });
      if (discovery.candidates() !== judged) listener();
    },
    stop: () => discovery.stop(),
  };
}

/** Those that other devices reach: not on loopback, nor where only containers are. */
function exposedOf(ports: readonly PublishedPort[]): DockerReport["exposed"] {
  const gateways = bridgeGateways(networkInterfaces());
  const isInside = (address: string): boolean => isLoopback(address) || gateways.includes(address);
  const wide = ports.filter(({ address }) => !isInside(address));
  // Published for both families, a port is told of once.
  const each = new Map(
    wide.map(({ container, port }) => [`${container} ${port}`, { container, port }]),
  );
  return [...each.values()].slice(0, MOST_TOLD);
}

/** Troubles of containers that are told of; there may be thousands. */
const MOST_TOLD = 50;

function reportOf(error: GenkanError | undefined) {
  return error && plainOf(error);
}

function plainOf({ code, message, fix }: GenkanError) {
  return { code, message, fix };
}

const NOBODY: Discovered = {
  withContainers: (own) => own,
  containers: undefined,
  report: () => undefined,
  onChange: () => undefined,
  stop: async () => undefined,
};
