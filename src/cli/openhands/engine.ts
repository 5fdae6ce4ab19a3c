/*
 * The container engine of this machine for `genkan openhands`, and what there is to say where there is none.
 */
import { createServer } from "node:net";
import { type DockerPlace, dockerContainers } from "../../apps/openhands-run/docker.ts";
import { runErrors } from "../../apps/openhands-run/errors.ts";
import type { Containers } from "../../apps/openhands-run/needs.ts";
import { codeOf } from "../../kernel/errors.ts";
import { dockerSocketPath } from "../../platform/docker-socket.ts";
import { whoHolds } from "../../platform/ports.ts";
import { ProgramFailedError } from "../../platform/run.ts";
import type { Context } from "../command.ts";

/** @throws OPENHANDS_NO_DOCKER where DOCKER_HOST names another machine */
export async function engineOf({ host, run }: Pick<Context, "host" | "run">): Promise<Containers> {
  const socket = dockerSocketPath(host);
  const otherwise: DockerPlace["otherwise"] = () => withoutDocker(run);
  if (socket !== undefined) return dockerContainers({ socket, host, otherwise });
  const why = `DOCKER_HOST names ${host.env["DOCKER_HOST"]}, whose ports this door does not reach`;
  throw runErrors.OPENHANDS_NO_DOCKER({ why, otherwise: await otherwise() });
}

/**
 * Canvas by its npm package. It is not started from here: 1.20.0 listens on every address and takes no other
 * (scripts/ingress.mjs), and without --public it hands its key to everyone who asks for its page (issue 16879).
 */
async function withoutDocker(run: Context["run"]): Promise<string> {
  const [node, uv] = await Promise.all([versionOf(run, "node"), versionOf(run, "uv")]);
  const isThere = uv !== undefined && Number(/\d+/.exec(node ?? "")?.[0] ?? 0) >= 24;
  const needs = isThere ? "" : " (it needs Node 24 and uv)";
  return [
    `\nOr run Agent Canvas without Docker${needs}. It listens on every address of this machine, and only the key it prints here keeps`,
    "the network out, so genkan does not start it for you:",
    '  export LOCAL_BACKEND_API_KEY="$(openssl rand -hex 32)"; echo "$LOCAL_BACKEND_API_KEY"',
    "  npx --yes @openhands/agent-canvas@1.20.0 --public",
    "  genkan add openhands 8000",
  ].join("\n");
}

async function versionOf(run: Context["run"], program: string): Promise<string | undefined> {
  try {
    return (await run(program, ["--version"])).stdout;
  } catch (thrown) {
    if (thrown instanceof ProgramFailedError) return undefined;
    throw thrown;
  }
}

/** Who listens at a port already, found out by listening there for a moment. */
export async function holderOf(
  { address, port }: { address: string; port: number },
  { host, run }: Pick<Context, "host" | "run">,
): Promise<string | undefined> {
  const isTaken = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once("error", (error) => resolve(codeOf(error) === "EADDRINUSE"));
    server.listen({ host: address, port }, () => server.close(() => resolve(false)));
  });
  if (!isTaken) return undefined;
  const holder = await whoHolds(port, { host, run });
  return holder?.says ?? "another program";
}
