import { readFileSync } from "node:fs";
import { request } from "node:https";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { openDoor, type OpenDoor } from "../support/genkan.ts";
import { tempFolder } from "../support/temp.ts";
import { describeWithTools } from "../support/tools.ts";
import { echo, openWebSocket } from "../support/visit.ts";

/** How a handshake from a page of `origin` is answered. */
function handshake(door: OpenDoor, path: string, origin: string): Promise<number> {
  const socket = new WebSocket(`wss://127.0.0.1:${door.httpsPort}${path}`, {
    servername: "genkan.local",
    headers: { host: `genkan.local:${door.httpsPort}`, origin },
    ca: readFileSync(door.ready.root.path),
  } as object);
  return new Promise((resolve, reject) => {
    socket.once("open", () => {
      resolve(101);
      socket.terminate();
    });
    socket.once("unexpected-response", (asked, { statusCode }) => {
      resolve(statusCode ?? 0);
      asked.destroy();
    });
    socket.once("error", reject);
  });
}

/** How a report from a page of `origin` is answered. */
function report(door: OpenDoor, origin: string): Promise<number | undefined> {
  const observed = { isSecure: true, now: Date.now(), echo: "yes", silence: "yes" };
  const body = JSON.stringify({ ...observed, witness: "yes", canary: "no" });
  return new Promise((resolve, reject) => {
    const host = `genkan.local:${door.httpsPort}`;
    const headers = { host, origin, "content-type": "application/json" };
    request(
      {
        host: "127.0.0.1",
        port: door.httpsPort,
        servername: "genkan.local",
        path: "/check/result",
        method: "POST",
        headers: { ...headers, "content-length": Buffer.byteLength(body) },
        ca: readFileSync(door.ready.root.path),
        agent: false,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    )
      .once("error", reject)
      .end(body);
  });
}

for (const engine of ["node", "nginx"]) {
  describeWithTools(
    `the door's own pages, by ${engine}`,
    engine === "nginx" ? ["nginx"] : [],
    () => {
      test("have one WebSocket, and pages of other sites may neither open it nor report", async () => {
        const door = await openDoor(tempFolder(), ["--engine", engine]);
        const own = `https://genkan.local:${door.httpsPort}`;
        const socket = await openWebSocket(door, "genkan.local", "/check/echo");
        expect(await echo(socket, "hello")).toBe("hello");
        expect(await handshake(door, "/check/echo", own)).toBe(101);
        expect(await handshake(door, "/check/echo", "https://evil.test")).toBe(403);
        expect(await handshake(door, "/check/other", own)).toBe(404);
        expect(await report(door, "https://evil.test")).toBe(403);
        expect(await report(door, own)).toBe(200);
        const { stdout } = await door.genkan("status", "--json");
        expect((JSON.parse(stdout) as { devices: unknown[] }).devices).toHaveLength(1);
        expect(await door.end()).toBe(0); // the open WebSocket does not hold it
      });
    },
  );
}
