import { expect, test } from "vitest";
import { detectHost, distroOf, isInsideWindows, shortNameOf } from "./host.ts";

test.each([
  [
    "Ubuntu",
    'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n',
    ["ubuntu", "debian"],
  ],
  ["Debian", 'PRETTY_NAME="Debian"\nID=debian\n', ["debian"]],
  ["Rocky", 'ID="rocky"\nID_LIKE="rhel centos fedora"\n', ["rocky", "rhel", "centos", "fedora"]],
  ["single quotes", "ID='arch'\n", ["arch"]],
  [
    "openSUSE",
    'ID="opensuse-leap"\nID_LIKE="suse opensuse"\n',
    ["opensuse-leap", "suse", "opensuse"],
  ],
  ["a look-alike key", "VARIANT_ID=server\nBUILD_ID=rolling\n", []],
  ["nothing", "", []],
])("the distribution is read from os-release: %s", (_, text, expected) => {
  expect(distroOf(text)).toEqual(expected);
});

test.each([
  ["WSL 2", "5.15.167.4-microsoft-standard-WSL2\n", [], true],
  ["WSL 1", "4.4.0-19041-Microsoft\n", [], true],
  ["WSL 2 with a kernel of one's own", "6.9.0-custom\n", ["/run/WSL"], true],
  ["Docker Desktop on Windows", "5.15.167.4-microsoft-standard-WSL2\n", ["/.dockerenv"], false],
  ["Podman on Windows", "5.15.167.4-microsoft-standard-WSL2\n", ["/run/.containerenv"], false],
  ["plain Linux", "6.1.0-18-amd64\n", [], false],
])("Linux inside Windows: %s", (...[, kernel, there, expected]) => {
  expect(isInsideWindows(kernel, (path) => (there as string[]).includes(path))).toBe(expected);
});

test.each([
  ["Adas-MacBook.local", "adas-macbook"],
  ["box", "box"],
  ["", "localhost"],
  [".local", "localhost"],
])("the short name of %j is %s", (name, expected) => {
  expect(shortNameOf(name)).toBe(expected);
});

test("this machine can be described", () => {
  const host = detectHost();
  expect(host.home).not.toBe("");
  expect(host.isRoot).toBe(process.getuid?.() === 0);
  expect(host.env["PATH"]).toBe(process.env["PATH"]);
});
