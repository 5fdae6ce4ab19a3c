/*
 * A real systemd-resolved in a host of support/namespaces.ts, as on a machine that has neither Avahi nor its
 * module: `*.local` names resolve there through the resolver's own multicast DNS.
 */
import { vi } from "vitest";
import { type NetworkHost, writeIn } from "./namespaces.ts";
import { toolPath } from "./tools.ts";

/**
 * Undefined where it is not installed. scripts/install-test-tools does not bring it: the package takes over the
 * machine's own resolver. Unpacked into a folder of PATH (dpkg -x) it serves as well.
 */
export const RESOLVED = toolPath("systemd-resolved");

/** What systemd-networkd leaves of an interface that is to use multicast DNS. */
const LINK = "ADMIN_STATE=configured\nOPER_STATE=routable\nMDNS=yes\n";

/** Resolves when it answers programs. */
export async function startResolved(host: NetworkHost): Promise<void> {
  if (RESOLVED === undefined) throw new Error("systemd-resolved is missing");
  writeIn(host, "/etc/systemd/resolved.conf", "[Resolve]\nMulticastDNS=yes\nLLMNR=no\nDNSSEC=no\n");
  writeIn(host, "/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
  writeIn(host, "/etc/resolv.conf", "nameserver 127.0.0.53\noptions edns0\n");
  // The user it becomes; a machine where it was never installed has none.
  const { code } = await host.run("id", ["-u", "systemd-resolve"]);
  if (code !== 0) await host.run("useradd", ["--system", "--user-group", "systemd-resolve"]);
  const { stdout } = await host.run("ip", ["-o", "link", "show", "eth0"]);
  writeIn(host, `/run/systemd/netif/links/${parseInt(stdout)}`, LINK);
  const resolver = host.start(RESOLVED, []);
  await vi.waitFor(
    async () => {
      const asked = await host.run("getent", ["ahosts", "localhost.localdomain"]);
      if (asked.code !== 0) throw new Error(`no resolver yet: ${resolver.stderr()}`);
    },
    { timeout: 20_000, interval: 200 },
  );
}
