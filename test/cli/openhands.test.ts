import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Run } from "../../src/platform/run.ts";
import { commandLine } from "../support/cli.ts";
import { recordingRun } from "../support/run.ts";
import { tempFolder } from "../support/temp.ts";

/** A machine whose Docker is not there, whatever the one is that runs the test. */
function withoutDocker(more: { run?: Run } = {}) {
  const folder = tempFolder();
  const env = {
    PATH: process.env["PATH"],
    GENKAN_HOME: join(folder, "home"),
    DOCKER_HOST: `unix://${join(folder, "docker.sock")}`,
  };
  return {
    folder,
    line: commandLine({ folder, host: { env, uid: process.getuid?.() ?? 1000 }, ...more }),
  };
}

test("start --print gives the command for Canvas, and keeps its key in a file for this user alone", async () => {
  const { folder, line } = withoutDocker();
  const transcript = await line.genkan("openhands start --print");
  const { uid, gid } = statSync(folder);
  const shown = transcript.replace(`${uid}:${gid}`, "1000:1000");
  expect(shown.replace(`uid=${uid},gid=${gid}`, "uid=1000,gid=1000")).toMatchInlineSnapshot(`
    "$ genkan openhands start --print
    Docker cannot be asked: nobody listens at ~/docker.sock. The bridge's gateway is taken to be 172.17.0.1.
    Its key is in ~/home/state/openhands/canvas.env, for you alone.
    mkdir -p ~/.openhands ~/projects
    docker run --detach \\
      --name genkan-openhands \\
      --restart unless-stopped \\
      --label genkan-openhands.managed=openhands \\
      --label genkan-openhands.managed.generation=canvas \\
      --label genkan-openhands.managed.port=8000 \\
      --label genkan-openhands.managed.projects=~/projects \\
      --publish 127.0.0.1:8000:8000 \\
      --env AGENT_CANVAS_ALLOW_LAN_SESSION_KEY=true \\
      --env HOME=/home/openhands \\
      --env-file ~/home/state/openhands/canvas.env \\
      --volume ~/.openhands:/home/openhands/.openhands \\
      --volume ~/projects:/projects \\
      --tmpfs /home/openhands:exec,mode=0700,uid=1000,gid=1000 \\
      --user 1000:1000 \\
      ghcr.io/openhands/agent-canvas:1.20.0"
  `);
  const file = join(folder, "home/state/openhands/canvas.env");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8")).toMatch(/^LOCAL_BACKEND_API_KEY=[0-9a-f]{64}\n$/);
});

test("start --print gives the command for generation 1, published where its sandboxes call it", async () => {
  const { line } = withoutDocker();
  expect(
    await line.genkan(
      "openhands start --print --generation 1 --port 3100 --projects /srv/nobodys-code",
    ),
  ).toMatchInlineSnapshot(`
    "$ genkan openhands start --print --generation 1 --port 3100 --projects /srv/nobodys-code
    Docker cannot be asked: nobody listens at ~/docker.sock. The bridge's gateway is taken to be 172.17.0.1.
    mkdir -p ~/.openhands /srv/nobodys-code
    docker run --detach \\
      --name genkan-openhands \\
      --restart unless-stopped \\
      --label genkan-openhands.managed=openhands \\
      --label genkan-openhands.managed.generation=1 \\
      --label genkan-openhands.managed.port=3100 \\
      --label genkan-openhands.managed.projects=/srv/nobodys-code \\
      --publish 127.0.0.1:3100:3000 \\
      --publish 172.17.0.1:3100:3000 \\
      --env AGENT_SERVER_IMAGE_REPOSITORY=ghcr.io/openhands/agent-server \\
      --env AGENT_SERVER_IMAGE_TAG=1.26.0-python \\
      --env LOG_ALL_EVENTS=true \\
      --env OH_WEB_URL=https://openhands.local \\
      --env SANDBOX_HOST_PORT=3100 \\
      --env SANDBOX_VOLUMES=/srv/nobodys-code:/workspace:rw \\
      --volume ~/docker.sock:/var/run/docker.sock \\
      --volume ~/.openhands:/.openhands \\
      --add-host host.docker.internal:host-gateway \\
      docker.openhands.dev/openhands/openhands:1.8"
  `);
});

