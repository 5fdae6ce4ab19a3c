import { once } from "node:events";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { connect, type TLSSocket } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { movedClock } from "../../../test/support/clock.ts";
import { createThrowawayCa } from "../../../test/support/throwaway-ca.ts";
import { silentLog } from "../../kernel/log.ts";
import { openLimitsPorts } from "./limits-ports.ts";

const HOST = "genkan.local";
const PLAIN = "http://genkan.local";

async function ports(addresses = ["127.0.0.1"], hasCanary = true) {
  const ca = await createThrowawayCa();
  const clock = movedClock();
  const opened = await openLimitsPorts({
    addresses,
    isOwn: (name) => name === HOST,
    plainOrigins: () => [PLAIN],
    witness: (name) => ca.issue([name]),
    canary: hasCanary ? (name) => ca.issue([name, "outside.genkan.example"]) : undefined,
    clock,
    log: silentLog,
  });
  onTestFinished(() => opened.stop());
  const ask = (port: number, path: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number | undefined; headers: object; body: string; serial: string }>(
      (resolve, reject) => {
        const to = { host: "127.0.0.1", port, servername: HOST, ca: ca.caPem, agent: false };
        request({ ...to, path, headers: { host: HOST, ...headers } }, (response) => {
          const serial = (response.socket as TLSSocket).getPeerCertificate().serialNumber;
          const { statusCode: status } = response;
          text(response).then(
            (body) => resolve({ status, headers: response.headers, body, serial }),
            reject,
          );
        })
          .once("error", reject)
          .end();
      },
    );
  return { ...opened, ask, clock, caPem: ca.caPem };
}

test("answer that the certificate was taken, and nothing more", async () => {
  const { ask, witness, canary } = await ports();
  for (const port of [witness, canary!]) {
    for (const path of ["/", "/check", "/root.crt"]) {
      const answer = await ask(port, path);
      expect(answer).toMatchObject({ status: 204, body: "" });
      expect(answer.headers).toMatchObject({ "cross-origin-resource-policy": "same-site" });
      expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
    }
  }
});

test("hand the probes to the door's own plain pages alone", async () => {
  const { ask, witness } = await ports();
  const own = await ask(witness, "/probe.json?1", { origin: PLAIN });
  expect(own).toMatchObject({ status: 200, body: "{}\n" });
  expect(own.headers).toMatchObject({ "access-control-allow-origin": PLAIN });
  const other = await ask(witness, "/probe.json", { origin: "https://evil.test" });
  expect(other.headers).not.toHaveProperty("access-control-allow-origin");
});

test("the witness is always a new one, the canary the same for a day", async () => {
  const { ask, clock, witness, canary } = await ports();
  const serials = async (port: number, wait: number) => {
    const before = await ask(port, "/");
    clock.move(wait);
    const after = await ask(port, "/");
    return before.serial === after.serial;
  };
  expect(await serials(witness, 1_000)).toBe(false);
  expect(await serials(canary!, 60_000)).toBe(true);
  expect(await serials(canary!, 24 * 3_600_000)).toBe(false);
});

test("show no certificate for a name that is not the door's", async () => {
  const { witness, caPem } = await ports();
  const socket = connect({ host: "127.0.0.1", port: witness, servername: "wiki.local", ca: caPem });
  await expect(once(socket, "secureConnect")).rejects.toThrow(/disconnected|alert|reset|hang up/);
});

test("remember for a while who came, also where the certificate was refused", async () => {
  const opened = await ports();
  const { reached, canary, clock } = opened;
  expect(reached("127.0.0.1")).toEqual({ witness: false, canary: false });
  const stranger = connect({ host: "127.0.0.1", port: canary!, servername: HOST });
  await expect(once(stranger, "secureConnect")).rejects.toThrow(/certificate|issuer/);
  await expect.poll(() => reached("127.0.0.1")).toEqual({ witness: false, canary: true });
  clock.move(6 * 60_000);
  expect(reached("127.0.0.1")).toEqual({ witness: false, canary: false });
});

test("have the same number on every address, and are closed when the door is", async () => {
  const opened = await ports(["127.0.0.1", "127.0.0.2"]);
  const socket = connect({
    host: "127.0.0.2",
    port: opened.witness,
    servername: HOST,
    ca: opened.caPem,
  });
  await once(socket, "secureConnect");
  await opened.stop();
  const late = connect({ host: "127.0.0.1", port: opened.witness, servername: HOST });
  await expect(once(late, "secureConnect")).rejects.toThrow("ECONNREFUSED");
});

test("without a canary there is one port less", async () => {
  expect((await ports(["127.0.0.1"], false)).canary).toBeUndefined();
});

test("an address that is not this machine's is an error, and nothing stays open", async () => {
  await expect(ports(["192.0.2.1"])).rejects.toThrow(
    expect.objectContaining({ code: "EADDRNOTAVAIL" }),
  );
});
