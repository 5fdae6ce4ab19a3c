/*
 * What of addresses is this machine: where a port that an app named may be dialled. Pure over the shape of
 * os.networkInterfaces().
 */
import { BlockList, isIP } from "node:net";
import { describeAddresses, type Interfaces } from "../../platform/network.ts";

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1)$/;
/** Networks between containers and this machine: Docker's and Podman's. */
const BRIDGE = /^(?:docker\d+|docker_gwbridge|br-[0-9a-f]{12}|podman\d+|cni-podman\d+)$/;

/** Whether a host is this machine itself. */
export function isThisMachine(host: string, interfaces: Interfaces): boolean {
  if (host === "localhost" || host.endsWith(".localhost") || LOOPBACK.test(host)) return true;
  return describeAddresses(interfaces).some(({ address }) => address === host);
}

/** Whether an app there is on this machine, in a container or not: then so are its sandboxes. */
export function isOnThisMachine(host: string, interfaces: Interfaces): boolean {
  const family = isIP(host);
  const isContainer =
    family !== 0 && bridgeNetworks(interfaces).check(host, family === 6 ? "ipv6" : "ipv4");
  return isContainer || isThisMachine(host, interfaces);
}

/** Where a container's port is published on this machine, if not on loopback: the gateways of the bridges. */
export function bridgeGateways(interfaces: Interfaces): string[] {
  return describeAddresses(interfaces)
    .filter(({ interfaceName, reach }) => BRIDGE.test(interfaceName) && reach !== "link-local")
    .map(({ address }) => address);
}

function bridgeNetworks(interfaces: Interfaces): BlockList {
  const networks = new BlockList();
  for (const [name, infos = []] of Object.entries(interfaces)) {
    if (!BRIDGE.test(name)) continue;
    for (const { cidr, family } of infos) {
      const [address, bits] = cidr?.split("/") ?? [];
      if (address === undefined) continue;
      networks.addSubnet(address, Number(bits), family === "IPv6" ? "ipv6" : "ipv4");
    }
  }
  return networks;
}
