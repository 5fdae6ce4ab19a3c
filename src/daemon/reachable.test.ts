import { once } from "node:events";
import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { isReachable } from "./reachable.ts";

test.each(["localhost", "wiki.localhost", "127.0.0.1"])(
  "an app that listens on loopback is reachable as %s, whatever the resolver knows of that name",
  async (host) => {
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    expect(await isReachable({ scheme: "http", host, port, insecure: false })).toBe(true);
  },
);
