/*
 * `genkan openhands start|stop|status` against a real Docker engine, with images of busybox under the names of
 * OpenHands' own: what is published and where, what is kept, what it says.
 */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { DOCKER_TOOLS } from "../support/docker.ts";
import { describeWithHosts } from "../support/namespaces.ts";
import {
  HOLD,
  listening,
  makeMachine,
  modeOf,
  servesWhenReady,
} from "../support/openhands-in-docker.ts";

const SOON = { timeout: 15_000, interval: 50 };
const TOOLS = [...DOCKER_TOOLS, "ss", "ps", "curl"];

describeWithHosts("OpenHands started by genkan", TOOLS, () => {
  it("runs Canvas for this machine alone, keeps its key to itself, and gives it a name", async () => {
    const { genkan, image, box, inspect, config, keyFile, home, containers } = await makeMachine();
    await image("canvas");
    const first = await genkan("openhands", "start");
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(
      /^Agent Canvas 1\.20\.0 is ready: https:\/\/openhands\.local\/canvas\n/,
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
  });

  it("is at an open door at once, which asks strangers to sign in", async () => {
    const { genkan, launch, image, box, env } = await makeMachine();
    await image("canvas");
    const door = launch("up", "--json");
    await vi.waitFor(() => expect(`${door.stdout()}${door.stderr()}`).toContain('"root"'), SOON);
    const { stdout } = await genkan("openhands", "start", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: "started",
      url: "https://openhands.local/canvas",
      publish: [{ address: "127.0.0.1", port: 8000, inside: 8000 }],
    });
    expect((await genkan("status")).stdout).toMatch(/openhands .*https:\/\/openhands\.local/);
    const root = (await genkan("root", "path")).stdout.trim();
    const at = ["--resolve", "openhands.local:443:127.0.0.1", "https://openhands.local/ready"];
    const page = await box.run("curl", ["-q", "-sS", "-i", "--cacert", root, ...at], { env });
    expect(page.stdout).toMatch(/^HTTP\/2 (?:303|401)/);
    expect(page.stdout).not.toContain('"ready"');
    await door.end();
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

  it("makes a container that was stopped or paused by hand anew, with the key that is kept now", async () => {
    const { genkan, image, docker, inspect, keyFile, home } = await makeMachine();
    await image("canvas");
    await genkan("openhands", "start");
    const before = readFileSync(keyFile, "utf8").trim();
    rmSync(keyFile);
    await docker.docker("stop", "--time", "0", "genkan-openhands");
    expect(await genkan("openhands", "start")).toMatchObject({ code: 0 });
    const env = await inspect("{{json .Config.Env}}");
    expect(env).toContain(readFileSync(keyFile, "utf8").trim());
    expect(env).not.toContain(before);

    await docker.docker("pause", "genkan-openhands");
    expect(await genkan("openhands", "start")).toMatchObject({ code: 0 });
    expect(await inspect("{{.State.Status}}")).toBe("running");
    const otherwise = await genkan("openhands", "start", "--projects", home);
    expect(otherwise.stderr).toContain("OpenHands runs already, and otherwise than asked for");
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
});
