/*
 * TLS as RFC 5246, 8446, 7301 and 6066 have it and RFC 9325 (BCP 195) recommends it: what is agreed on, what is
 * refused, and that nothing said wrongly reaches an app or costs another visitor anything.
 */
import { constants, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect as connectTcp, createServer, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { connect, type ConnectionOptions, getCiphers, type TLSSocket } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { runProgram } from "../../src/platform/run.ts";
import { testAuthority } from "../support/door.ts";
import { answering } from "../support/raw-app.ts";
import { tempFolder } from "../support/temp.ts";
import { toolPath } from "../support/tools.ts";
import { type Engine, onEveryEngine } from "./engines.ts";

/** How a client says that the other side ended the handshake, with an alert or without one. */
const REFUSED = /alert|ECONNRESET|socket disconnected|unsupported protocol|EPIPE|no protocols/;
const WEAK = "ALL:COMPLEMENTOFALL@SECLEVEL=0";
const ADDRESSES = "IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1";
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const GET = "GET / HTTP/1.1\r\nHost: wiki.local\r\n\r\n";

async function shake({ door }: Engine, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const { caPem: ca } = await testAuthority();
  const where = { host: "127.0.0.1", port: door.httpsPort, servername: "wiki.local" };
  const socket = connect({ ...where, ca, ...options });
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined); // told by the promise, or by what is heard
  await once(socket, "secureConnect");
  return socket;
}

async function ask(socket: TLSSocket, host = "wiki.local"): Promise<string> {
  socket.write(GET.replace("wiki.local", host));
  return String((await once(socket, "data"))[0]);
}

/** Throws unless another visitor is served. */
async function expectServing(engine: Engine): Promise<void> {
  expect(await ask(await shake(engine))).toMatch(/^HTTP\/1.1 200 /);
}

function only(version: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3"): ConnectionOptions {
  return { minVersion: version, maxVersion: version };
}

/** A ClientHello as Node writes it. */
async function clientHello(): Promise<Buffer> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const client = connect({ host: "127.0.0.1", port, servername: "wiki.local" });
  client.on("error", () => undefined); // nobody answers it
  const [socket] = (await once(server, "connection")) as [Socket];
  const [hello] = (await once(socket, "data")) as [Buffer];
  client.destroy();
  socket.destroy();
  server.close();
  return hello;
}

function replaced(bytes: Buffer, at: number, by: readonly number[]): Buffer {
  const changed = Buffer.from(bytes);
  for (const [i, byte] of by.entries()) changed[at + i] = byte;
  return changed;
}

/** A connection whose packets are noted; the ones with content are changed in a bit, where asked for. */
function wireTo(raw: Socket, sent: Buffer[], isChanged = false): Duplex {
  const wire = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      sent.push(chunk);
      const isContent = chunk[0] === 0x17 && sent.length > 2;
      const last = chunk.length - 1;
      raw.write(
        isChanged && isContent ? replaced(chunk, last, [(chunk[last] ?? 0) ^ 1]) : chunk,
        done,
      );
    },
    final: (done) => done(),
  });
  raw.on("data", (chunk: Buffer) => wire.push(chunk));
  raw.on("end", () => wire.push(null));
  wire.on("error", () => undefined); // the door had ended it before
  return wire;
}

/** Nothing, an alert, or a no in HTTP. */
function isRefusal(heard: string): boolean {
  return heard === "" || heard.charCodeAt(0) === 0x15 || heard.startsWith("HTTP/1.1 400 ");
}

/** What a connection said until it was over, or for at most two seconds. */
async function heardBy(raw: Socket): Promise<string> {
  let heard = "";
  raw.on("data", (chunk: Buffer) => (heard += chunk.toString("latin1")));
  const isOver = new Promise((resolve) => raw.once("close", resolve)); // once() would throw for a reset
  await Promise.race([isOver, wait(2000)]);
  return heard;
}

