/*
 * A socket that lists containers as Docker does (Docker Engine API, ContainerList), for those who only look: no engine
 * is behind it.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { tempFolder } from "./temp.ts";

export interface ListedContainer {
  readonly name: string;
  readonly image: string;
  /** Running unless told. */
  readonly state?: string;
  readonly ports: readonly { IP: string; PrivatePort: number; PublicPort: number }[];
}

/** @returns what DOCKER_HOST is then. */
export async function listContainers(...listed: readonly ListedContainer[]): Promise<string> {
  const socket = join(tempFolder(), "docker.sock");
  const list = listed.map(({ name, image, state = "running", ports }, at) => {
    const named = { Id: `c${at}`, Names: [`/${name}`], Image: image, State: state };
    return { ...named, Created: 1_764_000_000, Labels: {}, Ports: ports };
  });
  const server = createServer(({ url = "" }, response) => {
    const isList = /^(?:\/v[\d.]+)?\/containers\/json/.test(url);
    response.setHeader("content-type", "application/json");
    response.writeHead(isList ? 200 : 404);
    response.end(JSON.stringify(isList ? list : { message: "page not found" }));
  });
  server.listen(socket);
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return `unix://${socket}`;
}
