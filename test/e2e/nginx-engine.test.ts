import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openDoor, openDoorAt, type OpenDoor } from "../support/genkan.ts";
import { SOON } from "../support/raw-app.ts";
import { tempFolder } from "../support/temp.ts";
import { describeWithTools, toolPath } from "../support/tools.ts";
import { echo, openWebSocket, visit } from "../support/visit.ts";

const NGINX = ["--engine", "nginx"];

/** Ends gently before openDoor's own end, which would leave the door's nginx running. */
function endGently(door: OpenDoor): OpenDoor {
  onTestFinished(async () => {
    await door.end();
  });
  return door;
}

describeWithTools("genkan up --engine nginx", ["nginx", "ps", "setpriv"], () => {
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
    expect((await door.genkan("add", "wiki", "1", "--access", "open")).code).toBe(0);
    const answer = await visit(door, "wiki.local");
    expect(answer.status).toBe(502);
    expect(answer.headers["x-genkan-problem"]).toBe("APP_UNREACHABLE");
  });

  test("an nginx leaves when its door was killed, and the door opens again", async () => {
    const killed = await openDoor(tempFolder(), NGINX);
    const id = nginxOf(killed);
    await killed.end("SIGKILL");
    await expect.poll(() => isRunning(id), SOON).toBe(false);
    const door = endGently(await openDoorAt(killed, NGINX));
    expect(await visit(door, "hello.local")).toMatchObject({ status: 200 });
  });

  test("a door that was killed can be opened again, though its nginx lived on", async () => {
    // A machine without setpriv: the killed door's nginx is told of nothing.
    const bare = { PATH: tempFolder() };
    symlinkSync(toolPath("ps") ?? "", join(bare.PATH, "ps"));
    const killed = await openDoor(tempFolder(), NGINX, bare);
    await killed.end("SIGKILL");
    expect(isRunning(nginxOf(killed))).toBe(true);
    const door = endGently(await openDoorAt(killed, NGINX));
    expect(await visit(door, "hello.local")).toMatchObject({ status: 200 });
    expect((await door.genkan("logs")).stdout).toContain("nginx.left-behind");
    expect(await door.end()).toBe(0);
    expect(existsSync(join(door.home, "state", "nginx", "nginx.pid"))).toBe(false);
  });
});

function nginxOf({ home }: OpenDoor): number {
  return Number(readFileSync(join(home, "state", "nginx", "nginx.pid"), "utf8"));
}

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (thrown) {
    if (thrown instanceof Error) return false;
    throw thrown;
  }
}
