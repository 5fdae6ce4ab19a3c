import { expect, test } from "vitest";
import { linuxAnchors } from "./linux-anchors.ts";

test.each([
  [["debian"], "/usr/local/share/ca-certificates", ".crt", "update-ca-certificates"],
  [
    ["linuxmint", "ubuntu", "debian"],
    "/usr/local/share/ca-certificates",
    ".crt",
    "update-ca-certificates",
  ],
  [["fedora"], "/etc/pki/ca-trust/source/anchors", ".pem", "update-ca-trust extract"],
  [
    ["rocky", "rhel", "centos", "fedora"],
    "/etc/pki/ca-trust/source/anchors",
    ".pem",
    "update-ca-trust extract",
  ],
  [
    ["manjaro", "arch"],
    "/etc/ca-certificates/trust-source/anchors",
    ".crt",
    "trust extract-compat",
  ],
  [
    ["opensuse-tumbleweed", "opensuse", "suse"],
    "/etc/pki/trust/anchors",
    ".pem",
    "update-ca-certificates",
  ],
])("%j keeps its own roots in %s", (distro, ...row) => {
  const [folder, ending, refresh] = row;
  const anchors = linuxAnchors(distro);
  expect(anchors).toMatchObject({ folder, ending });
  expect(anchors?.refresh.join(" ")).toBe(refresh);
});

test("a distribution's own row comes before the rows of those it is like", () => {
  expect(linuxAnchors(["arch", "debian"])?.family).toBe("Arch");
});

test("a distribution nobody described has no system store", () => {
  expect(linuxAnchors(["nixos"])).toBeUndefined();
});
