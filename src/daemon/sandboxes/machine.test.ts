import { expect, test } from "vitest";
import type { Interfaces } from "../../platform/network.ts";
import { bridgeGateways, isOnThisMachine, isThisMachine } from "./machine.ts";

const at = (address: string, bits: number) => ({
  address,
  cidr: `${address}/${bits}`,
  netmask: "",
  family: address.includes(":") ? ("IPv6" as const) : ("IPv4" as const),
  mac: "00:00:00:00:00:00",
  internal: false,
  scopeid: 0,
});

const MACHINE: Interfaces = {
  eth0: [at("192.168.1.20", 24), at("fd00::20", 64)],
  docker0: [at("172.17.0.1", 16), at("fe80::1", 64)],
  "br-0123456789ab": [at("172.18.0.1", 16)],
  tun0: [at("10.8.0.2", 24)],
};

test.each([
  ["localhost", true],
  ["oh.localhost", true],
  ["127.0.0.53", true],
  ["::1", true],
  ["192.168.1.20", true],
  ["fd00::20", true],
  ["172.17.0.1", true],
  ["172.17.0.9", true], // a container
  ["172.18.200.1", true],
  ["192.168.1.21", false], // another machine of the household
  ["10.8.0.1", false], // the other end of a tunnel
  ["172.19.0.1", false],
  ["nas", false],
  ["localhost.evil.example", false],
  ["127.0.0.1.evil.example", false],
])("%s is this machine, or a container on it: %s", (host, isIt) => {
  expect(isOnThisMachine(host, MACHINE)).toBe(isIt);
});

test("a container is not this machine itself", () => {
  expect(isThisMachine("172.17.0.9", MACHINE)).toBe(false);
  expect(isThisMachine("172.17.0.1", MACHINE)).toBe(true);
});

test("a sandbox may be published at the gateway of a bridge, and at no other interface's address", () => {
  expect(bridgeGateways(MACHINE)).toEqual(["172.17.0.1", "172.18.0.1"]);
});
