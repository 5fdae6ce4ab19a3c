import { once } from "node:events";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import { expect, onTestFinished } from "vitest";
import { planOf, testAuthority } from "../../support/door.ts";
import { answering, rawApp } from "../../support/raw-app.ts";
import { type EngineUnderTest, GET, OK, type OpenEngine, type Topic } from "../contract.ts";

/** How a client says that the other side ended the handshake, with an alert or without one. */
const REFUSED = /alert|ECONNRESET|socket disconnected|unsupported protocol|EPIPE/;

/** A finished handshake; checks the certificate unless told not to. */
async function shake(door: EngineUnderTest, options: ConnectionOptions): Promise<TLSSocket> {
  const { caPem: ca } = await testAuthority();
  const socket = connect({ host: "127.0.0.1", port: door.httpsPort, ca, ...options });
  onTestFinished(() => void socket.destroy());
  await once(socket, "secureConnect");
  return socket;
}

function namesOf(socket: TLSSocket): string | undefined {
  return socket.getPeerCertificate().subjectaltname;
}

async function openBoth(open: OpenEngine): Promise<EngineUnderTest> {
  const app = await rawApp(answering(OK));
  return open({ wiki: app.to, chat: app.to });
}

async function isTakenUp(door: EngineUnderTest, version: "TLSv1.2" | "TLSv1.3"): Promise<boolean> {
  const options = { servername: "wiki.local", minVersion: version, maxVersion: version };
  const first = await shake(door, options);
  const ticket = once(first, "session");
  first.write(`${GET}\r\n`);
  await once(first, "data");
  // Before TLS 1.3 the ticket comes within the handshake, since then behind it.
  const session = version === "TLSv1.2" ? first.getSession() : ((await ticket)[0] as Buffer);
  first.destroy();
  const second = await shake(door, { ...options, session });
  second.write(`${GET}\r\n`);
  expect(String((await once(second, "data"))[0])).toMatch(/^HTTP\/1.1 200/);
  return second.isSessionReused();
}

export const certificates: Topic = {
  title: "TLS",
  proofs: {
    "every name gets its own certificate, in any case of letters": async (open) => {
      const door = await openBoth(open);
      expect(namesOf(await shake(door, { servername: "wiki.local" }))).toBe("DNS:wiki.local");
      expect(namesOf(await shake(door, { servername: "CHAT.local" }))).toBe("DNS:chat.local");
      expect(namesOf(await shake(door, { servername: "genkan.local" }))).toBe("DNS:genkan.local");
    },

    "no name, or an unknown one, gets the certificate of the addresses": async (open) => {
      const door = await openBoth(open);
      const addresses = "IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1";
      expect(namesOf(await shake(door, { servername: "" }))).toBe(addresses);
      const stranger = { servername: "evil.example", checkServerIdentity: () => undefined };
      expect(namesOf(await shake(door, stranger))).toBe(addresses);
    },

    "a name that enters the plan has its certificate at once": async (open) => {
      const door = await openBoth(open);
      const app = await rawApp(answering(OK));
      await door.engine.apply(planOf({ notes: app.to }));
      expect(namesOf(await shake(door, { servername: "notes.local" }))).toBe("DNS:notes.local");
    },

    "HTTP/2 is spoken where both can, HTTP/1.1 with everyone else": async (open) => {
      const door = await openBoth(open);
      const spoken: unknown[] = [];
      for (const ALPNProtocols of [["http/1.1", "h2"], ["http/1.1"], []]) {
        const socket = await shake(door, { servername: "wiki.local", ALPNProtocols });
        spoken.push(socket.alpnProtocol);
      }
      expect(spoken).toEqual(["h2", "http/1.1", false]);
    },

    "TLS 1.2 and 1.3 are spoken, older versions and ciphers are not": async (open) => {
      const door = await openBoth(open);
      const servername = "wiki.local";
      for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
        const only = { servername, minVersion: version, maxVersion: version };
        expect((await shake(door, only)).getProtocol()).toBe(version);
      }
      for (const old of [
        { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
        { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA" },
      ] as const) {
        await expect(shake(door, { servername, ...old })).rejects.toThrow(REFUSED);
      }
    },

    "a session of TLS 1.2 is taken up again": async (open) => {
      expect(await isTakenUp(await openBoth(open), "TLSv1.2")).toBe(true);
    },

    "a session of TLS 1.3 is taken up again": async (open) => {
      expect(await isTakenUp(await openBoth(open), "TLSv1.3")).toBe(true);
    },

    "a visitor cannot renegotiate": async (open) => {
      const door = await openBoth(open);
      const socket = await shake(door, { servername: "wiki.local", maxVersion: "TLSv1.2" });
      const outcome = await new Promise((resolve) => {
        socket.on("error", resolve);
        socket.on("close", () => resolve(new Error("closed")));
        socket.renegotiate({}, (error) => resolve(error));
      });
      expect(outcome).toBeInstanceOf(Error);
    },
  },
};
