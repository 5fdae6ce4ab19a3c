/*
 * Sandboxes that are containers of a real Docker engine, at a real door: what the app names is opened where its
 * container publishes it and nowhere else, and no longer than the container runs.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import type { DoorStatus } from "../../src/daemon/control/protocol.ts";
import { DOCKER_TOOLS, HTTPD, startDocker } from "../support/docker.ts";
import { type DoorBesideDocker, openDoorBeside, SOON } from "../support/door-beside-docker.ts";
import { describeWithHosts, makeHosts, type NetworkHost } from "../support/namespaces.ts";
import { tempFolder } from "../support/temp.ts";

const PROGRAM = join(import.meta.dirname, "../support/programs/stored-answers.ts");
const KEY = "k".repeat(43);
const SHOWING_KEY = [`X-Session-API-Key: ${KEY}`];
const SANDBOXES = "/api/v1/sandboxes";
const PATIENCE = { timeout: 120_000 };

/** OpenHands as far as its answers go, behind the door: they say what a test writes down. */
interface Scene {
  readonly docker: Awaited<ReturnType<typeof startDocker>>;
  readonly home: NetworkHost;
  readonly door: DoorBesideDocker;
  /** What somebody of the household shows. */
  readonly session: readonly string[];
  /** Has the app answer so. */
  readonly say: (path: string, body: unknown) => void;
  /** What it says at the door, word for word. */
  readonly hear: (path: string) => Promise<string>;
}

async function sceneOf(preset: string): Promise<Scene> {
  const { home } = await makeHosts({ home: {} });
  const docker = await startDocker(home);
  await docker.importImage("tiny");
  const answers = tempFolder();
  const app = home.start(process.execPath, ["--import", "tsx", PROGRAM, answers]);
  await vi.waitFor(() => expect(app.stdout()).toMatch(/^\d+\n$/), SOON);
  const folder = tempFolder();
  const openhands = { target: Number(app.stdout()), preset };
  writeFileSync(join(folder, "genkan.yaml"), JSON.stringify({ apps: { openhands } }));
  const door = await openDoorBeside(home, docker.socket, { folder });
  const token = (await door.genkan("token", "probe", "--app", "openhands")).trim();
  const session = [`Authorization: Bearer ${token}`];
  return {
    session,
    docker,
    home,
    door,
    say: (path, body) =>
      writeFileSync(
        join(answers, `${path.slice(1).replaceAll("/", ".")}.json`),
        JSON.stringify(body),
      ),
    hear: (path) => door.page(`openhands.local${path}`, session),
  };
}

/** What 1.x says of a sandbox whose agent-server is there. */
function sandboxAt(port: number) {
  const url = `http://localhost:${port}`;
  const exposed = [{ name: "AGENT_SERVER", url, port: 8000 }];
  const status = "RUNNING";
  return { items: [{ id: "abc", status, session_api_key: KEY, exposed_urls: exposed }] };
}

/** `openhands.local:PORT`, as an answer has it in place of the app's own URL. */
function doorAddressIn(answer: string): string {
  const address = /https:\/\/(openhands\.local:\d+)/.exec(answer)?.[1];
  if (address === undefined) throw new Error(`no port of the door in ${answer}`);
  return address;
}

