/*
 * What keeps `genkan openhands start` from starting, against a real Docker engine: each is told with the way out of
 * it, nothing is left half, and genkan.yaml stays as it was.
 */
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { dockerRunWords } from "../../src/apps/openhands-run/command-line.ts";
import { dockerContainers } from "../../src/apps/openhands-run/docker.ts";
import type { Containers } from "../../src/apps/openhands-run/needs.ts";
import { runSpec } from "../../src/apps/openhands-run/run-spec.ts";
import { startOpenHands, type StartWorld } from "../../src/apps/openhands-run/start.ts";
import { DOCKER_TOOLS, HTTPD } from "../support/docker.ts";
import { freePort, PROGRAM } from "../support/genkan.ts";
import { describeWithHosts } from "../support/namespaces.ts";
import { HOLD, makeMachine } from "../support/openhands-in-docker.ts";

const SOON = { timeout: 15_000, interval: 50 };

describeWithHosts("OpenHands that cannot be started", [...DOCKER_TOOLS, "setpriv"], () => {
  it("takes away what ended or was stopped before it was ready, and leaves genkan.yaml alone", async () => {
    const { genkan, launch, image, config, containers } = await makeMachine();
    await image("canvas", "echo the database is locked; exit 3");
    const ended = await genkan("openhands", "start");
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(
      /ended before it was ready \((?:exit code 3|Docker had started it again already)\).*\n +the database is locked/,
    );
    expect(ended.stderr).toContain("What was begun is taken away again.");
    expect(await containers()).toBe("");
    expect(config()).not.toContain("openhands");

    await image("canvas", HOLD);
    const starting = launch("openhands", "start");
    await vi.waitFor(async () => expect(await containers()).toBe("genkan-openhands"), SOON);
    const stopped = await starting.end("SIGINT");
    expect(stopped.code).not.toBe(0);
    expect(stopped.stderr).toContain("Stopped midway");
    expect(await containers()).toBe("");
    expect(config()).not.toContain("openhands");
  });

  it("says of a missing image that the registry cannot be reached, and begins nothing", async () => {
    const { genkan, config, containers } = await makeMachine();
    const { code, stderr } = await genkan("openhands", "start");
    expect(code).toBe(1);
    expect(stderr).toContain(
      "The image ghcr.io/openhands/agent-canvas:1.20.0 is not here, and its registry cannot be reached",
    );
    expect(await containers()).toBe("");
    expect(config()).not.toContain("openhands");
  });

  it("leaves a container of its name alone that is another's, and names who holds its port", async () => {
    const { genkan, image, docker, containers, config } = await makeMachine();
    await image("canvas");
    await docker.importImage("tiny");
    const endsAtOnce = ["--stop-signal", "KILL"];
    await docker.run("genkan-openhands", { image: "tiny", options: endsAtOnce, command: HTTPD });
    const taken = await genkan("openhands", "start");
    expect(taken.stderr).toContain(
      "A container called genkan-openhands is there, and it is not ours (image tiny)",
    );
    expect((await genkan("openhands", "stop")).stdout).toContain("nothing to stop");
    expect(await containers()).toBe("genkan-openhands");

    await docker.docker("rm", "--force", "genkan-openhands");
    const options = [...endsAtOnce, "--publish", "127.0.0.1:8000:80"];
    await docker.run("wiki", { image: "tiny", options, command: HTTPD });
    const port = await genkan("openhands", "start");
    expect(port.stderr).toContain("127.0.0.1:8000 is taken by the container wiki.");
    expect(port.stderr).toContain("genkan openhands start --generation canvas --port PORT");
    expect(await containers()).toBe("wiki");
    expect(config()).not.toContain("openhands");
    expect(await genkan("openhands", "start", "--port", "8123")).toMatchObject({ code: 0 });
    expect(config()).toContain("127.0.0.1:8123");
  });

  it("names the group whose right to use Docker is missing", async () => {
    const { box, docker, home, env } = await makeMachine();
    await box.run("chown", ["-R", "65534:65534", home]);
    await box.run("chmod", ["755", join(docker.socket, "..")]);
    const as = [
      "--reuid",
      "65534",
      "--regid",
      "65534",
      "--clear-groups",
      process.execPath,
      PROGRAM,
    ];
    for (const what of ["start", "stop", "status"]) {
      const words = [...as, "openhands", what];
      const { code, stderr } = await box.run("setpriv", words, { env });
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /has no right to use Docker: .*docker\.sock belongs to the group \w+\.\n.*usermod -aG/,
      );
    }
  });

  it("does not wait for ever for a server that never becomes ready", async () => {
    const { spec, world, containers } = await neverReady();
    await expect(startOpenHands(spec, world)).rejects.toThrow(
      /was not ready after 1 seconds: GET \/ready got no answer.*\n +migrating/,
    );
    expect(world.notes).toContain("What was begun is taken away again.");
    expect(await containers()).toBe("");
  });

  it("that ran already and is not ready stays, and is not said to be taken away", async () => {
    const { spec, world, containers, docker } = await neverReady();
    await docker.docker(...dockerRunWords({ ...spec, envFile: undefined }).flat());
    await expect(startOpenHands(spec, world)).rejects.toThrow("was not ready");
    expect(world.notes).toEqual([]);
    expect(await containers()).toBe("genkan-openhands");
  });
});

/** Started from this side of the namespace, where nobody listens at its port. */
async function neverReady() {
  const { docker, image, containers, home } = await makeMachine();
  const { socket } = docker;
  await image("canvas", `echo migrating; ${HOLD}`);
  const host = { user: "ada", os: "linux" } as const;
  const world = worldOver(dockerContainers({ socket, host, otherwise: async () => "" }));
  const gateway = "172.17.0.1";
  const facts = { os: "linux", docker: "engine", gateway, doorUrl: "", home, socket } as const;
  const wish = { generation: "canvas", port: await freePort() } as const;
  return {
    docker,
    containers,
    world,
    spec: runSpec(wish, { ...facts, keyFile: join(home, "key") }),
  };
}

/** Waits for a second, and keeps what it is told. */
function worldOver(containers: Containers): StartWorld & { readonly notes: string[] } {
  const notes: string[] = [];
  return {
    containers,
    notes,
    gateway: "172.17.0.1",
    signal: new AbortController().signal,
    patience: 1_000,
    note: (text) => void notes.push(text),
    onPull: () => undefined,
    holderOf: async () => undefined,
    prepare: async () => [],
    whenReady: async () => undefined,
  };
}
