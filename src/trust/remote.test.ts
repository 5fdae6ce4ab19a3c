import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { newKeys, privateKeyPem, throwawayRoot } from "../../test/support/throwaway-root.ts";
import { rootOf } from "./needs.ts";
import { fetchRoot } from "./remote.ts";

const keys = await newKeys();
const root = rootOf(await throwawayRoot({ keys }), "here");
const impostor = rootOf(await throwawayRoot(), "elsewhere");

test.each([
  ["DER", Buffer.from(root.der)],
  ["PEM", Buffer.from(root.pem)],
  ["PEM with a story before it", Buffer.from(`subject=x\r\n${root.pem}`)],
])("a root that comes as %s is taken when its fingerprint is the given one", async (_, body) => {
  const url = await door(serving(body));
  const fetched = await fetchRoot(url, root.fingerprint256.toLowerCase().replaceAll(":", ""));
  expect(fetched).toEqual({ ...root, path: `${url}/root.crt` });
});

test("a portal whose certificate nobody trusts yet is asked all the same", async () => {
  const key = await privateKeyPem(keys);
  const server = createSecureServer({ key, cert: root.pem }, serving(root.der));
  const port = await listening(server);
  const fetched = await fetchRoot(`127.0.0.1:${port}/some/page`, root.fingerprint256);
  expect(fetched.pem).toBe(root.pem);
});

test("what was not compared is not kept: bytes behind the certificate are dropped", async () => {
  const url = await door(serving(Buffer.concat([root.der, Buffer.from("#!/bin/sh")])));
  const fetched = await fetchRoot(url, root.fingerprint256);
  expect(Buffer.from(fetched.der).equals(Buffer.from(root.der))).toBe(true);
});

test("another certificate is refused, with both fingerprints in sight", async () => {
  const url = await door(serving(impostor.der));
  await expect(fetchRoot(url, root.fingerprint256)).rejects.toMatchObject({
    code: "TRUST_FINGERPRINT_MISMATCH",
    message: expect.stringMatching(
      new RegExp(`nothing was installed.*${root.fingerprint256}.*${impostor.fingerprint256}`),
    ) as string,
  });
});

test("without a fingerprint nothing is asked, and the sentence says where to read it", async () => {
  let asked = 0;
  const url = await door((_, response) => {
    asked += 1;
    response.end(root.der);
  });
  for (const missing of [undefined, "", " "]) {
    await expect(fetchRoot(url, missing)).rejects.toMatchObject({
      code: "TRUST_FINGERPRINT_MISSING",
      exit: 2,
      fix: expect.stringContaining("genkan root") as string,
    });
  }
  await expect(fetchRoot(url, "AA:BB")).rejects.toMatchObject({
    code: "TRUST_FINGERPRINT_INVALID",
  });
  expect(asked).toBe(0);
});

test("a site's own certificate is no root, even with the right fingerprint", async () => {
  const leaf = rootOf(await throwawayRoot({ isCa: false }), "");
  const url = await door(serving(leaf.der));
  await expect(fetchRoot(url, leaf.fingerprint256)).rejects.toMatchObject({
    code: "TRUST_NOT_A_ROOT",
    message: expect.stringContaining("not marked as a CA") as string,
  });
});

test.each([
  ["a page", Buffer.from("<!doctype html>")],
  ["nothing", Buffer.alloc(0)],
  ["two certificates", Buffer.from(root.pem + impostor.pem)],
  ["an empty PEM", Buffer.from("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")],
  ["a private key", Buffer.from("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")],
])("%s is no certificate", async (_, body) => {
  const url = await door(serving(body));
  await expect(fetchRoot(url, root.fingerprint256)).rejects.toMatchObject({
    code: "TRUST_NOT_A_CERTIFICATE",
  });
});

test("an answer without an end is left after 64 KiB", async () => {
  const url = await door((_, response) => {
    const more = (): void => {
      while (response.write(Buffer.alloc(16_384)));
    };
    response.on("drain", more);
    more();
  });
  await expect(fetchRoot(url, root.fingerprint256)).rejects.toMatchObject({
    code: "TRUST_FETCH_FAILED",
    message: expect.stringContaining("more than 65536 bytes") as string,
  });
});

test("the plain port may send to another port of the same name", async () => {
  const there = await door(serving(root.der));
  const url = await door(sendingTo(`${there}/root.crt`));
  await expect(fetchRoot(url, root.fingerprint256)).resolves.toMatchObject({ pem: root.pem });
});

test("whoever stands between cannot put words of theirs into the command a person pastes", async () => {
  const place = "/$(touch$IFS/tmp/theirs);echo";
  const url = await door((request, response) => {
    const isFirst = request.url === "/root.crt";
    response.writeHead(isFirst ? 302 : 500, isFirst ? { location: place } : {}).end();
  });
  await expect(fetchRoot(url, root.fingerprint256)).rejects.toMatchObject({
    fix: expect.stringContaining(`curl -vk '${url}${place}'`) as string,
  });
});

test.each([
  ["another host", "http://localhost:1/root.crt", "sends elsewhere"],
  ["a file", "file:///etc/passwd", "sends elsewhere"],
  ["itself", "/root.crt", "round in circles"],
  ["no address", "http://[", "sends elsewhere"],
])("a door that sends to %s is not followed", async (_, location, why) => {
  const url = await door(sendingTo(location));
  await expect(fetchRoot(url, root.fingerprint256)).rejects.toMatchObject({
    code: "TRUST_FETCH_FAILED",
    message: expect.stringContaining(why) as string,
  });
});

test("a door that is closed, or has no such page, is named", async () => {
  const url = await door((_, response) => void response.writeHead(404).end());
  await expect(fetchRoot(url, root.fingerprint256)).rejects.toMatchObject({
    message: expect.stringContaining("it answered 404") as string,
  });
  const server = createServer();
  const port = await listening(server);
  server.close();
  await once(server, "close");
  await expect(fetchRoot(`http://127.0.0.1:${port}`, root.fingerprint256)).rejects.toMatchObject({
    message: expect.stringContaining("nobody listens there") as string,
  });
});

test.each([
  ["ftp://genkan.local", "only http:// and https://"],
  ["https://ada:secret@genkan.local", "a user name or a password"],
  ["https://", "no address"],
  ["", "no address"],
])("the address %j is refused before anything is asked", async (url, why) => {
  await expect(fetchRoot(url, root.fingerprint256)).rejects.toMatchObject({
    code: "TRUST_URL_INVALID",
    exit: 2,
    message: expect.stringContaining(why) as string,
  });
});

function serving(body: Uint8Array): RequestListener {
  return ({ url }, response) => {
    response.statusCode = url === "/root.crt" ? 200 : 404;
    response.end(body);
  };
}

function sendingTo(location: string): RequestListener {
  return (_, response) => void response.writeHead(308, { location }).end();
}

async function door(answer: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(createServer(answer))}`;
}

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    if ("closeAllConnections" in server)
      (server as { closeAllConnections(): void }).closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