describeWithHosts("sandboxes in Docker", [...DOCKER_TOOLS, "curl"], () => {
  it("of 1.x are open as long as their container runs", PATIENCE, async () => {
    const { docker, door, say, hear } = await sceneOf("openhands@1");
    const options = ["-p", "45000:80"];
    await docker.run("oh-agent-server-abc", { image: "tiny", options, command: HTTPD });
    say(SANDBOXES, sandboxAt(45_000));
    const address = doorAddressIn(await hear(SANDBOXES));
    expect(await door.page(address, SHOWING_KEY)).toContain("own page");
    expect(await door.page(address)).not.toContain("own page");

    await docker.docker("stop", "--time", "0", "oh-agent-server-abc");
    const stopped = performance.now();
    await vi.waitFor(
      async () => expect(await door.page(address, SHOWING_KEY)).toMatch(/connect/i),
      SOON,
    );
    if (process.env["GENKAN_TELL"])
      console.info(`closed ${Math.round(performance.now() - stopped)} ms after`);

    await docker.docker("start", "oh-agent-server-abc");
    const again = doorAddressIn(await hear(SANDBOXES));
    await vi.waitFor(
      async () => expect(await door.page(again, SHOWING_KEY)).toContain("own page"),
      SOON,
    );
  });
  it("open no port that none of them publishes, whoever listens there", PATIENCE, async () => {
    const { docker, home, door, say, hear } = await sceneOf("openhands@1");
    const options = ["-p", "45000:80"];
    await docker.run("oh-agent-server-abc", { image: "tiny", options, command: HTTPD });
    await docker.run("database", { image: "tiny", options: ["-p", "45001:80"], command: HTTPD });
    home.start("busybox", ["httpd", "-f", "-p", "127.0.0.1:45002", "-h", "/"]);
    for (const port of [45_001, 45_002]) {
      const page = ["-q", "-sS", `http://127.0.0.1:${port}/`];
      // oxlint-disable-next-line no-await-in-loop -- each is started by itself
      await vi.waitFor(async () => expect((await home.run("curl", page)).code).toBe(0), SOON);
      say(SANDBOXES, sandboxAt(port));
      // oxlint-disable-next-line no-await-in-loop -- each is said by itself
      expect(await hear(SANDBOXES)).toBe(JSON.stringify(sandboxAt(port)));
      // oxlint-disable-next-line no-await-in-loop -- as above
      expect(await door.status()).toContain(`named port ${port} for a sandbox, and none of the`);
    }
    say(SANDBOXES, sandboxAt(45_000));
    expect(await hear(SANDBOXES)).toContain("https://openhands.local:");
  });

  it(
    "stay open while a Docker that was killed is away, and follow it afterwards",
    PATIENCE,
    async () => {
      const { docker, door, say, hear } = await sceneOf("openhands@1");
      const options = ["-p", "45000:80", "--restart", "always"];
      await docker.run("oh-agent-server-abc", { image: "tiny", options, command: HTTPD });
      say(SANDBOXES, sandboxAt(45_000));
      const address = doorAddressIn(await hear(SANDBOXES));

      await docker.crash();
      const trouble = async () => {
        const { docker: report } = JSON.parse(await door.genkan("status", "--json")) as DoorStatus;
        return report?.trouble?.code;
      };
      await vi.waitFor(async () => expect(await trouble()).toMatch(/^DOCKER_/), SOON);
      expect(await door.page(address)).toContain("DOOR_SIGN_IN_NEEDED");
      expect(await hear(SANDBOXES)).toContain(address);

      await docker.start();
      const page = async () => door.page(doorAddressIn(await hear(SANDBOXES)), SHOWING_KEY);
      await vi.waitFor(async () => expect(await page()).toContain("own page"), SOON);
      const again = doorAddressIn(await hear(SANDBOXES));
      await docker.docker("stop", "--time", "0", "oh-agent-server-abc");
      await vi.waitFor(
        async () => expect(await door.page(again, SHOWING_KEY)).toMatch(/connect/i),
        SOON,
      );
    },
  );

  it("of 0.36 are dialled at the one address they are published on", PATIENCE, async () => {
    const { docker, door, session, say, hear } = await sceneOf("openhands@0.36");
    const format = "--format={{(index .IPAM.Config 0).Gateway}}";
    const gateway = await docker.docker("network", "inspect", "bridge", format);
    const editorOf = async (sandbox: string, port: number): Promise<string> => {
      const path = `/api/conversations/${sandbox}/vscode-url`;
      say(path, { vscode_url: `http://localhost:${port}/?tkn=t` });
      return doorAddressIn(await hear(path));
    };
    for (const [index, address] of ["127.0.0.1", gateway].entries()) {
      const [name, port] = [`openhands-runtime-${index}`, 41_000 + index];
      const options = ["-p", `${address}:${port}:80`];
      // oxlint-disable-next-line no-await-in-loop -- one engine
      await docker.run(name, { image: "tiny", options, command: HTTPD });
      // oxlint-disable-next-line no-await-in-loop -- each by itself
      const editor = await editorOf(String(index), port);
      // oxlint-disable-next-line no-await-in-loop -- as above
      expect(await door.page(editor, session)).toContain("own page");
      // oxlint-disable-next-line no-await-in-loop -- as above
      expect(await door.page(editor)).not.toContain("own page");
      // oxlint-disable-next-line no-await-in-loop -- as above
      await docker.docker("rm", "--force", name);
      // oxlint-disable-next-line no-await-in-loop -- as above
      await vi.waitFor(async () => expect(await door.page(editor)).toMatch(/connect/i), SOON);
    }
  });
});
