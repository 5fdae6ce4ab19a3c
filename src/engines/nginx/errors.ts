/*
 * What can go wrong with nginx as the engine.
 */
import { defineErrors } from "../../kernel/errors.ts";

export const nginxErrors = defineErrors({
  NGINX_MISSING: {
    says: (p: { where: string; install: string }) =>
      `The program nginx is not installed here (looked in ${p.where}).`,
    fix: (p) => `Install it: ${p.install}\nOr take the built-in engine: genkan up --engine node`,
  },
  NGINX_TOO_OLD: {
    says: (p: { path: string; version: string; least: string }) =>
      `${p.path} is nginx ${p.version}; the door needs ${p.least} or newer.`,
    fix: () => "Update nginx, or take the built-in engine: genkan up --engine node",
  },
  NGINX_UNKNOWN: {
    says: (p: { path: string; why: string }) => `${p.path} does not say its version: ${p.why}.`,
    fix: (p) => `Look what it says: ${p.path} -V`,
  },
  NGINX_LACKS_MODULE: {
    says: (p: { path: string; modules: readonly string[]; install: string }) =>
      `${p.path} was built without ${p.modules.join(" and ")}.`,
    fix: (p) => `Install a complete one: ${p.install}`,
  },
  NGINX_REFUSED: {
    says: (p: { why: string }) => `nginx does not accept the configuration made for it: ${p.why}`,
    fix: () => "What ran before runs on. See more: genkan logs",
  },
  NGINX_REFUSED_APP: {
    says: (p: { app: string; why: string }) =>
      `nginx does not accept the app ${p.app}, so it is left out: ${p.why}`,
    fix: (p) => `Look at its lines in genkan.yaml, then: genkan doctor ${p.app}`,
  },
  NGINX_NOT_STARTED: {
    says: (p: { why: string }) => `nginx did not start: ${p.why}`,
    fix: () => "See more: genkan logs. Or take the built-in engine: genkan up --engine node",
  },
  NGINX_SILENT: {
    says: (p: { seconds: number }) =>
      `nginx runs, and does not answer within ${p.seconds} seconds.`,
    fix: () => "Close the door and open it again: genkan stop && genkan up",
  },
  NGINX_VALUE_UNFIT: {
    says: (p: { value: string }) =>
      `${JSON.stringify(p.value)} cannot be written into nginx's configuration.`,
    fix: () => "Choose a path without dollar signs and control characters: set GENKAN_HOME",
  },
});
