/*
 * Names as hosts of support/namespaces.ts see them: what they lead to, who answers, what the door says.
 */
import { expect, vi } from "vitest";
import { doorControl } from "../../src/daemon/control/client.ts";
import type { DoorStatus } from "../../src/daemon/control/protocol.ts";
import { pathsOf } from "../../src/platform/paths.ts";
import type { DoorInHost } from "./door-in-host.ts";
import { describeHost } from "./host.ts";
import type { NetworkHost } from "./namespaces.ts";

/** For vi.waitFor: names take seconds, and longer on a busy machine. */
export const SLOW = { timeout: 60_000, interval: 250 };

/** Asked at its control socket, from here: polled by `genkan status`, a busy machine would do little else. */
export function statusOf({ home }: DoorInHost): Promise<DoorStatus> {
  const host = describeHost({ env: { GENKAN_HOME: home } });
  return doorControl(pathsOf(host)).status();
}

interface Looked {
  readonly id: string;
  readonly state: string;
  readonly says?: string;
}

/** What doctor finds of names. */
export async function namesLooked(door: DoorInHost): Promise<Looked[]> {
  const { stdout } = await door.genkan("doctor", "--json");
  const { checks } = JSON.parse(stdout) as { checks: Looked[] };
  return checks.filter(({ id }) => id.startsWith("names."));
}

/** What the name leads to, by the host's own resolver. */
export async function resolve(host: NetworkHost, name: string): Promise<string[]> {
  const { stdout } = await host.run("getent", ["ahosts", name]);
  return [...new Set(stdout.split("\n").flatMap((line) => line.split(/[ %]/)[0] || []))];
}

/** Resolves when the door announces the name. */
export async function announced(door: DoorInHost, name: string): Promise<void> {
  await vi.waitFor(async () => {
    const { names } = await statusOf(door);
    expect(names.names).toContainEqual(expect.objectContaining({ name, state: "announced" }));
  }, SLOW);
}

/** Opens the name's page from the host; gives curl's words, `<html` among them. */
export async function openPage(host: NetworkHost, door: DoorInHost, name: string): Promise<string> {
  const root = door.ready.root.path;
  const args = ["-q", "-sS", "--max-time", "10", "--cacert", root, `https://${name}/`];
  const { stdout, stderr } = await host.run("curl", args);
  return stdout + stderr;
}

/** A question as a device without a responder asks it: from a port of its own, and the answer comes back there. */
export async function askPlainly(host: NetworkHost, name: string, type: string): Promise<unknown> {
  const { stdout, stderr } = await host.run(process.execPath, [
    "-e",
    `const pkt = require("dns-packet");
    const socket = require("node:dgram").createSocket("udp4");
    socket.on("message", (bytes) => { console.log(JSON.stringify(pkt.decode(bytes))); process.exit(0); });
    socket.bind(0, "${host.addresses[0]}", () => socket.send(
      pkt.encode({ type: "query", id: 4242, questions: [{ name: "${name}", type: "${type}" }] }), 5353, "224.0.0.251"));
    setTimeout(() => process.exit(1), 1000);`,
  ]);
  if (stdout === "") throw new Error(`no answer ${stderr}`);
  return JSON.parse(stdout) as unknown;
}

/**
 * A program, for the second host, that claims hello.local for 10.77.0.66 again and again, and every other name of
 * hello it hears of; says what it heard.
 */
export const NAME_TAKER = `
const pkt = require("dns-packet");
const socket = require("node:dgram").createSocket({ type: "udp4", reuseAddr: true });
const claim = (name) => socket.send(
  pkt.encode({ type: "response", flags: 1024, answers: [{ name, type: "A", class: "IN", ttl: 120, flush: true, data: "10.77.0.66" }] }),
  5353, "224.0.0.251");
socket.on("message", (bytes, from) => {
  if (from.address === "10.77.0.2") return;
  for (const { name } of pkt.decode(bytes).questions) if (name.startsWith("hello")) { console.log(name); claim(name); }
});
socket.bind(5353, () => {
  socket.addMembership("224.0.0.251", "10.77.0.2");
  socket.setMulticastInterface("10.77.0.2");
  setInterval(() => claim("hello.local"), 200);
});`;
