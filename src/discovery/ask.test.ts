/*
 * What is known of containers beyond Docker's list, from something at a socket that answers as Docker does.
 */
import { createServer } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { type DockerSocket, openDocker } from "../platform/docker-socket.ts";
import { createDetails, listContainers } from "./ask.ts";
import { discoveryErrors } from "./errors.ts";

const WIKI = { "genkan.name": "wiki" };
const LIST = [{ Id: "c1", ImageID: "sha256:1", Names: ["/web"], Labels: WIKI }];
const { signal } = new AbortController();

/** What Docker answers at these paths; it knows of nothing else. */
async function dockerWith(answers: Record<string, unknown>): Promise<DockerSocket> {
  const path = join(tempFolder(), "docker.sock");
  const server = createServer(({ url = "" }, response) => {
    const answer = answers[decodeURIComponent(url)];
    response.statusCode = answer === undefined ? 404 : 200;
    response.end(JSON.stringify(answer ?? { message: "No such thing" }));
  });
  server.listen(path);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return openDocker(path);
}

test("a container whose image is gone is known as such, until the image is back", async () => {
  const answers: Record<string, unknown> = {
    "/containers/json": LIST,
    "/containers/c1/json": { Config: { Labels: WIKI } },
  };
  const docker = await dockerWith(answers);
  const details = createDetails(docker, false);
  const look = async () => details.of(await listContainers(docker, signal), signal);
  expect(await look()).toMatchObject([{ name: "web", isImageGone: true }]);
  answers["/images/sha256:1/json"] = { Config: {} };
  expect(await look()).toMatchObject([{ labels: WIKI, isImageGone: false }]);
});

test("a container that is gone meanwhile is left out", async () => {
  const docker = await dockerWith({ "/containers/json": LIST });
  const details = createDetails(docker, false);
  expect(await details.of(await listContainers(docker, signal), signal)).toEqual([]);
});

test("labels that the image brings are nobody's wish", async () => {
  const docker = await dockerWith({
    "/containers/json": LIST,
    "/containers/c1/json": { Config: { Labels: WIKI } },
    "/images/sha256:1/json": { Config: { Labels: WIKI } },
  });
  const details = createDetails(docker, false);
  const [known] = await details.of(await listContainers(docker, signal), signal);
  expect(known?.labels).toEqual({});
});

test("nobody is told to join root's own group", () => {
  const fixFor = (group: string | undefined): string =>
    discoveryErrors.DOCKER_NO_RIGHTS({ socket: "/run/docker.sock", user: "ada", group }).fix;
  expect(fixFor("wheel")).toContain("sudo usermod -aG wheel ada");
  expect(fixFor("root")).toContain("groupadd -f docker");
  for (const group of ["root", undefined])
    expect(fixFor(group)).toContain("sudo usermod -aG docker ada");
});
