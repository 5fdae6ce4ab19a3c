import { defineErrors } from "../kernel/errors.ts";

export const daemonErrors = defineErrors({
  DOOR_PORT_TAKEN: {
    says: (p: { port: number; address: string; holder: string; option: string; instead: number }) =>
      `Port ${p.port} on ${p.address} is taken by ${p.holder}.`,
    fix: (p) => `Stop that program, or choose another port: genkan up ${p.option} ${p.instead}`,
  },
  DOOR_PORT_FORBIDDEN: {
    says: (p: { port: number; how: string; option: string; instead: number }) =>
      `This user may not listen on port ${p.port}: ports below 1024 need a right.`,
    fix: (p) => `${p.how}\nOr choose another port: genkan up ${p.option} ${p.instead}`,
  },
  DOOR_ADDRESS_UNKNOWN: {
    says: (p: { address: string; known: readonly string[] }) =>
      `${p.address} is no address of this machine.`,
    fix: (p) => `Choose one of these: ${p.known.join(", ")}`,
    exit: 2,
  },
  DOOR_PORTS_EQUAL: {
    says: (p: { port: number }) => `The secure and the plain port are both ${p.port}.`,
    fix: () => "Give each its own: genkan up --https-port 8443 --http-port 8080",
    exit: 2,
  },
  DOOR_CLOSED: {
    says: (p: { home: string }) => `No door is open here (looked in ${p.home}).`,
    fix: () => "Open it: genkan up",
  },
  DOOR_SILENT: {
    says: (p: { why: string }) => `The open door does not answer: ${p.why}.`,
    fix: () => "See what it last did: genkan logs. To end it: kill its process, then genkan up",
  },
  APP_NOT_AT_DOOR: {
    says: (p: { name: string; names: readonly string[] }) => `The open door has no app ${p.name}.`,
    fix: (p) => `It has ${p.names.join(", ") || "none"}. To add one: genkan add ${p.name} TARGET`,
    exit: 2,
  },
  DEEP_FOR_OPENHANDS: {
    says: (p: { name: string }) =>
      `--deep begins a conversation of OpenHands, and the door does not know ${p.name} as one.`,
    fix: (p) =>
      `If it is one, write "preset: openhands" below ${p.name} in genkan.yaml. Otherwise: genkan doctor ${p.name}`,
    exit: 2,
  },
});
