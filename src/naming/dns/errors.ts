import { defineErrors } from "../../kernel/errors.ts";

/** What keeps the DNS mode from an address; the door itself stays open. */
export const dnsErrors = defineErrors({
  DNS_NOT_LISTENING: {
    says: (p: { address: string; port: number; why: string }) =>
      `The door answers no DNS on ${p.address} port ${p.port}: ${p.why}. Everything else works.`,
    fix: (p) =>
      `See who has the port (sudo ss -lntup 'sport = :${p.port}'), or choose another under dns in genkan.yaml, or take dns out. It is tried again every few seconds.`,
  },
});
