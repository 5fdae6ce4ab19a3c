import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { download } from "./download.ts";

test("a door that accepts and says nothing is not waited for without end", async () => {
  const server = createServer((socket) => void socket.on("error", () => socket.destroy()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/root.crt`);
  await expect(download(url, AbortSignal.timeout(50))).rejects.toMatchObject({
    code: "TRUST_FETCH_FAILED",
    message: expect.stringContaining("did not answer in time") as string,
  });
});
