import { expect, test } from "vitest";
import { readGateway, USUAL_GATEWAY } from "./read-docker.ts";

const networkOf = (...Config: object[]): object => ({ IPAM: { Config } });

test("a network's gateway is the one it names", () => {
  const named = networkOf({ Subnet: "fd00::/64", Gateway: "fd00::1" }, { Gateway: "10.9.0.254" });
  expect(readGateway(named)).toBe("10.9.0.254");
});

test("where nobody chose one it is the first address of the subnet, not Docker's usual one", () => {
  expect(readGateway(networkOf({ Subnet: "10.200.3.0/24" }))).toBe("10.200.3.1");
  expect(readGateway(networkOf({ Subnet: "10.200.3.64/26", Gateway: "" }))).toBe("10.200.3.65");
});

test("a network that tells nothing is taken to be as Docker makes it", () => {
  expect([{}, undefined, networkOf(), networkOf({ Subnet: "?" })].map(readGateway)).toEqual(
    Array(4).fill(USUAL_GATEWAY),
  );
});
