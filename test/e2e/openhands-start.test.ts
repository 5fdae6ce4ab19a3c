/*
 * `genkan openhands start|stop|status` against a real Docker engine, with images of busybox under the names of
 * OpenHands' own: what is published and where, what is left when it fails, what it says.
 */
import { readFileSync } from "node:fs";
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
import {
  HOLD,
  listening,
  makeMachine,
  modeOf,
  servesWhenReady,
} from "../support/openhands-in-docker.ts";

const SOON = { timeout: 15_000, interval: 50 };

describeWithHosts("OpenHands started by genkan", [...DOCKER_TOOLS, "ss", "ps", "setpriv"], () => {
  it("runs Canvas for this machine alone, keeps its key to itself, and gives it a name", async () => {
    const { genkan, image, docker, box, inspect, config, keyFile, home, containers } =
      await makeMachine();
    await image("canvas");
    const first = await genkan("openhands", "start");
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(
      /^Agent Canvas 1\.20\.0 is ready \(started\): https:\/\/openhands\.local\/canvas\n/,
    );
    expect(await inspect("{{json .HostConfig.PortBindings}}")).toBe(
      '{"8000/tcp":[{"HostIp":"127.0.0.1","HostPort":"8000"}]}',
    );
    expect((await listening(box)).filter((at) => at.endsWith(":8000"))).toEqual(["127.0.0.1:8000"]);
    expect(config()).toMatch(/openhands:\n(?: +.*\n)* +preset: openhands@canvas/);

    const [, key = ""] = readFileSync(keyFile, "utf8").trim().split("=");
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(modeOf(keyFile)).toBe("600");
    expect(await inspect("{{json .Config.Env}}")).toContain(`LOCAL_BACKEND_API_KEY=${key}`);
    expect(await inspect("{{json .Config.Labels}} {{json .Config.Cmd}}")).not.toContain(key);
    expect((await box.run("ps", ["-eo", "args"])).stdout).not.toContain(key);
    expect(`${first.stdout}${first.stderr}${config()}`).not.toContain(key);

    const id = await inspect("{{.Id}}");
    const second = await genkan("openhands", "start");
    expect(second.stdout).toContain(
      "Agent Canvas 1.20.0 runs already: https://openhands.local/canvas",
    );
    expect(await inspect("{{.Id}}")).toBe(id);

    expect((await genkan("openhands", "stop")).stdout).toContain("is stopped. Its state");
    expect(await containers()).toBe("");
    expect(config()).toContain("openhands:");
    expect((await genkan("openhands", "stop")).stdout).toContain("there is nothing to stop");

    expect(await genkan("openhands", "start")).toMatchObject({ code: 0 });
    expect(readFileSync(join(home, ".openhands/conversations"), "utf8")).toBe("begun\nbegun\n");
    expect(readFileSync(keyFile, "utf8")).toContain(key);
    await docker.docker("stop", "--time", "0", "genkan-openhands");
    expect((await genkan("openhands", "start")).stdout).toContain("is ready (started again)");
  });

  it("publishes generation 1 where its sandboxes call it, and nowhere else", async () => {
    const { genkan, image, box, docker } = await makeMachine();
    await image("1");
    expect(await genkan("openhands", "start", "--generation", "1")).toMatchObject({ code: 0 });
    const ports = (await listening(box)).filter((place) => place.endsWith(":3000"));
    expect(ports.toSorted()).toEqual(["127.0.0.1:3000", "172.17.0.1:3000"]);
    await docker.run("sandbox", {
      image: "docker.openhands.dev/openhands/openhands:1.8",
      options: ["--add-host", "host.docker.internal:host-gateway"],
      command: ["/bin/busybox", "wget", "-qO-", "http://host.docker.internal:3000/alive"],
    });
    await vi.waitFor(
      async () => expect(await docker.docker("logs", "sandbox")).toContain("ok"),
      SOON,
    );
  });

  it("runs 0.36 with the socket it needs and its sandboxes away from the network", async () => {
    const { genkan, image, inspect } = await makeMachine();
    await image("0.36");
    expect(await genkan("openhands", "start", "--generation", "0.36")).toMatchObject({ code: 0 });
    expect(await inspect("{{json .Config.Env}}")).toContain(
      "SANDBOX_RUNTIME_BINDING_ADDRESS=172.17.0.1",
    );
    expect(await inspect("{{json .HostConfig.Binds}}")).toContain(":/var/run/docker.sock");
  });

  it("takes away what ended or was stopped before it was ready, and leaves genkan.yaml alone", async () => {
    const { genkan, launch, image, config, containers } = await makeMachine();
    await image("canvas", "echo the database is locked; exit 3");
    const ended = await genkan("openhands", "start");
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(
      /ended before it was ready \(exit code 3\).*\n +the database is locked/,
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

  it("goes on from where a killed start left off", async () => {
    const { genkan, launch, image, docker, inspect } = await makeMachine();
    const late = 'until [ -e "$HOME/.openhands/go" ]; do busybox sleep 0.1; done';
    await image("canvas", `${late}; ${servesWhenReady("canvas")}`);
    const starting = launch("openhands", "start");
    await vi.waitFor(async () => expect(await inspect("{{.State.Running}}")).toBe("true"), SOON);
    await starting.end("SIGKILL");
    await docker.docker(
      "exec",
      "genkan-openhands",
      "/bin/busybox",
      "touch",
      "/home/openhands/.openhands/go",
    );
    const again = await genkan("openhands", "start");
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain("runs already");
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
    await docker.run("genkan-openhands", { image: "tiny", command: HTTPD });
    const taken = await genkan("openhands", "start");
    expect(taken.stderr).toContain(
      "A container called genkan-openhands is there, and it is not ours (image tiny)",
    );
    expect((await genkan("openhands", "stop")).stdout).toContain("nothing to stop");
    expect(await containers()).toBe("genkan-openhands");

    await docker.docker("rm", "--force", "genkan-openhands");
    const options = ["--publish", "127.0.0.1:8000:80"];
    await docker.run("wiki", { image: "tiny", options, command: HTTPD });
    const port = await genkan("openhands", "start");
    expect(port.stderr).toContain("127.0.0.1:8000 is taken by the container wiki.");
    expect(port.stderr).toContain("genkan openhands start --generation canvas --port PORT");
    expect(await containers()).toBe("wiki");
    expect(config()).not.toContain("openhands");
    expect(await genkan("openhands", "start", "--port", "8123")).toMatchObject({ code: 0 });
    expect(config()).toContain("127.0.0.1:8123");
  });

  it("finds what was started as OpenHands' makers say, and that the network reaches it", async () => {
    const { genkan, image, docker } = await makeMachine();
    expect(await genkan("openhands", "status")).toMatchObject({ code: 1 });
    await image("0.36", HOLD);
    const name = ["docker.all-hands.dev/all-hands-ai/openhands:0.36"] as const;
    await docker.docker("run", "--detach", "-p", "3000:3000", "--name", "openhands-app", ...name);
    const { code, stdout } = await genkan("openhands", "status");
    expect(code).toBe(0);
    expect(stdout).toContain("OpenHands 0.36 runs (container openhands-app");
    expect(stdout).toMatch(
      /WARNING: everyone on the network reaches it around the door.*0\.0\.0\.0:3000/,
    );
    expect(stdout).toContain(
      "-> docker stop openhands-app && genkan openhands start --generation 0.36",
    );
    const { openhands } = JSON.parse((await genkan("openhands", "status", "--json")).stdout);
    expect(openhands).toMatchObject([
      { container: "openhands-app", generation: "0.36", ours: false, running: true },
    ]);
    expect(openhands[0].exposed).toContainEqual({ address: "0.0.0.0", port: 3000, inside: 3000 });
    const refused = await genkan("openhands", "start", "--generation", "0.36");
    expect(refused.stderr).toContain("docker stop openhands-app");
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
