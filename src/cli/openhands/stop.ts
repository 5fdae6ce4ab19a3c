/*
 * `genkan openhands stop`: ends our container and takes it away; state, projects and genkan.yaml stay.
 */
import { openHandsAmong, sandboxesAmong, titleOf } from "../../apps/openhands-run/recognise.ts";
import type { Answer, Context } from "../command.ts";
import { engineOf } from "./engine.ts";

export async function stop(context: Context): Promise<Answer> {
  const containers = await engineOf(context);
  const all = await containers.list();
  const there = openHandsAmong(all, await containers.gateway());
  const ours = there.find(({ isOurs }) => isOurs);
  if (ours) {
    await containers.stop(ours.id);
    await containers.remove(ours.id);
  }
  const others = there.filter((seen) => !seen.isOurs && seen.isRunning).map(({ name }) => name);
  const sandboxes = sandboxesAmong(all)
    .filter(({ isRunning }) => isRunning)
    .map(({ name }) => name);
  const lines = [
    ours
      ? `${titleOf(ours)} is stopped. Its state, its projects and its line in genkan.yaml are kept.`
      : "OpenHands was not started by genkan here; there is nothing to stop.",
    ...others.map((name) => `Started by hand, and left running: ${name} (docker stop ${name})`),
  ];
  // Conversations may be in the middle of something, and another OpenHands may own them.
  if (sandboxes.length > 0)
    lines.push(`Its sandboxes still run. To end them: docker rm -f ${sandboxes.join(" ")}`);
  return {
    text: lines.join("\n"),
    data: { stopped: ours !== undefined, others, sandboxes },
  };
}