test("start --print gives the command for 0.36, whose sandboxes stay away from the network", async () => {
  const { line } = withoutDocker();
  expect(await line.genkan("openhands start --print --generation 0.36")).toMatchInlineSnapshot(`
    "$ genkan openhands start --print --generation 0.36
    Docker cannot be asked: nobody listens at ~/docker.sock. The bridge's gateway is taken to be 172.17.0.1.
    mkdir -p ~/.openhands-state
    docker run --detach \\
      --name genkan-openhands \\
      --restart unless-stopped \\
      --label genkan-openhands.managed=openhands \\
      --label genkan-openhands.managed.generation=0.36 \\
      --label genkan-openhands.managed.port=3000 \\
      --publish 127.0.0.1:3000:3000 \\
      --env SANDBOX_RUNTIME_CONTAINER_IMAGE=docker.all-hands.dev/all-hands-ai/runtime:0.36-nikolaik \\
      --env SANDBOX_RUNTIME_BINDING_ADDRESS=172.17.0.1 \\
      --env SANDBOX_CLOSE_DELAY=300 \\
      --env LOG_ALL_EVENTS=true \\
      --volume ~/docker.sock:/var/run/docker.sock \\
      --volume ~/.openhands-state:/.openhands-state \\
      --add-host host.docker.internal:host-gateway \\
      docker.all-hands.dev/all-hands-ai/openhands:0.36"
  `);
});

test("without Docker nothing is started, and the way without it is told with its danger", async () => {
  const { line } = withoutDocker({ run: recordingRun(() => "missing").run });
  expect(await line.genkan("openhands start")).toMatchInlineSnapshot(`
    "$ genkan openhands start
    genkan: Docker cannot be asked: nobody listens at ~/docker.sock.
      -> Install or start it (https://docs.docker.com/engine/install/).
         Or run Agent Canvas without Docker (it needs Node 24 and uv). It listens on every address of this machine, and only the key it prints here keeps
         the network out, so genkan does not start it for you:
           export LOCAL_BACKEND_API_KEY="$(openssl rand -hex 32)"; echo "$LOCAL_BACKEND_API_KEY"
           npx --yes @openhands/agent-canvas@1.20.0 --public
           genkan add openhands 8000
      (OPENHANDS_NO_DOCKER)
    [exit 1]"
  `);
  expect(await line.genkan("openhands status")).toMatchInlineSnapshot(`
    "$ genkan openhands status
    genkan: Docker cannot be asked: nobody listens at ~/docker.sock.
      -> Install or start it (https://docs.docker.com/engine/install/).
         Or run Agent Canvas without Docker (it needs Node 24 and uv). It listens on every address of this machine, and only the key it prints here keeps
         the network out, so genkan does not start it for you:
           export LOCAL_BACKEND_API_KEY="$(openssl rand -hex 32)"; echo "$LOCAL_BACKEND_API_KEY"
           npx --yes @openhands/agent-canvas@1.20.0 --public
           genkan add openhands 8000
      (OPENHANDS_NO_DOCKER)
    [exit 1]"
  `);
  expect(await line.genkan("openhands status --json")).toMatchInlineSnapshot(`
    "$ genkan openhands status --json
    {"error":{"code":"OPENHANDS_NO_DOCKER","message":"Docker cannot be asked: nobody listens at ~/docker.sock.","fix":"Install or start it (https://docs.docker.com/engine/install/).\\nOr run Agent Canvas without Docker (it needs Node 24 and uv). It listens on every address of this machine, and only the key it prints here keeps\\nthe network out, so genkan does not start it for you:\\n  export LOCAL_BACKEND_API_KEY=\\"$(openssl rand -hex 32)\\"; echo \\"$LOCAL_BACKEND_API_KEY\\"\\n  npx --yes @openhands/agent-canvas@1.20.0 --public\\n  genkan add openhands 8000"}}
    [exit 1]"
  `);
});

test("what is not one of the three is refused, and what belongs to start alone", async () => {
  const { line } = withoutDocker();
  expect(await line.genkan("openhands stat")).toMatchInlineSnapshot(`
    "$ genkan openhands stat
    genkan: It can be start, stop or status, not "stat". Did you mean start?
      -> See what it takes: genkan openhands --help
      (USAGE)
    [exit 2]"
  `);
  expect(await line.genkan("openhands stop --port 3000")).toMatchInlineSnapshot(`
    "$ genkan openhands stop --port 3000
    genkan: --port goes with start.
      -> See what it takes: genkan openhands --help
      (USAGE)
    [exit 2]"
  `);
});
