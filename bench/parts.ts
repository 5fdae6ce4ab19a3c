/*
 * The measures, one after the other, each over all peers in turn, so that what else happens on the machine
 * meets them all.
 */
import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { memoryOf } from "./machine.ts";
import { answered } from "./measures/answers.ts";
import { measureHandshakes, measureIdle, measureMessages } from "./measures/connections.ts";
import { measureRequests, type Rate } from "./measures/requests.ts";
import { sandboxes } from "./measures/sandboxes.ts";
import { measureTransfer, type Transfer } from "./measures/transfers.ts";
import { GUARDED, HOST, type Peer, type Stage } from "./peer.ts";
import type { Results } from "./results.ts";
import { type Job, noteFailure, type Part, type Running, tried, withPeers } from "./running.ts";
import { REQUESTS } from "./sections.ts";

export const PARTS: Readonly<Record<string, Part>> = {
  requests,
  gate,
  handshakes,
  transfers,
  websockets,
  sandboxes,
  names,
};

async function requests(job: Job): Promise<void> {
  const { results, pace } = job;
  await withPeers(job, async (all) => {
    for (const { name, pid } of all) results.add("memory at rest", name, memoryOf(pid));
    for (let round = -1; round < pace.rounds; round++) {
      await roundOfRequests(all, { seconds: round < 0 ? 1 : pace.seconds }, (rate) => {
        if (round >= 0) noteRate(results, rate); // the first warms up
      });
    }
    for (const { name, pid } of all) results.add("memory after load", name, memoryOf(pid));
  });
}

interface NamedRate {
  readonly title: string;
  readonly name: string;
  readonly rate: Rate;
}

async function roundOfRequests(
  all: readonly Running[],
  { seconds }: { seconds: number },
  note: (rate: NamedRate) => void,
): Promise<void> {
  for (const { title, path, isHttp2 } of REQUESTS) {
    for (const { name, pid, stage, peer } of all) {
      if (isHttp2 && !peer.hasHttp2) continue;
      const asked = { path, isHttp2, seconds };
      await tried(
        async () => note({ title, name, rate: await measureRequests(pid, stage, asked) }),
        (why) => noteFailure({ name }, `${title}: ${why}`),
      );
    }
  }
}

function noteRate(results: Results, { title, name, rate }: NamedRate): void {
  results.add(title, name, rate.cpuPerRequest);
  results.add(`${title}, per second`, name, rate.perSecond);
  results.add(`${title}, p50`, name, rate.p50);
  results.add(`${title}, p99`, name, rate.p99);
}

/** One request that anybody may send and one that asks who it is, in turn, on one door. */
async function gate(job: Job): Promise<void> {
  const { results, pace } = job;
  const peers = job.peers.flatMap(({ gate, ...peer }) =>
    gate ? { ...peer, gate, start: (stage: Stage) => gate.start(stage) } : [],
  );
  await withPeers({ ...job, peers }, async (all) => {
    for (let round = -1; round < pace.rounds; round++) {
      for (const { name, pid, stage, peer } of all) {
        await tried(
          async () => {
            const cookie = (await peer.gate?.cookie(stage)) ?? "";
            await answered(stage, GUARDED, cookie);
            const asked = { path: "/100", isHttp2: false, seconds: pace.seconds };
            const guarded = { ...asked, host: GUARDED, cookie };
            const open = await measureRequests(pid, stage, asked);
            const household = await measureRequests(pid, stage, guarded);
            if (round < 0) return; // it warms up
            results.add("open to everyone", name, open.cpuPerRequest);
            results.add("for the household", name, household.cpuPerRequest);
            results.add("the gate", name, household.cpuPerRequest - open.cpuPerRequest);
          },
          (why) => noteFailure({ name }, `gate: ${why}`),
        );
      }
    }
  });
}

async function handshakes(job: Job): Promise<void> {
  const { results, pace } = job;
  await withPeers(job, async (all) => {
    for (let round = 0; round < pace.rounds; round++) {
      for (const kind of ["new", "resumed"] as const) {
        for (const { name, pid, stage, fate } of all) {
          await tried(
            async () => {
              const cpu = await measureHandshakes(pid, stage, { kind, seconds: pace.seconds });
              results.add(kind, name, cpu);
              results.add(`${kind}, per CPU second`, name, 1e6 / cpu);
            },
            (why) => results.say(kind, name, fate(why)),
          );
        }
      }
    }
  });
}

