import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "../../../test/support/genkan.ts";
import { describeWithTools } from "../../../test/support/tools.ts";
import { silentLog } from "../../kernel/log.ts";
import { answerTo } from "./answer.ts";
import { askDns } from "./ask.ts";
import { createDnsServer, type DnsServer } from "./server.ts";
import { createZone } from "./zone.ts";

const zone = createZone({
  apex: "box.home.arpa",
  hosts: ["wiki.box.home.arpa"],
  addresses: () => ["192.168.1.10", "fd00::10"],
});

async function served(port: number): Promise<DnsServer> {
  const server = createDnsServer({
    port,
    log: silentLog,
    answer: (packet) => answerTo(packet, zone),
  });
  onTestFinished(() => server.stop());
  await server.follow(["127.0.0.1"]);
  return server;
}

test("it follows the addresses it is given, and keeps why it could not", async () => {
  const port = await freePort();
  const server = await served(port);
  expect(server.listening()).toEqual(["127.0.0.1"]);
  await server.follow(["127.0.0.2", "192.0.2.1"]);
  expect(server.listening()).toEqual(["127.0.0.2"]);
  expect([...server.troubles().keys()]).toEqual(["192.0.2.1"]);
  await server.follow(["127.0.0.2"]);
  expect(server.troubles().size).toBe(0);
  await server.follow([]);
  expect(server.listening()).toEqual([]);
});

test("a port that is half taken is given back whole", async () => {
  const port = await freePort();
  const other = createSocket("udp4");
  other.bind(port, "127.0.0.1");
  await once(other, "listening");
  const server = await served(port);
  expect([...server.troubles().keys()]).toEqual(["127.0.0.1"]);
  other.close();
  await once(other, "close");
  await server.follow(["127.0.0.1"]);
  expect(server.listening()).toEqual(["127.0.0.1"]);
});

test("doctor's question is answered, and silence ends in time", async () => {
  const port = await freePort();
  const server = await served(port);
  const at = { address: "127.0.0.1", port };
  const signal = AbortSignal.timeout(10_000);
  expect(await askDns(at, "wiki.box.home.arpa", signal)).toEqual(["192.168.1.10"]);
  expect(await askDns(at, "nas.box.home.arpa", signal)).toEqual([]);
  await server.follow([]);
  await expect(askDns(at, "wiki.box.home.arpa", AbortSignal.timeout(5_000))).rejects.toThrow(
    /ECONNREFUSED|aborted/,
  );
});

test("noise over UDP changes nothing for the next who asks", async () => {
  const port = await freePort();
  await served(port);
  const rude = createSocket("udp4");
  onTestFinished(() => void rude.close());
  for (const noise of ["", "x", "\0".repeat(12), "\u00ff".repeat(1400)]) {
    await new Promise((sent) => rude.send(noise, port, "127.0.0.1", sent));
  }
  const at = { address: "127.0.0.1", port };
  expect(await askDns(at, "wiki.box.home.arpa", AbortSignal.timeout(10_000))).toHaveLength(1);
});

test.each([
  ["a length nobody needs", Buffer.from([0xff, 0xff, 0])],
  [
    "an answer where a question belongs",
    Buffer.concat([Buffer.from([0, 12, 0, 1, 0x80, 0]), Buffer.alloc(8)]),
  ],
])("a conversation over TCP with %s ends", async (_, bytes) => {
  const port = await freePort();
  await served(port);
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined); // a reset ends it as well
  socket.write(bytes);
  await once(socket.resume(), "close");
  expect(socket.bytesRead).toBe(0);
});

describeWithTools("asked with dig", ["dig"], () => {
  const dig = async (port: number, ...words: string[]): Promise<string> => {
    const args = ["@127.0.0.1", "-p", String(port), "+tries=1", "+time=10", "+noall", ...words];
    return (await promisify(execFile)("dig", args)).stdout.replaceAll(/[\t ]+/g, " ").trim();
  };

  test("addresses come over UDP and TCP, with and without EDNS", async () => {
    const port = await freePort();
    await served(port);
    for (const how of ["+notcp", "+tcp", "+noedns", "+cookie", "+dnssec", "+bufsize=512"]) {
      expect(await dig(port, "+answer", how, "wiki.box.home.arpa", "A")).toBe(
        "wiki.box.home.arpa. 60 IN A 192.168.1.10",
      );
    }
    expect(await dig(port, "+answer", "wiki.box.home.arpa", "AAAA")).toBe(
      "wiki.box.home.arpa. 60 IN AAAA fd00::10",
    );
    expect(await dig(port, "+answer", "box.home.arpa", "SOA")).toBe(
      "box.home.arpa. 60 IN SOA box.home.arpa. box.home.arpa. 1 3600 600 86400 60",
    );
    expect(await dig(port, "+answer", "box.home.arpa", "NS")).toBe(
      "box.home.arpa. 60 IN NS box.home.arpa.",
    );
  });

  test("what is not there, and what is not ours, is said in the right words", async () => {
    const port = await freePort();
    await served(port);
    const status = async (...words: string[]) =>
      /status: (\w+).*flags: ([^;]+)/s.exec(await dig(port, "+comments", ...words))?.slice(1);
    expect(await status("nas.box.home.arpa")).toEqual(["NXDOMAIN", "qr aa rd"]);
    expect(await status("wiki.box.home.arpa", "MX")).toEqual(["NOERROR", "qr aa rd"]);
    expect(await status("example.com")).toEqual(["REFUSED", "qr rd"]);
    expect(await status("box.home.arpa", "ANY", "+notcp")).toEqual(["NOERROR", "qr aa rd"]);
    expect(await status("+edns=1", "+noednsnegotiation", "box.home.arpa")).toEqual([
      "BADVERS",
      "qr rd",
    ]);
    expect(await status("+opcode=NOTIFY", "box.home.arpa")).toEqual(["NOTIMP", "qr rd"]);
  });

  test("two questions over one connection are both answered", async () => {
    const port = await freePort();
    await served(port);
    const answers = await dig(
      port,
      "+answer",
      "+tcp",
      "+keepopen",
      "wiki.box.home.arpa",
      "box.home.arpa",
    );
    expect(answers.match(/192\.168\.1\.10/g)).toHaveLength(2);
  });
});
