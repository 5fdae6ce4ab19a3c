/*
 * Which containers command Docker, as Docker's list of them has it.
 */
import { expect, test } from "vitest";
import { publishedByCommanders } from "./commanders.ts";
import { readContainers } from "./container.ts";

const Ports = [{ IP: "0.0.0.0", PrivatePort: 9000, PublicPort: 9001, Type: "tcp" }];
const found = (Source: string, socket = "/var/run/docker.sock") =>
  publishedByCommanders(
    readContainers([{ Id: "c1", Names: ["/boss"], Ports, Mounts: [{ Type: "bind", Source }] }]),
    socket,
  );

test("one with the socket, or a folder it is in, commands Docker", () => {
  const boss = [{ container: "boss", address: "0.0.0.0", port: 9001 }];
  for (const source of ["/var/run/docker.sock", "/run/docker.sock", "/run", "/"])
    expect(found(source)).toEqual(boss);
  expect(found("/run/user/1000/docker.sock", "/run/user/1000/docker.sock")).toEqual(boss);
});

test("one with anything else does not", () => {
  for (const source of ["/srv/data", "/run/docker.sock.d", "/var/lib/docker/volumes/a/_data", ""])
    expect(found(source)).toEqual([]);
});

test("one that publishes nothing is reached by nobody", () => {
  const hidden = { Id: "c1", Names: ["/boss"], Ports: [{ PrivatePort: 9000, Type: "tcp" }] };
  const mounted = { ...hidden, Mounts: [{ Source: "/run/docker.sock" }] };
  expect(publishedByCommanders(readContainers([mounted]), "/run/docker.sock")).toEqual([]);
});
