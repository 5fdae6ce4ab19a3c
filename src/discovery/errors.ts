import { defineErrors } from "../kernel/errors.ts";
import { shellWord } from "../platform/shell-word.ts";

interface OfContainer {
  readonly container: string;
}

/** Why Docker cannot be asked, and why a container that wants a name at the door has none. */
export const discoveryErrors = defineErrors({
  DOCKER_MISSING: {
    says: (p: { socket: string }) => `No Docker answers at ${p.socket}.`,
    fix: () =>
      "Start it (sudo systemctl start docker), or write docker: false in genkan.yaml if you use none",
  },
  DOCKER_NO_RIGHTS: {
    says: (p: { socket: string; user: string; group: string | undefined }) =>
      `${p.user} may not use ${p.socket}${p.group === undefined ? "" : `, which belongs to the group ${p.group}`}.`,
    fix: (p) =>
      `Whoever may use it can do all that root can. If that is what you want: ${joinGroup(p)}, then log in again. If not, write docker: false in genkan.yaml`,
  },
  DOCKER_ELSEWHERE: {
    says: (p: { place: string }) =>
      `DOCKER_HOST is ${p.place}; the door asks Docker over a socket of this machine only.`,
    fix: () => "Open the door without it: env -u DOCKER_HOST genkan up",
  },
  DOCKER_GONE: {
    says: (p: { why: string }) => `Docker stopped answering: ${p.why}.`,
    fix: () => "See how it is: sudo systemctl status docker (the door asks again by itself)",
  },
  CONTAINER_LABELS_WRONG: {
    says: (p: OfContainer & { why: string }) =>
      `The container ${p.container} wants a name at the door, and what it says is not right: ${p.why}`,
    fix: (p) =>
      `Correct its labels and make it anew; see them: docker inspect -f '{{json .Config.Labels}}' ${shellWord(p.container)}`,
  },
  CONTAINER_IMAGE_GONE: {
    says: (p: OfContainer) =>
      `The container ${p.container} wants a name at the door, and its image is gone: the door cannot tell your words from those of the image's maker, and takes neither.`,
    fix: () =>
      "Make it anew from an image that is there: docker compose up -d --force-recreate, or docker rm and docker run",
  },
  CONTAINER_NAME_TAKEN: {
    says: (p: OfContainer & { host: string; first: string }) =>
      `The container ${p.container} wants ${p.host}, which is ${p.first} already.`,
    fix: (p) => `Give ${p.container} another genkan.name`,
  },
  CONTAINER_OUT_OF_SCOPE: {
    says: (p: OfContainer & { host: string; scope: string }) =>
      `The container ${p.container} wants ${p.host}; the authority may vouch for names under ${p.scope} only. It has its other names.`,
    fix: () =>
      "Take that name out of its labels, or see what the authority may vouch for: genkan root",
  },
  CONTAINER_OUT_OF_REACH: {
    says: (p: OfContainer & { port: number; why: string }) =>
      `The container ${p.container} cannot be reached at its port ${p.port}: ${p.why}.`,
    fix: (p) =>
      `Publish the port on this machine alone, by starting it with -p 127.0.0.1:${p.port}:${p.port} (compose: ports: ["127.0.0.1:${p.port}:${p.port}"])`,
  },
});

/** Nobody is asked to join root's own group: Docker gives its socket to `docker` where there is such a group. */
function joinGroup({ group, user }: { group: string | undefined; user: string }): string {
  const join = `sudo usermod -aG ${shellWord(group === "root" ? "docker" : (group ?? "docker"))} ${shellWord(user)}`;
  return group === "root"
    ? `sudo groupadd -f docker && sudo systemctl restart docker && ${join}`
    : join;
}