async function transfers(job: Job): Promise<void> {
  const { house, results, pace } = job;
  const file = join(house.dir, "upload");
  await writeFile(file, "");
  await truncate(file, pace.bytes); // reads as zeros, and takes no room
  await withPeers(job, async (all) => {
    for (let round = 0; round < pace.rounds; round++) {
      for (const kind of ["download", "upload"] as const) {
        for (const { name, pid, stage } of all) {
          const what = { bytes: pace.bytes, upload: kind === "upload" ? file : undefined };
          await tried(
            async () =>
              noteTransfer(results, { kind, name }, await measureTransfer(pid, stage, what)),
            (why) => results.say(kind, name, why),
          );
        }
      }
    }
  });
}

function noteTransfer(
  results: Results,
  { kind, name }: { kind: string; name: string },
  { cpu, took }: Transfer,
): void {
  results.add(`${kind}, CPU`, name, cpu);
  results.add(kind, name, took);
}

const MESSAGES = "messages per CPU second";

async function websockets(job: Job): Promise<void> {
  const { results, pace } = job;
  await withPeers(job, async (all) => {
    for (let round = 0; round < pace.rounds; round++) {
      for (const { name, pid, stage, fate } of all) {
        const rate = await measureMessages(pid, stage, pace.seconds);
        if (rate > 0) results.add(MESSAGES, name, rate);
        else results.say(MESSAGES, name, fate("none went round"));
      }
    }
    for (const { name, pid, stage, fate } of all) {
      const { bytes, open } = await measureIdle(pid, stage, pace.sockets);
      if (open > 0) results.add("memory each", name, bytes);
      if (open < pace.sockets) results.say("memory each", name, fate(`no more than ${open}`));
    }
  });
}

const NAMES = 10_000;
const PER_REQUEST = "CPU per request";

/** One peer after the other: so many names take memory. Also tells how long a start takes. */
async function names(job: Job): Promise<void> {
  for (const peer of job.peers) {
    await tried(
      () => startsOf(peer, job),
      (why) => noteFailure(peer, why),
    );
    await tried(
      () => manyNames(peer, job),
      (why) => job.results.say(PER_REQUEST, peer.name, why.split("\n", 1).join("")),
    );
  }
}

async function startsOf(peer: Peer, { house, results, pace }: Job): Promise<void> {
  const stage = await house.stage();
  for (let round = -1; round < pace.rounds; round++) {
    const begun = performance.now();
    const started = await peer.start(stage);
    try {
      await answered(stage, HOST);
      // The first makes what is made once: an authority, a cache.
      if (round >= 0) results.add("first answer", peer.name, performance.now() - begun);
    } finally {
      await started.stop();
    }
  }
}

async function manyNames({ name, routes }: Peer, { house, results, pace }: Job): Promise<void> {
  if (!routes) return;
  const stage = await house.stage();
  const hosts = [HOST, ...Array.from({ length: NAMES - 1 }, (_, i) => `app-${i}.local`)];
  const started = await routes.start(stage, hosts);
  try {
    await answered(stage, HOST);
    const asked = { path: "/100", isHttp2: false, seconds: pace.seconds };
    await measureRequests(started.pid, stage, { ...asked, seconds: 1 });
    for (let round = 0; round < pace.rounds; round++) {
      const { cpuPerRequest } = await measureRequests(started.pid, stage, asked);
      results.add(PER_REQUEST, name, cpuPerRequest);
    }
    results.add("memory with 10,000 names", name, memoryOf(started.pid));
    for (let round = 0; round < pace.rounds; round++) {
      hosts.push(`new-${round}.local`);
      const begun = performance.now();
      await routes.add(stage, hosts, started);
      await answered(stage, `new-${round}.local`);
      results.add("until a change is in effect", name, performance.now() - begun);
    }
  } finally {
    await started.stop();
  }
}
