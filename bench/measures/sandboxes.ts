/*
 * What it costs that the door reads answers which name ports of sandboxes: the same answer of the same app, asked for
 * at a name whose answers are read and at one whose are not, in turn on one door.
 */
import { HOST, SANDBOXED, type Stage } from "../peer.ts";
import { type Job, noteFailure, tried, withPeers } from "../running.ts";
import { READ } from "../sections.ts";
import { answered } from "./answers.ts";
import { measureRequests } from "./requests.ts";

export async function sandboxes(job: Job): Promise<void> {
  const { results, pace } = job;
  const peers = job.peers.flatMap(({ sandboxes: has, ...peer }) =>
    has ? { ...peer, start: (stage: Stage) => has.start(stage) } : [],
  );
  await withPeers({ ...job, peers }, async (all) => {
    for (let round = -1; round < pace.rounds; round++) {
      for (const { name, pid, stage } of all) {
        for (const { title, path } of READ) {
          await tried(
            async () => {
              await answered(stage, SANDBOXED);
              const asked = { path, isHttp2: false, seconds: pace.seconds };
              const bare = await measureRequests(pid, stage, { ...asked, host: HOST });
              const read = await measureRequests(pid, stage, { ...asked, host: SANDBOXED });
              if (round < 0) return; // it warms up
              results.add(`${title}, of any app`, name, bare.cpuPerRequest);
              results.add(title, name, read.cpuPerRequest);
              results.add(`${title}, more`, name, read.cpuPerRequest - bare.cpuPerRequest);
            },
            (why) => noteFailure({ name }, `${title}: ${why}`),
          );
        }
      }
    }
  });
}
