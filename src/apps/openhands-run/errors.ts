import { defineErrors } from "../../kernel/errors.ts";

/** What keeps OpenHands from being started, looked at or stopped. */
export const runErrors = defineErrors({
  OPENHANDS_NO_DOCKER: {
    says: (p: { why: string; otherwise: string }) => `Docker cannot be asked: ${p.why}.`,
    fix: (p) => `Install or start it (https://docs.docker.com/engine/install/).${p.otherwise}`,
  },
  OPENHANDS_DOCKER_FORBIDDEN: {
    says: (p: { socket: string; group: string; user: string }) =>
      `${p.user} has no right to use Docker: ${p.socket} belongs to the group ${p.group}.`,
    fix: (p) =>
      `Become a member, which gives the rights of the administrator: sudo usermod -aG ${p.group} ${p.user} - then sign in anew.`,
  },
  OPENHANDS_DOCKER_FAILED: {
    says: (p: { what: string; why: string }) => `Docker did not ${p.what}: ${p.why}`,
    fix: () => "See what Docker says of itself: docker info; journalctl -u docker",
  },
  OPENHANDS_DOCKER_ROOTLESS: {
    says: (p: { title: string }) =>
      `${p.title} starts containers that must reach each other through this machine, and rootless Docker has no address for that.`,
    fix: () => "Start the generation that needs none: genkan openhands start --generation canvas",
  },
  OPENHANDS_NAME_TAKEN: {
    says: (p: { name: string; image: string }) =>
      `A container called ${p.name} is there, and it is not ours (image ${p.image}).`,
    fix: (p) => `Give it another name: docker rename ${p.name} ${p.name}-old`,
  },
  OPENHANDS_RUNS_OTHERWISE: {
    says: (p: { how: string }) => `OpenHands runs already, and otherwise than asked for: ${p.how}.`,
    fix: () => "Stop it first (state and projects are kept): genkan openhands stop",
  },
  OPENHANDS_STARTED_BY_HAND: {
    says: (p: { container: string; title: string; where: string }) =>
      `The container ${p.container} runs ${p.title} already, published on ${p.where}; two on one state folder would spoil it.`,
    fix: (p) => `Stop that one, then start again: docker stop ${p.container}`,
  },
  OPENHANDS_PORT_TAKEN: {
    says: (p: { at: string; who: string; generation: string }) => `${p.at} is taken by ${p.who}.`,
    fix: (p) => `Take another: genkan openhands start --generation ${p.generation} --port PORT`,
  },
  OPENHANDS_APP_ELSEWHERE: {
    says: (p: { target: string; wanted: string }) =>
      `The app openhands in genkan.yaml leads to ${p.target}; this one would be at ${p.wanted}.`,
    fix: () => "Take that app away first: genkan remove openhands",
  },
  OPENHANDS_FOLDER: {
    says: (p: { folder: string; why: string; command: string }) =>
      `The folder ${p.folder} cannot be used: ${p.why}.`,
    fix: (p) => p.command,
  },
  OPENHANDS_IMAGE_MISSING: {
    says: (p: { image: string; why: string }) =>
      `The registry does not give the image ${p.image}: ${p.why}`,
    fix: (p) => `Try by hand: docker pull ${p.image}`,
  },
  OPENHANDS_REGISTRY_UNREACHABLE: {
    says: (p: { image: string; why: string }) =>
      `The image ${p.image} is not here, and its registry cannot be reached: ${p.why}`,
    fix: (p) =>
      `Try again with the network there, or bring it as a file: docker save ${p.image} on another machine, docker load here.`,
  },
  OPENHANDS_DISK_FULL: {
    says: (p: { image: string }) =>
      `The disk is full: there is no room for ${p.image} (several GB).`,
    fix: () =>
      "See what Docker keeps: docker system df - and let go of what nobody uses: docker system prune",
  },
  OPENHANDS_ENDED: {
    says: (p: { title: string; how: string; lines: string }) =>
      `${p.title} ended before it was ready (${p.how}). Its last words:\n${p.lines}`,
    fix: () => "To see it by hand: genkan openhands start --print",
  },
  OPENHANDS_NOT_READY: {
    says: (p: { title: string; seconds: string; why: string; lines: string }) =>
      `${p.title} was not ready after ${p.seconds} seconds: ${p.why}. Its last words:\n${p.lines}`,
    fix: () =>
      "Try again (a first start is slow), or see it by hand: genkan openhands start --print",
  },
  OPENHANDS_STOPPED_MIDWAY: {
    says: () => "Stopped midway: OpenHands was not ready yet.",
    fix: () => "Start anew: genkan openhands start",
  },
});
