import { expect, test } from "vitest";
import { sourceOf } from "./source.ts";

test.each([
  ["192.168.1.9", "192.168.1.9"],
  ["::ffff:192.168.1.9", "192.168.1.9"],
  ["::FFFF:192.168.1.9", "192.168.1.9"],
  ["fd00::1", "fd00:0:0:0::/64"],
  ["fd00::2:3:4:5", "fd00:0:0:0::/64"],
  ["fd00:0:0:1::5", "fd00:0:0:1::/64"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["", ""],
])("%s counts as %s", (address, source) => {
  expect(sourceOf(address)).toBe(source);
});
