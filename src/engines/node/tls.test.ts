import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { movedClock } from "../../../test/support/clock.ts";
import { openDoor, type TestDoor, testAuthority } from "../../../test/support/door.ts";
import { answering, rawApp } from "../../../test/support/raw-app.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { LeafSource, ServedLeaf } from "../needs.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** How a client says that the other side ended the handshake, with an alert or without one. */
const REFUSED = /alert|ECONNRESET|socket disconnected|unsupported protocol|EPIPE/;

/** A finished handshake; checks the certificate unless told not to. */
async function shake(door: TestDoor, options: ConnectionOptions): Promise<TLSSocket> {
  const { caPem: ca } = await testAuthority();
  const socket = connect({ host: "127.0.0.1", port: door.httpsPort, ca, ...options });
  onTestFinished(() => void socket.destroy());
  await once(socket, "secureConnect");
  return socket;
}

function namesOf(socket: TLSSocket): string | undefined {
  return socket.getPeerCertificate().subjectaltname;
}

async function scene(more: { leaves?: LeafSource; clock?: Clock } = {}) {
  const app = await rawApp(answering(OK));
  return openDoor({ wiki: app.to, chat: app.to }, more);
}

test("no name, or one the plan does not have, gets the certificate of the addresses", async () => {
  const asked: string[] = [];
  const { leaves } = await testAuthority();
  const door = await scene({
    leaves: {
      ...leaves,
      leafFor: (name) => {
        asked.push(name);
        return leaves.leafFor(name);
      },
    },
  });
  const addresses = "IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1";
  expect(namesOf(await shake(door, { servername: "" }))).toBe(addresses);
  const stranger = { servername: "evil.example", checkServerIdentity: () => undefined };
  expect(namesOf(await shake(door, stranger))).toBe(addresses);
  expect(asked).toEqual([]);
});

test("HTTP/2 is spoken where both can, HTTP/1.1 with everyone else", async () => {
  const door = await scene();
  const both = await shake(door, { servername: "wiki.local", ALPNProtocols: ["http/1.1", "h2"] });
  const old = await shake(door, { servername: "wiki.local", ALPNProtocols: ["http/1.1"] });
  const none = await shake(door, { servername: "wiki.local" });
  expect([both.alpnProtocol, old.alpnProtocol, none.alpnProtocol]).toEqual([
    "h2",
    "http/1.1",
    false,
  ]);
  none.write("GET / HTTP/1.1\r\nHost: wiki.local\r\n\r\n");
  expect(String((await once(none, "data"))[0])).toMatch(/^HTTP\/1.1 200/);
});

test.each([
  ["TLSv1.2", "wiki.local"],
  ["TLSv1.3", "wiki.local"],
  ["TLSv1.2", ""],
  ["TLSv1.3", ""],
] as const)("a session of %s for %j is taken up again", async (version, servername) => {
  const door = await scene();
  const options = { servername, minVersion: version, maxVersion: version };
  const host = servername === "" ? "127.0.0.1" : servername;
  const first = await shake(door, options);
  const ticket = once(first, "session");
  first.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  await once(first, "data");
  // Before TLS 1.3 the ticket comes within the handshake, since then behind it.
  const session = version === "TLSv1.2" ? first.getSession() : (await ticket)[0];
  first.destroy();
  const second = await shake(door, { ...options, session });
  expect(second.isSessionReused()).toBe(true);
  second.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  expect(String((await once(second, "data"))[0])).toMatch(/^HTTP\/1.1 200/);
});

test("a connection made for one name serves no other, also when its session is taken up again", async () => {
  const door = await scene();
  const options = { servername: "wiki.local", minVersion: "TLSv1.3" } as const;
  const chat = "GET / HTTP/1.1\r\nHost: chat.local\r\n\r\n";
  const first = await shake(door, options);
  const ticket = once(first, "session");
  first.write(chat);
  expect(String((await once(first, "data"))[0])).toMatch(/^HTTP\/1.1 421/);
  const [session] = await ticket;
  const second = await shake(door, { ...options, session });
  expect(second.isSessionReused()).toBe(true);
  second.write(chat);
  expect(String((await once(second, "data"))[0])).toMatch(/^HTTP\/1.1 421/);
});

test("every handshake asks for the certificate, and a new one is served from then on", async () => {
  const ca = await testAuthority();
  let leaf = await ca.issue(["wiki.local"]);
  let asked = 0;
  const leaves: LeafSource = {
    leafFor: async () => {
      asked += 1;
      return leaf;
    },
    leafForAddresses: () => ca.leaves.leafForAddresses(),
  };
  const door = await scene({ leaves });
  const serial = async (): Promise<string> =>
    (await shake(door, { servername: "wiki.local" }))
      .getPeerCertificate()
      .serialNumber.toLowerCase();
  expect(await serial()).toBe(leaf.id);
  expect(await serial()).toBe(leaf.id);
  leaf = await ca.issue(["wiki.local"]);
  expect(await serial()).toBe(leaf.id);
  expect(asked).toBe(3);
});

