import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { once } from "node:events";
import { createServer as createHttps } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { text } from "node:stream/consumers";
import { createServer as createTls } from "node:tls";
import * as x509 from "@peculiar/x509";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { rawApp } from "../../../../test/support/raw-app.ts";
import { newKeys } from "../../../../test/support/throwaway-root.ts";
import type { Upstream } from "../../../model/target.ts";
import { createUpstreamClient } from "./client.ts";
import type { RequestOptions, UpstreamClient, UpstreamRequest } from "./upstream.ts";

interface Served {
  readonly cert: string;
  readonly key: string;
}

let root: string;
let trusted: Served;
let expired: Served;
let selfSigned: Served;

const EC = { name: "ECDSA", hash: "SHA-256" };
const HOUR = 3_600_000;

beforeAll(async () => {
  const rootKeys = await newKeys();
  const own = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: "CN=An app's authority",
      notBefore: new Date(Date.now() - 9 * HOUR),
      keys: rootKeys,
      signingAlgorithm: EC,
      extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
    },
    webcrypto,
  );
  root = own.toString("pem");
  trusted = await leaf(rootKeys.privateKey, own.subject, HOUR);
  expired = await leaf(rootKeys.privateKey, own.subject, -HOUR);
  selfSigned = await leaf(undefined, "CN=localhost", HOUR);
});

/** A certificate for localhost and 127.0.0.1, ending in `endsIn` milliseconds; by its own key where no other is given. */
async function leaf(
  signingKey: webcrypto.CryptoKey | undefined,
  issuer: string,
  endsIn: number,
): Promise<Served> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create(
    {
      subject: "CN=localhost",
      issuer,
      notBefore: new Date(Date.now() - 8 * HOUR),
      notAfter: new Date(Date.now() + endsIn),
      publicKey: keys.publicKey,
      signingKey: signingKey ?? keys.privateKey,
      signingAlgorithm: EC,
      extensions: [
        new x509.SubjectAlternativeNameExtension([
          { type: "dns", value: "localhost" },
          { type: "ip", value: "127.0.0.1" },
        ]),
      ],
    },
    webcrypto,
  );
  const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
  return {
    cert: certificate.toString("pem"),
    key: `-----BEGIN PRIVATE KEY-----\n${key.toString("base64")}\n-----END PRIVATE KEY-----`,
  };
}

/** An https app that answers with what it knows of the connection, and echoes once switched. */
async function secureApp(served: Served, host = "127.0.0.1"): Promise<Upstream> {
  const server = createHttps(served, (request, response) => {
    const { servername, alpnProtocol } = request.socket as {
      servername?: string;
      alpnProtocol?: string;
    };
    response.end(`${servername} ${alpnProtocol}`);
  });
  server.on("upgrade", (_, socket) => {
    socket.write("HTTP/1.1 101 x\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nhello ");
    socket.pipe(socket);
  });
  return listening(server, host);
}

async function listening(server: Server, host: string): Promise<Upstream> {
  server.listen(0, host);
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { scheme: "https", host: "localhost", port, insecure: false };
}

function newClient(trustedRoots: readonly string[] = [root]): UpstreamClient {
  const client = createUpstreamClient({ trustedRoots });
  onTestFinished(() => client.stop());
  return client;
}

const GET: UpstreamRequest = {
  method: "GET",
  target: "/",
  headers: ["Host", "a"],
  body: undefined,
};
const options: RequestOptions = {
  signal: new AbortController().signal,
  onInformation: () => undefined,
};
const ask = async (client: UpstreamClient, to: Upstream): Promise<string> =>
  text((await client.request(to, GET, options)).body);

describe("an https app", () => {
  test("with a trusted certificate is asked by its name, in HTTP/1.1, on one connection", async () => {
    const to = await secureApp(trusted);
    const client = newClient();
    expect(await ask(client, to)).toBe("localhost http/1.1");
    expect(await ask(client, to)).toBe("localhost http/1.1");
  });

  test("at an address is checked by that address", async () => {
    const to = await secureApp(trusted);
    expect(await ask(newClient(), { ...to, host: "127.0.0.1" })).toMatch(/http\/1\.1$/);
  });

  test.each<[string, () => Served, Partial<Upstream>, string]>([
    [
      "self-signed",
      () => selfSigned,
      {},
      "its certificate is not trusted (self-signed); set `insecure: true` for this app to take it anyway",
    ],
    ["expired", () => expired, {}, "its certificate has expired; set"],
    [
      "for another name",
      () => trusted,
      { host: "other.localhost" },
      "its certificate is for another name; set",
    ],
  ])(
    "whose certificate is %s is refused, unless the person said so",
    async (...[, served, part, why]) => {
      const to = { ...(await secureApp(served())), ...part };
      await expect(ask(newClient(), to)).rejects.toMatchObject({
        kind: "tls",
        message: expect.stringContaining(why) as string,
      });
      expect(await ask(newClient(), { ...to, insecure: true })).toContain("http/1.1");
    },
  );

  test("signed by an authority nobody knows is refused", async () => {
    const to = await secureApp(trusted);
    await expect(ask(newClient([]), to)).rejects.toMatchObject({
      kind: "tls",
      message: expect.stringContaining("(from an authority not known here)") as string,
    });
  });

  test("never lends a connection made without checks to a request with checks", async () => {
    const to = await secureApp(selfSigned);
    const client = newClient();
    await ask(client, { ...to, insecure: true });
    await expect(ask(client, to)).rejects.toMatchObject({ kind: "tls" });
  });

  test("that speaks no TLS is told from one that breaks off", async () => {
    const plain = await rawApp((socket) =>
      socket.once("data", () => socket.write("HTTP/1.1 400 x\r\n\r\n")),
    );
    await expect(ask(newClient(), { ...plain.to, scheme: "https" })).rejects.toMatchObject({
      kind: "tls",
      message: `127.0.0.1:${plain.to.port} does not speak TLS: write http:// before its address`,
    });
    const gone = await rawApp((socket) => socket.once("data", () => socket.destroy()));
    await expect(ask(newClient(), { ...gone.to, scheme: "https" })).rejects.toMatchObject({
      kind: "tls",
      message: `127.0.0.1:${gone.to.port} broke off while TLS was being set up`,
    });
  });

  test("switches protocols, bytes behind the answer first", async () => {
    const to = await secureApp(trusted);
    const request = { ...GET, headers: ["Host", "a", "Upgrade", "echo"] };
    const switched = await newClient().upgrade(to, request, options);
    if (switched.kind !== "switched") throw new Error("it refused");
    switched.socket.end("there");
    expect(await text(switched.socket)).toBe("hello there");
  });

  test("asked in the clear gives a hint where it answers in TLS", async () => {
    const alert = await rawApp((socket) =>
      socket.once("data", () => socket.write(Buffer.from([0x15, 3, 1, 0, 2, 2, 70]))),
    );
    await expect(ask(newClient(), alert.to)).rejects.toMatchObject({
      kind: "garbage",
      message: "it answers in TLS: write https:// before this app's address",
    });
  });

  test("that is reset within its answer is a failure like any", async () => {
    const server = createTls(trusted, (socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
        setTimeout(() => socket.destroy(), 20);
      });
    });
    const to = await listening(server, "::1");
    await expect(ask(newClient(), to)).rejects.toMatchObject({ kind: "closed" });
  });
});