onEveryEngine("TLS", answering(OK), (engine) => {
  test.each(["TLSv1.2", "TLSv1.3"] as const)("%s is spoken", async (version) => {
    const socket = await shake(engine, only(version));
    expect(socket.getProtocol()).toBe(version);
    expect(await ask(socket)).toMatch(/^HTTP\/1.1 200 /);
  });

  test.each(["TLSv1", "TLSv1.1"] as const)("%s is refused (RFC 8996)", async (version) => {
    const old = shake(engine, { ...only(version), ciphers: WEAK });
    await expect(old).rejects.toThrow(REFUSED);
    await expectServing(engine);
  });

  test("of all ciphers of TLS 1.2 those with ephemeral keys and AEAD are taken, one by one", async () => {
    const offered = getCiphers().filter((name) => !name.startsWith("tls_"));
    const taken: string[] = [];
    for (const name of offered) {
      const ciphers = `${name.toUpperCase()}@SECLEVEL=0`;
      const socket = await shake(engine, { ...only("TLSv1.2"), ciphers }).catch(() => undefined);
      if (socket) taken.push(socket.getCipher().name);
      socket?.destroy();
    }
    expect(offered.length).toBeGreaterThan(30);
    expect(taken.sort()).toEqual([
      "ECDHE-ECDSA-AES128-GCM-SHA256",
      "ECDHE-ECDSA-AES256-GCM-SHA384",
      "ECDHE-ECDSA-CHACHA20-POLY1305",
    ]);
  });

  test.each(["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"])(
    "of TLS 1.3 %s is taken",
    async (ciphers) => {
      const socket = await shake(engine, { ...only("TLSv1.3"), ciphers });
      expect(socket.getCipher().name).toBe(ciphers);
    },
  );

  test("the door's order of ciphers counts, not the visitor's", async () => {
    const ciphers = "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256";
    const socket = await shake(engine, { ...only("TLSv1.2"), ciphers });
    expect(socket.getCipher().name).toBe("ECDHE-ECDSA-AES128-GCM-SHA256");
  });

  test("a visitor cannot renegotiate (RFC 5746), and nobody else notices", async () => {
    const socket = await shake(engine, only("TLSv1.2"));
    const outcome = await new Promise((resolve) => {
      socket.on("error", resolve);
      socket.on("close", () => resolve(new Error("closed")));
      socket.renegotiate({}, (error) => resolve(error));
    });
    expect(outcome).toBeInstanceOf(Error);
    await expectServing(engine);
  });

  test.each(["TLSv1.2", "TLSv1.3"] as const)(
    "a session of %s is taken up again by its ticket (RFC 5077, RFC 8446 section 2.2)",
    async (version) => {
      const second = await shake(engine, { ...only(version), session: await sessionOf(version) });
      expect(second.isSessionReused()).toBe(true);
      expect(await ask(second)).toMatch(/^HTTP\/1.1 200 /);
    },
  );

  test("without tickets a session of TLS 1.2 is found by its id in nginx, and made anew by Node, which keeps none", async () => {
    const options = { ...only("TLSv1.2"), secureOptions: constants.SSL_OP_NO_TICKET };
    const first = await shake(engine, options);
    await ask(first);
    const session = first.getSession();
    const second = await shake(engine, { ...options, ...(session ? { session } : {}) });
    expect(second.isSessionReused()).toBe(engine.name === "nginx");
    expect(await ask(second)).toMatch(/^HTTP\/1.1 200 /);
  });

  test("a ticket that was changed is none, and the handshake is made in full", async () => {
    const first = await shake(engine, only("TLSv1.2"));
    const session = first.getSession() ?? Buffer.alloc(0);
    const ticket = first.getTLSTicket() ?? Buffer.alloc(0);
    const last = session.indexOf(ticket) + ticket.length - 1;
    expect(last).toBeGreaterThan(16);
    const changed = replaced(session, last, [(session[last] ?? 0) ^ 1]);
    const second = await shake(engine, { ...only("TLSv1.2"), session: changed });
    expect(second.isSessionReused()).toBe(false);
    expect(await ask(second)).toMatch(/^HTTP\/1.1 200 /);
  });

  test.each([
    [["h2", "http/1.1"], "h2"],
    [["http/1.1", "h2"], "h2"],
    [["http/1.1"], "http/1.1"],
    [["spdy/3", "http/1.1"], "http/1.1"],
  ])("of the protocols %j the door takes %s (RFC 7301)", async (ALPNProtocols, taken) => {
    expect((await shake(engine, { ALPNProtocols })).alpnProtocol).toBe(taken);
  });

  test("who names no protocol speaks HTTP/1.1", async () => {
    const socket = await shake(engine);
    expect(socket.alpnProtocol).toBe(false);
    expect(await ask(socket)).toMatch(/^HTTP\/1.1 200 /);
  });

  test.each([["spdy/3"], ["h3"], ["acme-tls/1"], ["\xff\xfe"]])(
    "who speaks %j alone is refused (RFC 7301 section 3.2)",
    async (name) => {
      await expect(shake(engine, { ALPNProtocols: [name] })).rejects.toThrow(REFUSED);
      await expectServing(engine);
    },
  );

  test.each([
    ["wiki.local", "DNS:wiki.local"],
    ["WIKI.LOCAL", "DNS:wiki.local"],
    ["", ADDRESSES],
    ["evil.example", ADDRESSES],
    ["wiki.local.evil.example", ADDRESSES],
    ["*.local", ADDRESSES],
  ])("who names %j in the handshake sees the certificate of %s (RFC 6066)", async (...told) => {
    const [servername, names] = told;
    const socket = await shake(engine, { servername, checkServerIdentity: () => undefined });
    expect(socket.getPeerCertificate().subjectaltname).toBe(names);
  });

  test.skipIf(toolPath("openssl") === undefined)(
    "an address is no name in a handshake (RFC 6066 section 3), but nobody is sent away for it",
    async () => {
      const to = ["s_client", "-connect", `127.0.0.1:${engine.door.httpsPort}`];
      const { stdout } = await runProgram("openssl", [...to, "-servername", "127.0.0.1"], {
        input: "",
      });
      expect(new X509Certificate(stdout).subjectAltName).toContain("IP Address:127.0.0.1");
    },
  );

  test("a name the door does not have gets no app's answer under it", async () => {
    const options = { servername: "evil.example", checkServerIdentity: () => undefined };
    const before = engine.app.connections.length;
    for (const host of ["evil.example", "wiki.local"]) {
      expect(await ask(await shake(engine, options), host)).toMatch(/^HTTP\/1.1 421 /);
    }
    expect(engine.app.connections.length).toBe(before);
  });

  test("HTTP without TLS on this port gets no app's answer", async () => {
    const raw = await rawSocket();
    raw.write(GET);
    expect(await heardBy(raw)).toSatisfy(isRefusal);
    await expectServing(engine);
  });

  test.each<[string, (hello: Buffer) => Buffer]>([
    ["half a ClientHello", (hello) => hello.subarray(0, hello.length / 2)],
    ["a record that announces more than it has", () => Buffer.from("1603010200010001fc", "hex")],
    ["a record longer than any may be", () => Buffer.from("160301ffff01", "hex")],
    ["an empty record", () => Buffer.from("1603010000", "hex")],
    ["content before the handshake", () => Buffer.from("1703030005aabbccddee", "hex")],
    ["an alert before the handshake", () => Buffer.from("15030300020100", "hex")],
    ["a ClientHello of no version", (hello) => replaced(hello, 9, [0, 0])],
    ["bytes that are no TLS", () => Buffer.alloc(2000, 0xff)],
  ])("%s is refused or waited for, and no app hears of it", async (_what, make) => {
    const before = engine.app.connections.length;
    const raw = await rawSocket();
    raw.write(make(await clientHello()));
    raw.end();
    expect(await heardBy(raw)).toSatisfy(isRefusal);
    expect(engine.app.connections.length).toBe(before);
    await expectServing(engine);
  });

  test("what comes behind close_notify is read by nobody (RFC 8446 section 6.1)", async () => {
    const raw = await rawSocket();
    const sent: Buffer[] = [];
    const { caPem: ca } = await testAuthority();
    const socket = connect({ socket: wireTo(raw, sent), servername: "wiki.local", ca });
    socket.on("error", () => undefined);
    await once(socket, "secureConnect");
    expect(await ask(socket)).toMatch(/^HTTP\/1.1 200 /);
    const request = sent.at(-1) ?? Buffer.alloc(0);
    const before = engine.app.received.join("").length;
    socket.end();
    await expect.poll(() => sent.at(-1) !== request).toBe(true);
    raw.write(request);
    raw.write(GET);
    await heardBy(raw);
    expect(engine.app.received.join("").length).toBe(before);
    await expectServing(engine);
  });

  test("a record that was changed on its way ends the connection, and the app is asked nothing", async () => {
    const raw = await rawSocket();
    const { caPem: ca } = await testAuthority();
    const sent: Buffer[] = [];
    const socket = connect({ socket: wireTo(raw, sent, true), servername: "wiki.local", ca });
    socket.on("error", () => undefined);
    await once(socket, "secureConnect");
    const before = engine.app.received.join("").length;
    socket.write(GET);
    await heardBy(raw);
    expect(engine.app.received.join("").length).toBe(before);
    await expectServing(engine);
  });

  test.skipIf(toolPath("openssl") === undefined)(
    "a request cannot come with the handshake, where it could be sent again (0-RTT, RFC 8446 section 8)",
    async () => {
      const file = `${tempFolder()}/session`;
      const to = ["s_client", "-connect", `127.0.0.1:${engine.door.httpsPort}`, "-tls1_3"];
      const request = GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
      const more = ["-servername", "wiki.local", "-sess_out", file, "-ign_eof", "-quiet"];
      await runProgram("openssl", [...to, ...more], { input: request });
      const { stdout } = await runProgram("openssl", ["sess_id", "-in", file, "-noout", "-text"]);
      expect(stdout).toContain("TLSv1.3");
      expect(stdout).not.toMatch(/Max Early Data: [1-9]/);
    },
  );

  async function sessionOf(version: "TLSv1.2" | "TLSv1.3"): Promise<Buffer> {
    const first = await shake(engine, only(version));
    const ticket = once(first, "session");
    await ask(first);
    // Before TLS 1.3 the ticket comes within the handshake, since then behind it.
    const session: unknown = version === "TLSv1.2" ? first.getSession() : (await ticket)[0];
    if (!Buffer.isBuffer(session)) throw new Error("the door gave no session");
    return session;
  }

  async function rawSocket(): Promise<Socket> {
    const socket = connectTcp(engine.door.httpsPort, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.on("error", () => undefined); // a reset is an end, too
    await once(socket, "connect");
    return socket;
  }
});
