/*
 * What it means that an app which asks nobody who they are, or runs what its visitor types, is reached around the door.
 */
import { presetOf, titleOf } from "../../apps/presets/all.ts";
import { messageOf } from "../../kernel/errors.ts";
import type { AppSettings } from "../../model/settings.ts";
import type { ListeningPort } from "../../platform/listening.ts";
import { recentInterfaces, describeAddresses } from "../../platform/network.ts";
import { inWords } from "../open-lines.ts";

/**
 * None where it is on another machine, or on this one's own addresses only.
 * @param listening what listens on this machine
 */
export async function exposureLines(
  { preset, upstream }: Pick<AppSettings, "preset" | "upstream">,
  listening: () => Promise<readonly ListeningPort[]>,
): Promise<string[]> {
  const facts = presetOf(preset);
  if (!facts || preset === undefined || (facts.signIn === "own" && !facts.runsCode)) return [];
  if (!/^(?:(?:.*\.)?localhost|127\..*|::1)$/.test(upstream.host)) return [];
  const { port } = upstream;
  try {
    const wide = wideAddresses(await listening(), port);
    if (wide.length === 0) return [];
    const does = facts.runsCode ? "run programs with it" : "use it";
    const asks = facts.signIn === "none" ? ", without signing in" : "";
    return [
      `WARNING: ${titleOf(preset)} is reached around the door: port ${port} listens on ${inWords(wide)}. Whoever is on this network can ${does}${asks}.`,
      `  -> Let it listen on 127.0.0.1 only; with Docker, publish it so: ${published(preset, port)}`,
    ];
  } catch (thrown) {
    const why = messageOf(thrown);
    return [`Whether port ${port} is reached around the door could not be seen: ${why}`];
  }
}

/** Its sandboxes call back over Docker's bridge (SBX:docker_sandbox_service.py, webhooks). */
function published(preset: string, port: number): string {
  const alone = `-p 127.0.0.1:${port}:${port}`;
  if (preset !== "openhands@1" && preset !== "openhands") return alone;
  return `${alone} -p 172.17.0.1:${port}:${port} (the second for its sandboxes; 172.17.0.1 is Docker's bridge on Linux)`;
}

/** Bridges between programs of this machine lead no other device here. */
function wideAddresses(listening: readonly ListeningPort[], port: number): readonly string[] {
  const inside = new Set(
    describeAddresses(recentInterfaces())
      .filter(({ reach, isVirtual }) => reach === "loopback" || isVirtual)
      .map(({ address }) => address),
  );
  const all = listening.filter((each) => each.port === port).flatMap(({ addresses }) => addresses);
  return [...new Set(all)].filter(
    (address) => !inside.has(address) && !/^127\.|^::1$/.test(address),
  );
}
