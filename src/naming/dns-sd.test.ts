import { expect, test } from "vitest";
import { silentLog } from "../kernel/log.ts";
import type { Program } from "../platform/run.ts";
import { createDnsSdPublisher } from "./dns-sd.ts";

const LINK = {
  interfaceName: "en0",
  addresses: ["192.168.1.20", "fd12::20"],
  networks: [],
  ipv4: "192.168.1.20",
  zone: 4,
};

/** A Mac whose `dns-sd` children are remembered: `running` holds the arguments of those not ended. */
function mac(owners: Readonly<Record<string, string>> = {}) {
  const running = new Set<string>();
  const told: string[] = [];
  const start = async (program: string, args: readonly string[]): Promise<Program> => {
    const line = [program, ...args].join(" ");
    running.add(line);
    let end: (how: string) => void = () => undefined;
    const ended = new Promise<string>((resolve) => (end = resolve));
    const signal = (): boolean => {
      running.delete(line);
      end("SIGTERM");
      return true;
    };
    return { pid: 1, said: () => "", ended, signal };
  };
  const publisher = createDnsSdPublisher({
    start,
    log: silentLog,
    port: 443,
    ownerOf: async (name) => owners[name],
    events: {
      held: (name) => told.push(`held ${name}`),
      conflict: (name, owner) => told.push(`conflict ${name} ${owner}`),
      trouble: () => undefined,
    },
  });
  return { publisher, running, told };
}

test("every name and address is a child of the system's own program, and ends with the door", async () => {
  const { publisher, running, told } = mac();
  await publisher.publish(["hello.local"], [LINK]);
  expect([...running]).toEqual([
    "dns-sd -P hello.local 192.168.1.20 _https._tcp local 443 hello.local 192.168.1.20",
    "dns-sd -P hello.local fd12::20 _https._tcp local 443 hello.local fd12::20",
  ]);
  expect(told).toEqual(["held hello.local"]);
  await publisher.stop(true);
  expect(running.size).toBe(0);
});

test("children of what stays are not touched", async () => {
  const { publisher, running } = mac();
  await publisher.publish(["hello.local"], [LINK]);
  const [first] = running;
  await publisher.publish(["hello.local"], [{ ...LINK, addresses: ["192.168.1.20", "fd12::21"] }]);
  expect([...running][0]).toBe(first);
  expect([...running][1]).toContain("fd12::21");
});

test("a name another machine has is not registered", async () => {
  const { publisher, running, told } = mac({ "hello.local": "192.168.1.30" });
  await publisher.publish(["hello.local"], [LINK]);
  expect(running.size).toBe(0);
  expect(told).toEqual(["conflict hello.local 192.168.1.30"]);
});
