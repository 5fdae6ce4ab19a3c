/*
 * A real Avahi with a system bus of its own in a host, as Debian sets it up; support/namespaces.ts
 * makes hosts. With it, `*.local` names resolve there through the system's resolver.
 */
import { mkdirSync } from "node:fs";
import { vi } from "vitest";
import { type NetworkHost, type Started, writeIn } from "./namespaces.ts";

/** With the module by which programs ask it for names: without, it knows them and nobody is told. */
export const AVAHI_TOOLS = [
  "avahi-daemon",
  "avahi-resolve",
  "dbus-daemon",
  "libnss_mdns_minimal.so.2",
];

export interface Avahi {
  /** The running avahi-daemon. */
  daemon(): Started;
  /** Starts it again after its end. */
  restart(): Promise<void>;
}

/** Resolves when Avahi has its place on the bus and on the network. */
export async function startAvahi(host: NetworkHost): Promise<Avahi> {
  mkdirSync(host.file("/run/dbus"), { recursive: true });
  const bus = host.start("dbus-daemon", ["--system", "--nofork", "--nopidfile", "--nosyslog"]);
  await vi.waitFor(
    async () => {
      const asked = await host.run("dbus-send", [...CALL, "org.freedesktop.DBus.ListNames"]);
      if (asked.code !== 0) throw new Error(`no bus yet: ${asked.stderr}${bus.stderr()}`);
    },
    { timeout: 20_000, interval: 100 },
  );
  writeIn(host, "/etc/avahi/avahi-daemon.conf", CONFIGURATION);
  let daemon = await startDaemon(host);
  return {
    daemon: () => daemon,
    restart: async () => {
      daemon = await startDaemon(host);
    },
  };
}

const CALL = ["--system", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"];

const CONFIGURATION = `[server]
use-ipv4=yes
use-ipv6=yes
[publish]
publish-hinfo=no
publish-workstation=no
`;

async function startDaemon(host: NetworkHost): Promise<Started> {
  const daemon = host.start("avahi-daemon", ["--no-rlimits"]);
  const gone = daemon.ended.then(({ code, stderr }) => {
    throw new Error(`avahi-daemon ended with ${code}: ${stderr}`);
  });
  gone.catch(() => undefined); // after the wait below, its end is the test's business
  const ready = vi.waitFor(
    () => {
      if (!daemon.stderr().includes("Server startup complete")) {
        throw new Error(`Avahi is not ready: ${daemon.stderr()}`);
      }
    },
    { timeout: 20_000, interval: 100 },
  );
  await Promise.race([ready, gone]);
  return daemon;
}
