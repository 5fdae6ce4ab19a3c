/*
 * Names through macOS' own responder: one `dns-sd -P` for every name and address, which registers a
 * proxy host for as long as it runs (dns-sd(1)).
 */
import type { Log } from "../kernel/log.ts";
import type { Program, StartProgram } from "../platform/run.ts";
import { namingErrors } from "./errors.ts";
import type { Link } from "./links.ts";
import type { Publisher, PublisherEvents } from "./publisher.ts";

export interface DnsSdSpec {
  readonly start: StartProgram;
  readonly log: Log;
  /** The port of the door; the registration names one. */
  readonly port: number;
  /** Another machine's address for the name, on the wire: the program does not tell of conflicts itself. */
  readonly ownerOf: (name: string) => Promise<string | undefined>;
  readonly events: PublisherEvents;
}

export function createDnsSdPublisher(spec: DnsSdSpec): Publisher {
  const running = new Map<string, Program>();
  const end = (key: string): void => {
    running.get(key)?.signal("SIGTERM");
    running.delete(key);
  };
  const keep = async (key: string, args: readonly string[]): Promise<void> => {
    const program = await spec.start("dns-sd", args);
    running.set(key, program);
    void program.ended.then((how) => {
      if (running.get(key) !== program) return;
      running.delete(key);
      spec.log.warn("dns-sd.ended", { args, how, said: program.said() });
      spec.events.trouble(namingErrors.NAMING_FAILED({ by: "dns-sd", why: `it ended (${how})` }));
    });
  };
  const register = async (name: string, links: readonly Link[]): Promise<void> => {
    const missing = proxies(name, links, spec.port).filter(({ key }) => !running.has(key));
    if (missing.length === 0) return;
    const owner = await spec.ownerOf(name);
    if (owner !== undefined) return spec.events.conflict(name, owner);
    for (const { key, args } of missing) await keep(key, args);
    spec.events.held(name);
  };
  return {
    by: "dns-sd",
    publish: async (names, links) => {
      const wanted = names.flatMap((name) => proxies(name, links, spec.port));
      const keys = new Set(wanted.map(({ key }) => key));
      for (const key of [...running.keys()].filter((key) => !keys.has(key))) end(key);
      for (const name of names) await register(name, links);
    },
    stop: async () => {
      const programs = [...running.values()];
      for (const key of running.keys()) end(key);
      await Promise.all(programs.map(({ ended }) => ended));
    },
  };
}

/** `dns-sd -P NAME TYPE DOMAIN PORT HOST ADDRESS`; the instance is named by its address, since two may not share a name. */
function proxies(name: string, links: readonly Link[], port: number) {
  const addresses = new Set(links.flatMap((link) => link.addresses));
  return [...addresses].map((address) => ({
    key: `${name} ${address}`,
    args: ["-P", `${name} ${address}`, "_https._tcp", "local", String(port), name, address],
  }));
}
