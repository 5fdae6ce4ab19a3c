/*
 * Containers that hold Docker's own socket, and where they are published: who takes one over commands Docker, which is
 * to be root on this machine. Told by doctor, where other devices reach them. Pure.
 */
import { dirname } from "node:path/posix";
import type { Container } from "./container.ts";
import type { PublishedPort } from "./sandboxes.ts";

const USUAL = ["/var/run/docker.sock", "/run/docker.sock"];

/**
 * What they publish. A folder the socket is in gives it as well, and so does a mount that may only be read: who can
 * see a socket can speak to it (https://docs.docker.com/engine/security/protect-access/).
 * @param socket the door's own way to Docker.
 */
export function publishedByCommanders(
  containers: readonly Container[],
  socket: string,
): PublishedPort[] {
  const places = new Set([socket, ...USUAL].flatMap(withFolders));
  return containers
    .filter(({ mounted }) => mounted.some((source) => places.has(source)))
    .flatMap(({ name, ports }) =>
      ports.flatMap(({ hostAddress, hostPort }) =>
        hostAddress === undefined || hostPort === undefined
          ? []
          : [{ container: name, address: hostAddress, port: hostPort }],
      ),
    );
}

/** `/run/docker.sock` -> itself, `/run`, `/`. */
function withFolders(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [path] : [path, ...withFolders(folder)];
}
