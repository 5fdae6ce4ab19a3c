import type { NetworkInterfaceInfo } from "node:os";
import { expect, test } from "vitest";
import { chooseLinks } from "./links.ts";

function ipv4(address: string, internal = false): NetworkInterfaceInfo {
  const more = { netmask: "255.255.255.0", mac: "00:00:00:00:00:00", internal };
  return { address, family: "IPv4", cidr: `${address}/24`, ...more };
}

function ipv6(address: string, scopeid = 0, internal = false): NetworkInterfaceInfo {
  const more = { netmask: "ffff:ffff:ffff:ffff::", mac: "00:00:00:00:00:00", internal };
  return { address, family: "IPv6", cidr: `${address}/64`, scopeid, ...more };
}

const MACHINE = {
  lo: [ipv4("127.0.0.1", true), ipv6("::1", 0, true)],
  eth0: [ipv4("192.168.1.20"), ipv6("fd12::20"), ipv6("fe80::20", 2)],
  docker0: [ipv4("172.17.0.1")],
  wg0: [ipv4("10.8.0.2")],
};

function chosen(listen: string[], interfaces: Parameters<typeof chooseLinks>[0] = MACHINE) {
  return chooseLinks(interfaces, listen).map(({ interfaceName, addresses }) => [
    interfaceName,
    ...addresses,
  ]);
}

test("a door open everywhere is announced to the household, not to containers and tunnels", () => {
  expect(chosen(["::"])).toEqual([["eth0", "192.168.1.20", "fd12::20"]]);
});

test("a door open over IPv4 only is announced with that", () => {
  expect(chosen(["0.0.0.0"])).toEqual([["eth0", "192.168.1.20"]]);
});

test("a door of this machine alone is announced nowhere", () => {
  expect(chosen(["127.0.0.1"])).toEqual([]);
  expect(chosen(["::1"])).toEqual([]);
});

test("an address that was named is announced where it is, tunnels included", () => {
  expect(chosen(["192.168.1.20"])).toEqual([["eth0", "192.168.1.20"]]);
  expect(chosen(["10.8.0.2"])).toEqual([["wg0", "10.8.0.2"]]);
});

test("addresses of the link alone are told where there are no others", () => {
  const bare = { eth0: [ipv4("169.254.7.7"), ipv6("fe80::20", 2)] };
  expect(chosen(["::"], bare)).toEqual([["eth0", "169.254.7.7", "fe80::20"]]);
});

test("a link knows its networks and how to reach its group", () => {
  expect(chooseLinks(MACHINE, ["::"])[0]).toMatchObject({
    networks: ["192.168.1.20/24", "fd12::20/64", "fe80::20/64"],
    ipv4: "192.168.1.20",
    zone: 2,
  });
  expect(chooseLinks({ eth0: [ipv4("10.0.0.1")] }, ["::"])[0]?.zone).toBeUndefined();
});

test("a device with many temporary addresses is told a few", () => {
  const many = Array.from({ length: 20 }, (_, i) => ipv6(`fd12::${i + 1}`));
  expect(chosen(["::"], { eth0: many })[0]).toHaveLength(1 + 4);
});
