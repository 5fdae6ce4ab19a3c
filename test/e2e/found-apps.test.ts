/*
 * Apps nobody said the place of: `genkan up PRESET` finds them, and a door without apps names what listens here.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, test, vi } from "vitest";
import { expectNothingOdd } from "../openhands/nothing-odd.ts";
import type { StandIn } from "../openhands/stand-in.ts";
import { startOpenHands1 } from "../openhands/v1/openhands-1.ts";
import { openDoorIn } from "../support/door-in-host.ts";
import { openDoor, PROGRAM } from "../support/genkan.ts";
import { listContainers } from "../support/listed-containers.ts";
import { SLOW } from "../support/names.ts";
import { describeWithHosts, makeHosts, type NetworkHost } from "../support/namespaces.ts";
import { tempFolder } from "../support/temp.ts";

const OLLAMA = 11434;

/** What Ollama says to strangers, at its usual port there. */
async function startOllama(host: NetworkHost): Promise<void> {
  const script = `require("node:http").createServer((request, response) =>
    response.end(request.url === "/api/version" ? '{"version":"0.12.3"}' : "Ollama is running"),
  ).listen(${OLLAMA}, "127.0.0.1", () => console.log("up"))`;
  const program = host.start(process.execPath, ["-e", script]);
  await vi.waitFor(() => expect(program.stdout()).toBe("up\n"), SLOW);
}

describeWithHosts("at its usual port", [], () => {
  it("an app is found by its name alone, and is at the door", async () => {
    const { home } = await makeHosts({ home: {} });
    await startOllama(home);
    const { ready } = await openDoorIn(home, tempFolder(), ["ollama"]);
    expect(ready.apps).toEqual([
      { name: "ollama", url: "https://ollama.local", upstream: `http://localhost:${OLLAMA}` },
    ]);
  });

  it("an app is named by a door that has none yet, with the line to add it", async () => {
    const { home } = await makeHosts({ home: {} });
    await startOllama(home);
    const folder = join(tempFolder(), "home");
    mkdirSync(folder);
    const door = home.start(process.execPath, [PROGRAM, "up"], { env: { GENKAN_HOME: folder } });
    await vi.waitFor(() => expect(door.stdout()).toContain("Listening on this machine"), SLOW);
    expect(door.stdout()).toMatch(/^ {2}11434 +Ollama$/m);
    expect(door.stdout()).toContain(`genkan add NAME ${OLLAMA}`);
  });
});

describe("where Docker publishes it", () => {
  const image = "docker.openhands.dev/openhands/openhands:1.8";

  async function startApp(): Promise<StandIn> {
    const app = await startOpenHands1();
    onTestFinished(() => app.stop());
    return app;
  }

  test("OpenHands is found at a port of the person's choice, a stopped one passed over", async () => {
    const app = await startApp();
    const { port } = app;
    const at = (IP: string, PublicPort: number) => ({ IP, PrivatePort: 3000, PublicPort });
    const docker = await listContainers(
      { name: "old", image, state: "exited", ports: [at("127.0.0.1", 1)] },
      { name: "mine", image, ports: [at("172.17.0.1", port), at("0.0.0.0", port)] },
    );
    const door = await openDoor(tempFolder(), ["openhands"], { DOCKER_HOST: docker });
    expect(door.ready.apps).toMatchObject([
      { name: "openhands", upstream: `http://127.0.0.1:${port}` },
    ]);
    expectNothingOdd(app);
  });
});