test("the certificate of the addresses is asked for at every connection, too", async () => {
  const ca = await testAuthority();
  let leaf = await ca.issue(["127.0.0.1"]);
  const door = await scene({ leaves: { ...ca.leaves, leafForAddresses: async () => leaf } });
  const serial = async (): Promise<string> =>
    (await shake(door, { servername: "" })).getPeerCertificate().serialNumber.toLowerCase();
  expect(await serial()).toBe(leaf.id);
  leaf = await ca.issue(["127.0.0.1"]);
  expect(await serial()).toBe(leaf.id);
});

test("an expired certificate is never served: the handshake fails instead", async () => {
  const ca = await testAuthority();
  const clock = movedClock();
  const soon = clock.now() + 60_000;
  const fixed: Record<string, ServedLeaf> = {
    name: await ca.issue(["wiki.local"], soon),
    address: await ca.issue(["127.0.0.1"], soon),
  };
  const pick = (key: string): Promise<ServedLeaf> =>
    fixed[key] ? Promise.resolve(fixed[key]) : Promise.reject(new Error("none"));
  const door = await scene({
    clock,
    leaves: { leafFor: () => pick("name"), leafForAddresses: () => pick("address") },
  });
  await shake(door, { servername: "wiki.local" });
  await shake(door, { servername: "" });
  clock.move(60_000);
  await expect(shake(door, { servername: "wiki.local" })).rejects.toThrow(REFUSED);
  await expect(shake(door, { servername: "" })).rejects.toThrow(REFUSED);
  const events = door.log.filter(({ event }) => event === "leaf.unavailable");
  expect(events.map(({ name }) => name)).toContain("wiki.local");
});

test("an authority that fails for one name or for the addresses leaves the others served", async () => {
  const ca = await testAuthority();
  const fail = (): Promise<ServedLeaf> => Promise.reject(new Error("the disk is full"));
  const door = await scene({
    leaves: {
      leafFor: (name) => (name === "chat.local" ? fail() : ca.leaves.leafFor(name)),
      leafForAddresses: fail,
    },
  });
  await expect(shake(door, { servername: "chat.local" })).rejects.toThrow(REFUSED);
  await expect(shake(door, { servername: "" })).rejects.toThrow(REFUSED);
  expect(namesOf(await shake(door, { servername: "wiki.local" }))).toBe("DNS:wiki.local");
});

test("an authority that fails for a moment leaves the good certificate of the addresses in place", async () => {
  const ca = await testAuthority();
  let fails = false;
  const door = await scene({
    leaves: {
      ...ca.leaves,
      leafForAddresses: () =>
        fails ? Promise.reject(new Error("busy")) : ca.leaves.leafForAddresses(),
    },
  });
  await shake(door, { servername: "" });
  fails = true;
  expect((await shake(door, { servername: "" })).authorized).toBe(true);
});

test("visitors who leave within the handshake, or speak no TLS, are nobody's trouble", async () => {
  const door = await scene();
  for (const bytes of [
    "",
    "GET / HTTP/1.1\r\n\r\n",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "\0".repeat(1000),
  ]) {
    const socket = connectTcp(door.httpsPort, "127.0.0.1");
    socket.on("error", () => undefined);
    await once(socket, "connect");
    socket.write(bytes, "latin1");
    socket.resetAndDestroy();
  }
  expect((await shake(door, { servername: "wiki.local" })).authorized).toBe(true);
});

test("keys of session tickets are new after a day: an old session is not taken up again, a newer one is", async () => {
  const due: (() => void)[] = [];
  const clock: Clock = {
    now: () => Date.now(),
    every: (ms, task) => {
      expect(ms).toBe(86_400_000);
      due.push(task);
      return () => undefined;
    },
  };
  const door = await scene({ clock });
  for (const servername of ["wiki.local", ""]) {
    const options = { servername, maxVersion: "TLSv1.2" } as const;
    const session = (await shake(door, options)).getSession();
    expect((await shake(door, { ...options, session })).isSessionReused()).toBe(true);
    for (const task of due) task();
    const fresh = await shake(door, { ...options, session });
    expect(fresh.isSessionReused()).toBe(false);
    const again = await shake(door, { ...options, session: fresh.getSession() });
    expect(again.isSessionReused()).toBe(true);
  }
});

test("a certificate that cannot be used is an error in the log, and the last good one is served on", async () => {
  const ca = await testAuthority();
  let leaf = await ca.issue(["127.0.0.1"]);
  const door = await scene({ leaves: { ...ca.leaves, leafForAddresses: async () => leaf } });
  await shake(door, { servername: "" });
  leaf = { ...leaf, id: "other", certPem: "torn in half" };
  expect((await shake(door, { servername: "" })).authorized).toBe(true);
  expect(door.log.some(({ event }) => event === "leaf.unusable")).toBe(true);
});

test("visitors do not wait for ever for an authority that does not answer", async () => {
  const ca = await testAuthority();
  const never = new Promise<ServedLeaf>(() => undefined);
  const leaves = { ...ca.leaves, leafForAddresses: () => never };
  const app = await rawApp(answering(OK));
  const door = await openDoor({ wiki: app.to }, { leaves, limits: { handshakeDeadline: 200 } });
  await expect(shake(door, { servername: "wiki.local" })).rejects.toThrow(REFUSED);
});
