import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { rawApp, SOON } from "../../../../test/support/raw-app.ts";
import { Connection } from "./connection.ts";

/** A connection, the app's end of it, and what was said to its user and owner. */
async function newConnection(): Promise<{ connection: Connection; far: Socket; said: string[] }> {
  const app = await rawApp(() => undefined);
  const socket = connect(app.to.port, app.to.host);
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  await expect.poll(() => app.connections.length, SOON).toBe(1);
  const said: string[] = [];
  const connection = new Connection(socket, "app", () => said.push("closed"));
  connection.use({
    onData: (chunk) => said.push(`data ${chunk.toString()}`),
    onFin: () => said.push("fin"),
    onDrain: () => said.push("drain"),
    onGone: (cause) => said.push(`gone ${cause?.message}`),
  });
  return { connection, far: app.connections[0] as Socket, said };
}

describe("a connection in use", () => {
  test("tells its user what comes, the end, and that it is gone", async () => {
    const { far, said } = await newConnection();
    far.end("abc");
    await expect.poll(() => said, SOON).toEqual(["data abc", "fin", "gone undefined"]);
  });

  test("holds back while it is paused", async () => {
    const { connection, far, said } = await newConnection();
    connection.pause();
    far.write("abc");
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(said).toEqual([]);
    connection.resume();
    await expect.poll(() => said, SOON).toEqual(["data abc"]);
  });

  test("whose write failed still reads what is there, and takes an end behind that for no clean one", async () => {
    const { connection, far, said } = await newConnection();
    connection.readAfterFailedWrite();
    connection.socket.emit("error", new Error("write failed"));
    far.end("abc");
    await expect.poll(() => said, SOON).toEqual(["data abc", "gone write failed"]);
  });

  test("whose write failed is given up when nothing more comes", async () => {
    const { connection, said } = await newConnection();
    connection.readAfterFailedWrite();
    connection.socket.emit("error", new Error("write failed"));
    await expect.poll(() => said, SOON).toEqual(["gone write failed"]);
  });
});

describe("a connection at rest", () => {
  test.each<[string, (far: Socket) => void]>([
    ["bytes", (far) => far.write("stray")],
    ["an end", (far) => far.end()],
    ["a reset", (far) => far.resetAndDestroy()],
  ])("is dropped at %s, and its owner told", async (_, does) => {
    const { connection, far, said } = await newConnection();
    connection.rest();
    expect(connection.isOpen).toBe(true);
    does(far);
    await expect.poll(() => said, SOON).toEqual(["closed"]);
    expect(connection.isOpen).toBe(false);
  });
});
