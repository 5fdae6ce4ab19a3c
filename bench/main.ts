/*
 * `npm run bench`: the door beside everything a person could use instead, on this machine, in one run.
 * Prints the tables and writes docs/benchmarks.md with its picture, in about a quarter of an hour. `--quick` for a look; `--only WORD` for some of the
 * proxies, and `--part WORD` for some of the measures: those write nothing. `--rounds N` instead of five.
 */
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { writeDocs } from "./docs.ts";
import { endAll } from "./machine.ts";
import { COMMANDS, measureCommands } from "./measures/commands.ts";
import type { Peer } from "./peer.ts";
import { caddy } from "./peers/caddy.ts";
import { genkan } from "./peers/genkan.ts";
import { haproxy } from "./peers/haproxy.ts";
import { httpProxy3 } from "./peers/http-proxy-3.ts";
import { articleNginx, tunedNginx } from "./peers/nginx.ts";
import { PARTS } from "./parts.ts";
import { sectionText } from "./report.ts";
import { Results } from "./results.ts";
import { SECTIONS } from "./sections.ts";
import { openHouse } from "./stage.ts";

const ALL: readonly Peer[] = [
  articleNginx,
  genkan("node"),
  genkan("nginx"),
  tunedNginx,
  haproxy,
  caddy,
  httpProxy3,
];

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    part: { type: "string", default: "" },
    rounds: { type: "string", default: "5" },
  },
});
const pace = options.quick
  ? { rounds: 1, seconds: 1, bytes: 1e8, sockets: 500 }
  : { rounds: Number(options.rounds), seconds: 1.25, bytes: 1e9, sockets: 5000 };

process.on("exit", endAll);
process.on("SIGINT", () => process.exit(130));
process.on("SIGTERM", () => process.exit(143));

const { peers, versions } = await present(ALL.filter(({ name }) => name.includes(options.only)));
const results = new Results();
const begun = performance.now();
const loads = [loadavg()[0] ?? 0];
const house = await openHouse();
try {
  for (const [name, part] of Object.entries(PARTS)) {
    if (!name.includes(options.part)) continue;
    console.error(`measuring: ${name}`);
    await part({ house, peers, results, pace });
    loads.push(loadavg()[0] ?? 0);
  }
} finally {
  await house.close();
}
const names = peers.map(({ name }) => name);
const tables = SECTIONS.map((section) => sectionText(section, results, names)).filter(Boolean);
console.log(tables.join("\n"));
printCommands(options.quick ? 5 : 21);
if (options.only === "" && options.part === "" && !options.quick) {
  const how = { rounds: pace.rounds, minutes: (performance.now() - begun) / 60_000, loads };
  await writeDocs({ tables, results, versions, names, how });
}

/** Those that are installed; the others are named. */
async function present(
  wanted: readonly Peer[],
): Promise<{ peers: Peer[]; versions: Record<string, string> }> {
  const peers: Peer[] = [];
  const versions: Record<string, string> = {};
  for (const peer of wanted) {
    try {
      versions[peer.name] = await peer.version();
      peers.push(peer);
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      console.error(`skipped: ${peer.name} (${why.split("\n")[0]})`);
    }
  }
  return { peers, versions };
}

function printCommands(rounds: number): void {
  const times = new Results();
  measureCommands(rounds, (name, ms) => times.add("ms", name, ms));
  const bare = times.number("ms", "node -e 0") ?? Number.NaN;
  for (const name of Object.keys(COMMANDS)) {
    const ms = times.number("ms", name) ?? Number.NaN;
    console.log(`${name.padEnd(18)} ${ms.toFixed(0).padStart(4)} ms  ${(ms / bare).toFixed(2)} x`);
  }
}
