import { expect, test } from "vitest";
import { type DnsChecksNeeds, dnsChecks } from "./checks.ts";

const signal = new AbortController().signal;
const HOME = "192.168.1.10";

function look(id: string, more: Partial<DnsChecksNeeds>) {
  const needs: DnsChecksNeeds = {
    zone: "box.home.arpa",
    name: "wiki.box.home.arpa",
    places: [{ address: HOME, port: 53 }],
    ask: async () => [HOME],
    resolve: async () => [HOME],
    ...more,
  };
  const check = dnsChecks(needs).find((one) => one.id === id);
  if (!check) throw new Error(id);
  return check.look(signal);
}

test("all is well where the door answers and the network passes it on", async () => {
  expect(await look("dns.answers", {})).toEqual({ state: "well", note: HOME });
  expect(await look("dns.passed-on", {})).toEqual({ state: "well" });
});

test("a door that does not answer, and somebody else in its place, are told apart", async () => {
  const refused = () => Promise.reject(new Error("connect ECONNREFUSED"));
  expect(await look("dns.answers", { ask: refused })).toMatchObject({
    state: "unwell",
    says: expect.stringContaining("does not answer DNS on 192.168.1.10 port 53") as string,
    fix: { command: "sudo ss -lntup 'sport = :53'" },
  });
  expect(await look("dns.answers", { ask: async () => [] })).toMatchObject({
    says: expect.stringContaining("it is not this door") as string,
  });
});

test("a name only the door knows is the router's rebinding protection, by the names routers give it", async () => {
  const finding = await look("dns.passed-on", { resolve: async () => [] });
  expect(finding).toMatchObject({ state: "unwell", severity: "low" });
  const hints = finding.state === "unwell" ? finding.fix.says : "";
  for (const name of [
    "rebind-domain-ok=/box.home.arpa/",
    "private-domain",
    "DNS Rebind Protection",
  ])
    expect(hints).toContain(name);
});

test("a name that leads elsewhere is said to", async () => {
  expect(await look("dns.passed-on", { resolve: async () => ["203.0.113.9"] })).toMatchObject({
    says: expect.stringContaining("leads to 203.0.113.9") as string,
  });
});

test("without a network nothing is known", async () => {
  expect(await look("dns.answers", { places: [] })).toMatchObject({ state: "unknown" });
  expect(await look("dns.passed-on", { places: [] })).toMatchObject({ state: "unknown" });
});
