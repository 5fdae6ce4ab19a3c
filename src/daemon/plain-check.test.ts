import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { throwawayRoot } from "../../test/support/throwaway-root.ts";
import { lookAtPlain } from "./plain-check.ts";

async function doorHandingOut(status: number, body: Uint8Array): Promise<number> {
  const server = createServer((_, response) => response.writeHead(status).end(body));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function finding(status: number, address = "127.0.0.1", machines = ["127.0.0.1"]) {
  const der = await throwawayRoot();
  const port = await doorHandingOut(status, der);
  const fingerprint = new X509Certificate(der).fingerprint256;
  const listening = [
    { address, port: 1, secure: true },
    { address, port, secure: false },
  ];
  const root = { path: "", words: "", fingerprint };
  return { port, listening, root, found: await lookAtPlain({ listening, root }, () => machines) };
}

test("a door that hands out its root over plain http is well, with where", async () => {
  const { found, port } = await finding(200);
  expect(found).toEqual({ state: "well", note: `http://127.0.0.1:${port}` });
});

test("a door that listens everywhere is asked at every address people may type", async () => {
  const { found } = await finding(200, "0.0.0.0", ["127.0.0.1", "127.0.0.2", "fd00::1"]);
  expect(found).toMatchObject({
    state: "unwell",
    says: expect.stringMatching(/^New devices do not get the root at http:\/\/127\.0\.0\.2:/),
  });
});

test("a place that sends on, or where somebody else answers, is unwell", async () => {
  expect((await finding(308)).found).toMatchObject({
    state: "unwell",
    says: expect.stringContaining("it answers 308"),
  });
  const { listening, root } = await finding(200);
  const other = { ...root, fingerprint: "AA:BB" };
  expect(await lookAtPlain({ listening, root: other })).toMatchObject({
    state: "unwell",
    says: expect.stringContaining("another root"),
  });
});

test("without a network nothing is known", async () => {
  expect((await finding(200, "::", [])).found).toMatchObject({ state: "unknown" });
});
