import { defineErrors } from "../kernel/errors.ts";

/** What can go wrong between a name and the devices that ask for it. */
export const namingErrors = defineErrors({
  NAMING_PORT_TAKEN: {
    says: (p: { why: string }) =>
      `Names cannot be announced: another program holds UDP port 5353 for itself (${p.why}).`,
    fix: () =>
      "See who does, and end it or make it share the port: ss -lunp sport = :5353 (the door goes on trying)",
  },
  NAMING_FAILED: {
    says: (p: { by: string; why: string }) => `${p.by} does not announce the names: ${p.why}.`,
    fix: () => "Other devices reach the door by its address meanwhile; see more: genkan logs",
  },
  NAMING_NAME_TAKEN: {
    says: (p: { name: string; owner: string; instead: string }) =>
      `${p.name} already belongs to another machine on this network (${p.owner}), so this door answers to ${p.instead}.`,
    fix: (p) =>
      `Use https://${p.instead}. If nobody in the household has a machine or a door of that name, find out who ${p.owner} is before you trust ${p.name}.`,
  },
  NAMING_NAME_LOST: {
    says: (p: { name: string; owner: string }) =>
      `Another machine on this network (${p.owner}) takes ${p.name} and every name that would stand in for it, so this door announces none.`,
    fix: (p) =>
      `Reach it by its address, or by a hosts file (genkan hosts --print). No program needs all these names: find out who ${p.owner} is.`,
  },
});
