/*
 * What doctor asks of an app's sandboxes, with what the open door and this machine say of them. Called by diagnose.ts.
 */
import { sandboxChecks } from "../apps/openhands/checks.ts";
import type { Generation } from "../apps/openhands/place.ts";
import { namedPaths } from "../apps/openhands/rules.ts";
import type { Check } from "../kernel/check.ts";
import type { PresetName } from "../model/preset.ts";
import { listListening } from "../platform/listening.ts";
import { describeAddresses, type Interfaces, primaryAddress } from "../platform/network.ts";
import type { Hands } from "../platform/listeners.ts";
import type { AppStatus } from "./control/protocol.ts";
import { bridgeGateways } from "./sandboxes/machine.ts";

/** None for an app that has no sandboxes. */
export function checksOfSandboxes(
  { name, preset, sandboxes, sandboxTrouble }: AppStatus,
  hands: Hands,
  interfaces: Interfaces,
): Check[] {
  if (!namedPaths(preset)) return [];
  const gateways = bridgeGateways(interfaces);
  return sandboxChecks({
    app: name,
    open: sandboxes,
    trouble: sandboxTrouble,
    listening: () => listListening(hands),
    isInside: (address) => isLoopback(address) || gateways.includes(address),
    generation: GENERATIONS[preset ?? "openhands"] ?? sandboxes[0]?.generation,
    gateway: gateways.find((address) => !address.includes(":")),
    lanInterface: lanInterface(interfaces),
  });
}

/** `openhands` alone may be any: what it named tells. */
const GENERATIONS: Readonly<Partial<Record<PresetName, Generation>>> = {
  "openhands@0.36": "0.36",
  "openhands@1": "1",
};

function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

/** The one with the address that people on the network are shown. */
function lanInterface(interfaces: Interfaces): string | undefined {
  const shown = primaryAddress(interfaces);
  return describeAddresses(interfaces).find(({ address }) => address === shown)?.interfaceName;
}
