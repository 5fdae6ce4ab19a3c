import type { NetworkInterfaceInfo } from "node:os";
import { expect, test } from "vitest";
import {
  describeAddresses,
  type Interfaces,
  machineAddresses,
  primaryAddress,
  shownAddresses,
  watcherOf,
} from "./network.ts";

/** A world in short: interface name -> its addresses. */
function world(short: Record<string, string[]>): Interfaces {
  const info = (address: string, name: string): NetworkInterfaceInfo =>
    ({
      address,
      family: address.includes(":") ? "IPv6" : "IPv4",
      internal: name.startsWith("lo"),
      netmask: "",
      mac: "",
      cidr: null,
      scopeid: 0,
    }) as NetworkInterfaceInfo;
  return Object.fromEntries(
    Object.entries(short).map(([name, list]) => [name, list.map((address) => info(address, name))]),
  );
}

const LO = { lo: ["127.0.0.1", "::1"] };

test.each<[string, Record<string, string[]>, string | undefined]>([
  ["a cable", { ...LO, eth0: ["192.168.1.10", "fe80::1"] }, "192.168.1.10"],
  ["a cable and Wi-Fi", { wlp3s0: ["192.168.1.11"], enp2s0: ["192.168.1.10"] }, "192.168.1.10"],
  ["Wi-Fi alone", { ...LO, wlan0: ["10.0.0.7", "2001:db8::7"] }, "10.0.0.7"],
  ["Docker before the cable", { docker0: ["172.17.0.1"], eth0: ["192.168.1.10"] }, "192.168.1.10"],
  ["a compose network", { "br-0123456789ab": ["172.18.0.1"], eno1: ["10.1.1.1"] }, "10.1.1.1"],
  ["a bridge of one's own", { br0: ["192.168.1.10"], docker0: ["172.17.0.1"] }, "192.168.1.10"],
  ["a VPN", { tailscale0: ["100.101.102.103"], wlan0: ["192.168.0.4"] }, "192.168.0.4"],
  ["a rented server", { eth0: ["203.0.113.9", "2001:db8::9"], eth1: ["10.0.0.2"] }, "10.0.0.2"],
  ["a public address alone", { eth0: ["203.0.113.9", "2001:db8::9"] }, "203.0.113.9"],
  ["IPv6 alone", { eth0: ["2001:db8::9", "fd00::9", "fe80::9"] }, "fd00::9"],
  [
    "Windows with WSL",
    { "vEthernet (WSL)": ["172.20.0.1"], "Wi-Fi": ["192.168.1.3"] },
    "192.168.1.3",
  ],
  ["virtual machines alone", { ...LO, virbr0: ["192.168.122.1"] }, "192.168.122.1"],
  ["no DHCP", { ...LO, eth0: ["169.254.10.1"] }, undefined],
  ["no network", LO, undefined],
  ["nothing at all", {}, undefined],
])("the address to show: %s", (_, short, expected) => {
  expect(primaryAddress(world(short))).toBe(expected);
});

test("certificates get every address once, without scopes", () => {
  const interfaces = world({ ...LO, eth0: ["192.168.1.10", "fe80::1%eth0"], eth1: ["fe80::1"] });
  expect(machineAddresses(interfaces)).toEqual(["127.0.0.1", "::1", "192.168.1.10", "fe80::1"]);
});

test("people see neither loopback nor link-local addresses", () => {
  const interfaces = world({
    ...LO,
    docker0: ["172.17.0.1"],
    eth0: ["fe80::1", "fd00::2", "10.0.0.2"],
  });
  expect(shownAddresses(interfaces)).toEqual(["10.0.0.2", "fd00::2", "172.17.0.1"]);
});

test.each([
  ["docker0", true],
  ["br-0123456789ab", true],
  ["br-lan", false],
  ["veth12ab", true],
  ["utun4", true],
  ["eth0", false],
  ["enp0s31f6", false],
  ["wlan0", false],
  ["Ethernet", false],
])("%s is virtual: %s", (name, isVirtual) => {
  expect(describeAddresses(world({ [name]: ["10.0.0.1"] }))).toMatchObject([{ isVirtual }]);
});

test.each([
  ["10.255.0.1", "private"],
  ["172.15.0.1", "public"],
  ["172.31.0.1", "private"],
  ["172.32.0.1", "public"],
  ["100.63.0.1", "public"],
  ["100.64.0.1", "private"],
  ["100.127.0.1", "private"],
  ["100.128.0.1", "public"],
  ["169.254.0.1", "link-local"],
  ["febf::1", "link-local"],
  ["fdab::1", "private"],
  ["2001:db8::1", "public"],
])("%s is %s", (address, reach) => {
  expect(describeAddresses(world({ eth0: [address] }))).toMatchObject([{ reach }]);
});

test("this machine has addresses", () => {
  expect(machineAddresses()).toContain("127.0.0.1");
});

test("a watch tells of a change once, and not of another order", () => {
  let tick = (): void => undefined;
  let ended = false;
  const clock = {
    now: () => 0,
    every: (_: number, task: () => void) => {
      tick = task;
      return () => void (ended = true);
    },
  };
  let now = ["a", "b"];
  const told: string[][] = [];
  const stop = watcherOf(() => now)(clock, 5_000, (addresses) => told.push(addresses));
  tick();
  now = ["b", "a"];
  tick();
  now = ["b", "c"];
  tick();
  tick();
  expect(told).toEqual([["b", "c"]]);
  stop();
  expect(ended).toBe(true);
});
