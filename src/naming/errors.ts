import { defineErrors } from "../kernel/errors.ts";

/** What can go wrong between a name and the devices that ask for it. */
export const namingErrors = defineErrors({
  NAMING_PORT_TAKEN: {
    says: (p: { why: string }) =>
      `Names cannot be announced: another program holds UDP port 5353 for itself (${p.why}).`,
    fix: () =>
      "See who does, and end it or make it share the port; the door goes on trying. Linux: sudo ss -lunp 'sport = :5353', Windows: netstat -anob -p UDP",
  },
  NAMING_FAILED: {
    says: (p: { by: string; why: string }) => `${p.by} does not announce the names: ${p.why}.`,
    fix: () => "Other devices reach the door by its address meanwhile; see more: genkan logs",
  },
  NAMING_NAME_TAKEN: {
    says: (p: { name: string; owner: string | undefined; instead: string }) =>
      `${p.name} already belongs to another machine on this network${inBrackets(p.owner)}, so this door answers to ${p.instead}.`,
    fix: (p) =>
      `Use the name ${p.instead}. If nobody in the household has a machine or a door of the other name, find out who ${p.owner ?? "that"} is before you trust ${p.name}; the router lists its devices.`,
  },
  NAMING_NAME_LOST: {
    says: (p: { name: string; owner: string | undefined }) =>
      `Another machine on this network${inBrackets(p.owner)} takes ${p.name} and every name that would stand in for it, so this door announces none.`,
    fix: (p) =>
      `Reach it by its address, or by each device's hosts file (genkan hosts --all). No program needs all these names: find out who ${p.owner ?? "that"} is; the router lists its devices.`,
  },
});

function inBrackets(address: string | undefined): string {
  return address === undefined ? "" : ` (${address})`;
}
