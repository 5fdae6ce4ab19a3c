/*
 * A real Docker engine and a real door beside it: containers come and go at the door by themselves.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import type { DoorStatus } from "../../src/daemon/control/protocol.ts";
import { DOCKER_TOOLS, HTTPD, startDocker } from "../support/docker.ts";
import { openDoorBeside, SOON } from "../support/door-beside-docker.ts";
import { describeWithHosts, makeHosts } from "../support/namespaces.ts";
import { tempFolder } from "../support/temp.ts";

const WIKI = ["genkan.name=wiki", "genkan.port=80", "genkan.access=open"].flatMap((each) => [
  "--label",
  each,
]);

describeWithHosts("apps in Docker", [...DOCKER_TOOLS, "curl", "setpriv"], () => {
  it("come, go, and outlive Docker's end and the door's", { timeout: 120_000 }, async () => {
    const { home } = await makeHosts({ home: {} });
    const docker = await startDocker(home);
    await docker.importImage("tiny");
    const door = await openDoorBeside(home, docker.socket);
    await docker.run("web", { image: "tiny", options: WIKI, command: HTTPD });
    const ran = performance.now();
    await vi.waitFor(async () => expect(await door.page("wiki.local")).toContain("own page"), SOON);
    if (process.env["GENKAN_TELL"])
      console.info(`page ${Math.round(performance.now() - ran)} ms after`);
    expect(await door.status()).toContain("docker container web");

    await docker.docker("stop", "--time", "0", "web");
    await vi.waitFor(async () => expect(await door.status()).not.toContain("wiki"), SOON);

    await docker.docker("start", "web");
    await vi.waitFor(async () => expect(await door.page("wiki.local")).toContain("own page"), SOON);

    await docker.stop();
    await docker.start();
    await docker.run("web2", { image: "tiny", options: WIKI, command: HTTPD });
    await vi.waitFor(async () => expect(await door.status()).toContain("web2"), SOON);
    await vi.waitFor(async () => expect(await door.page("wiki.local")).toContain("own page"), SOON);

    await door.end();
    const again = await openDoorBeside(home, docker.socket, { folder: door.folder });
    expect(await again.page("wiki.local")).toContain("own page");
  });

  it("follow a new name and another network", { timeout: 120_000 }, async () => {
    const { home } = await makeHosts({ home: {} });
    const docker = await startDocker(home);
    await docker.importImage("tiny");
    const door = await openDoorBeside(home, docker.socket);
    const isAtTheDoor = () =>
      vi.waitFor(async () => expect(await door.page("wiki.local")).toContain("own page"), SOON);
    await docker.run("web", { image: "tiny", options: WIKI, command: HTTPD });
    await isAtTheDoor();

    await docker.docker("rename", "web", "paper");
    await vi.waitFor(async () => expect(await door.status()).toContain("container paper"), SOON);
    await isAtTheDoor();

    await docker.docker("network", "disconnect", "bridge", "paper");
    const outOfReach = /The container paper cannot be reached at its port 80/;
    await vi.waitFor(async () => expect(await door.status()).toMatch(outOfReach), SOON);
    await docker.docker("network", "create", "garden");
    await docker.docker("network", "connect", "garden", "paper");
    await isAtTheDoor();
    expect(await door.status()).not.toMatch(outOfReach);
  });

  it("that command Docker are told of where other devices reach them", async () => {
    const { home } = await makeHosts({ home: {} });
    const docker = await startDocker(home);
    await docker.importImage("tiny");
    const door = await openDoorBeside(home, docker.socket);
    const socket = ["-v", `${docker.socket}:/var/run/docker.sock:ro`];
    const inside = [...socket, "-p", "127.0.0.1:9001:80"];
    const exposed = async () => {
      const { docker: report } = JSON.parse(await door.genkan("status", "--json")) as DoorStatus;
      return report?.exposed;
    };
    await docker.run("tame", { image: "tiny", options: inside, command: HTTPD });
    await docker.run("page", { image: "tiny", options: ["-p", "9002:80"], command: HTTPD });
    const outside = [...socket, "-p", "9000:80"];
    await docker.run("boss", { image: "tiny", options: outside, command: HTTPD });
    await vi.waitFor(
      async () => expect(await exposed()).toEqual([{ container: "boss", port: 9000 }]),
      SOON,
    );
    expect(await door.genkan("doctor")).toContain("Docker's own socket");
    await docker.docker("rm", "--force", "boss");
    await vi.waitFor(async () => expect(await exposed()).toEqual([]), SOON);
  });

  it("stay while a Docker that was killed is away", { timeout: 120_000 }, async () => {
    const { home } = await makeHosts({ home: {} });
    const docker = await startDocker(home);
    await docker.importImage("tiny");
    const door = await openDoorBeside(home, docker.socket);
    const options = [...WIKI, "--restart", "always"];
    await docker.run("web", { image: "tiny", options, command: HTTPD });
    const isAtTheDoor = () =>
      vi.waitFor(async () => expect(await door.page("wiki.local")).toContain("own page"), SOON);
    await isAtTheDoor();

    await docker.crash();
    await vi.waitFor(async () => expect(await door.status()).toMatch(/Docker/), SOON);
    expect(await door.status()).toContain("docker container web");
    await isAtTheDoor();

    await docker.start();
    await isAtTheDoor();
    await docker.docker("stop", "--time", "0", "web");
    await vi.waitFor(async () => expect(await door.status()).not.toContain("wiki"), SOON);
  });

  it(
    "that ask for what they cannot have are told, and harm nobody",
    { timeout: 120_000 },
    async () => {
      const { home } = await makeHosts({ home: {} });
      const docker = await startDocker(home);
      await docker.importImage("tiny");
      await docker.importImage("sly", ["LABEL genkan.name=sly genkan.access=open genkan.port=80"]);
      const door = await openDoorBeside(home, docker.socket);
      const start = (name: string, options: readonly string[]) =>
        docker.run(name, { image: "tiny", options, command: HTTPD });
      await docker.run("sly", { image: "sly", command: HTTPD });
      await start("bad", ["--label", "genkan.name=bad", "--label", "genkan.acess=owner"]);
      await start("lonely", [
        "--network",
        "none",
        "--label",
        "genkan.name=lonely",
        "--label",
        "genkan.port=80",
      ]);
      await start("web", WIKI);
      await start("webb", WIKI);
      await vi.waitFor(async () => {
        const status = await door.status();
        expect(status).toContain("The container webb wants wiki.local");
        expect(status).toContain("there is no label");
        expect(status).toContain("it has no network");
        expect(status).not.toContain("sly");
      }, SOON);
      expect(await door.page("wiki.local")).toContain("own page");
    },
  );

  it(
    "are not looked for by who may not, and doctor says what would help",
    { timeout: 60_000 },
    async () => {
      const { home } = await makeHosts({ home: {} });
      const docker = await startDocker(home);
      const folder = tempFolder();
      writeFileSync(join(folder, "genkan.yaml"), "docker: true\n");
      const door = await openDoorBeside(home, docker.socket, { folder, user: "nobody" });
      expect(await door.status()).toMatch(/may not use .*docker\.sock.*\n.*usermod -aG docker/);
    },
  );
});
