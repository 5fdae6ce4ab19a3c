import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openDoor, openDoorAt, type OpenDoor } from "../support/genkan.ts";
import { tempFolder } from "../support/temp.ts";
import { describeWithTools } from "../support/tools.ts";
import { echo, openWebSocket, visit } from "../support/visit.ts";

const NGINX = ["--engine", "nginx"];

/** Ends gently before openDoor's own end, which would leave the door's nginx running. */
function endGently(door: OpenDoor): OpenDoor {
  onTestFinished(async () => {
    await door.end();
  });
  return door;
}

describeWithTools("genkan up --engine nginx", ["nginx"], () => {
  test("serves the built-in app, its WebSocket and the door's own pages", async () => {
    const door = endGently(await openDoor(tempFolder(), NGINX));
    expect(await visit(door, "hello.local")).toMatchObject({ status: 200 });
    expect((await visit(door, "genkan.local", "/.well-known/genkan")).body).toContain("genkan");
    expect(await echo(await openWebSocket(door, "hello.local"), "anyone there?")).toBe(
      "anyone there?",
    );
    const { stdout } = await door.genkan("status");
    expect(stdout).toContain("engine nginx");
  });

  test("an app that is added answers at once, and one that is down has its page", async () => {
    const door = endGently(await openDoor(tempFolder(), NGINX));
    expect((await door.genkan("add", "wiki", "1")).code).toBe(0);
    const answer = await visit(door, "wiki.local");
    expect(answer.status).toBe(502);
    expect(answer.headers["x-genkan-problem"]).toBe("APP_UNREACHABLE");
  });

  test("a door that was killed can be opened again, though its nginx lived on", async () => {
    const killed = await openDoor(tempFolder(), NGINX);
    await killed.end("SIGKILL");
    const door = endGently(await openDoorAt(killed, NGINX));
    expect(await visit(door, "hello.local")).toMatchObject({ status: 200 });
    expect((await door.genkan("logs")).stdout).toContain("nginx.left-behind");
    expect(await door.end()).toBe(0);
    expect(existsSync(join(door.home, "state", "nginx", "nginx.pid"))).toBe(false);
  });
});
