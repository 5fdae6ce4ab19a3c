import type { Host } from "../../src/platform/host.ts";

/** A described machine: Debian, an ordinary user, unless told otherwise. */
export function describeHost(more: Partial<Host> = {}): Host {
  return {
    os: "linux",
    distro: ["debian"],
    isWsl: false,
    isRoot: false,
    uid: 1000,
    user: "ada",
    home: "/home/ada",
    name: "box",
    tmp: "/tmp",
    env: { PATH: "/usr/bin:/bin", HOME: "/home/ada" },
    ...more,
  };
}
