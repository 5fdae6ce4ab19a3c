import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../../../test/support/temp.ts";
import { commandLine, dockerRunWords } from "./command-line.ts";
import { bodyOf } from "./docker.ts";
import { GENERATIONS } from "./generations.ts";
import { type MachineFacts, runSpec, type Wish } from "./run-spec.ts";

const machine: MachineFacts = {
  os: "linux",
  home: "/home/ada",
  docker: "engine",
  gateway: "172.18.0.1",
  socket: "/var/run/docker.sock",
  doorUrl: "https://openhands.local",
  keyFile: "/home/ada/.local/share/genkan/openhands/canvas.env",
  user: undefined,
};

function published(wish: Wish, more: Partial<MachineFacts> = {}): string[] {
  const { publish } = runSpec(wish, { ...machine, ...more });
  return publish.map(({ address, port, inside }) => `${address}:${port}:${inside}`);
}

test.each(GENERATIONS)(
  "%s is published on no address a device of the network has",
  (generation) => {
    const addresses = runSpec({ generation }, machine).publish.map(({ address }) => address);
    expect(addresses).not.toEqual([]);
    expect(addresses.filter((at) => at !== "127.0.0.1" && at !== "172.18.0.1")).toEqual([]);
  },
);

test("only 1.x is published at the bridge's gateway too: its sandboxes call it", () => {
  expect(published({ generation: "0.36" })).toEqual(["127.0.0.1:3000:3000"]);
  expect(published({ generation: "canvas" })).toEqual(["127.0.0.1:8000:8000"]);
  expect(published({ generation: "1", port: 3100 })).toEqual([
    "127.0.0.1:3100:3000",
    "172.18.0.1:3100:3000",
  ]);
  expect(published({ generation: "1" }, { docker: "desktop" })).toEqual(["127.0.0.1:3000:3000"]);
});

test("the sandboxes of 0.36 are bound where its app reaches them, and nowhere else", () => {
  const bound = (docker: MachineFacts["docker"]): string | undefined =>
    runSpec({ generation: "0.36" }, { ...machine, docker }).env["SANDBOX_RUNTIME_BINDING_ADDRESS"];
  expect(bound("engine")).toBe("172.18.0.1");
  expect(bound("desktop")).toBe("127.0.0.1");
});

test("1.x learns of its port on the host only where it is another", () => {
  expect(runSpec({ generation: "1" }, machine).env).not.toHaveProperty("SANDBOX_HOST_PORT");
  const { env } = runSpec({ generation: "1", port: 3100 }, machine);
  expect(env).toMatchObject({ SANDBOX_HOST_PORT: "3100", OH_WEB_URL: "https://openhands.local" });
});

test("Canvas gets no Docker socket, and the others do", () => {
  expect(runSpec({ generation: "canvas" }, machine).socket).toBeUndefined();
  expect(runSpec({ generation: "0.36" }, machine).socket?.source).toBe("/var/run/docker.sock");
});

test("Canvas' key is on no command line, where every user of the machine could read it", () => {
  const spec = runSpec({ generation: "canvas" }, machine);
  expect(dockerRunWords(spec).flat().join(" ")).not.toContain("LOCAL_BACKEND_API_KEY");
  expect(bodyOf(spec, ["LOCAL_BACKEND_API_KEY=secret"])).toMatchObject({
    Env: ["AGENT_CANVAS_ALLOW_LAN_SESSION_KEY=true", "LOCAL_BACKEND_API_KEY=secret"],
  });
});

test("Canvas in somebody's folder runs as that somebody, in a home that they may write to", () => {
  const spec = runSpec({ generation: "canvas" }, { ...machine, user: "1000:1000" });
  expect(spec).toMatchObject({
    user: "1000:1000",
    env: { HOME: "/home/openhands" },
    tmpfs: { "/home/openhands": "exec,mode=0700,uid=1000,gid=1000" },
  });
});

test("the folders a person has are kept: state where its makers have it, projects where they say", () => {
  const sources = (wish: Wish): string[] =>
    runSpec(wish, machine).folders.map((each) => each.source);
  expect(sources({ generation: "0.36" })).toEqual(["/home/ada/.openhands-state"]);
  expect(sources({ generation: "1" })).toEqual(["/home/ada/.openhands"]);
  expect(sources({ generation: "canvas" })).toEqual(["/home/ada/.openhands", "/home/ada/projects"]);
  expect(sources({ generation: "canvas", projects: "/srv/code" })).toContain("/srv/code");
});

describe("the printed line", () => {
  /** What `docker` is given when a shell runs the line. */
  function heard(line: string): string[] {
    const folder = tempFolder();
    writeFileSync(join(folder, "docker"), `#!/bin/sh\nfor word; do printf '%s\\0' "$word"; done\n`);
    chmodSync(join(folder, "docker"), 0o755);
    const env = { PATH: `${folder}:/usr/bin:/bin` };
    return execFileSync("/bin/sh", ["-c", line], { env, encoding: "utf8" })
      .split("\0")
      .slice(0, -1);
  }

  test.each(GENERATIONS)("of %s is read by a shell as it was meant", (generation) => {
    const projects = '/srv/it\'s $HOME; `id` "x" \\ &';
    const spec = runSpec({ generation, projects }, machine);
    expect(heard(commandLine(spec, "linux"))).toEqual(dockerRunWords(spec).flat());
  });

  test("makes folders first that Docker would make as root's", () => {
    const folder = join(tempFolder(), "a b");
    const spec = runSpec({ generation: "canvas" }, machine);
    expect(heard(`${commandLine(spec, "linux", [folder])}`)).toContain("--detach");
    expect(commandLine(spec, "linux", [folder])).toMatch(/^mkdir -p '.*a b'\ndocker run/);
  });

  test("is one line for shells without continuation", () => {
    expect(commandLine(runSpec({ generation: "1" }, machine), "windows")).not.toContain("\n");
  });
});
