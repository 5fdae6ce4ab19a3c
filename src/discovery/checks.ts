/*
 * How to tell that Docker's containers get their names, and that Docker is out of others' reach: what the open door
 * says of them.
 */
import type { Check, Finding } from "../kernel/check.ts";

interface Told {
  readonly message: string;
  readonly fix: string;
}

/** What an open door has from Docker. */
export interface DockerFacts {
  readonly isWanted: boolean;
  readonly trouble: Told | undefined;
  readonly containers: readonly Told[];
  /** Containers that hold Docker's own socket and are published where other devices are. */
  readonly exposed: readonly { readonly container: string; readonly port: number }[];
}

/** None where the door does not ask Docker, or there is no door. */
export function discoveryChecks(facts: DockerFacts | undefined): Check[] {
  if (!facts) return [];
  return [
    {
      id: "docker.answers",
      title: "Docker can be asked for containers",
      dependsOn: ["door.open"],
      look: async () => lookAtDocker(facts),
    },
    {
      id: "docker.names",
      title: "Every container has the names it wants",
      dependsOn: ["docker.answers"],
      look: async () => lookAtContainers(facts),
    },
    {
      id: "docker.exposed",
      title: "No other device reaches a container that commands Docker",
      dependsOn: ["docker.answers"],
      look: async () => lookAtExposed(facts),
    },
  ];
}

function lookAtDocker({ isWanted, trouble }: DockerFacts): Finding {
  if (!trouble) return { state: "well" };
  // Who said nothing of Docker may well have none.
  if (!isWanted) return { state: "well", note: `not in use. ${trouble.message}` };
  return { state: "unwell", severity: "high", says: trouble.message, fix: { says: trouble.fix } };
}

function lookAtContainers({ containers }: DockerFacts): Finding {
  const [first, ...more] = containers;
  if (!first) return { state: "well" };
  const also = more.length === 0 ? "" : ` (and ${more.length} more: genkan status)`;
  const says = `${first.message}${also}`;
  return { state: "unwell", severity: "low", says, fix: { says: first.fix } };
}

/** Low: most ask who one is, and only that stands between the household and this machine's root. */
function lookAtExposed({ exposed }: DockerFacts): Finding {
  const [first] = exposed;
  if (!first) return { state: "well" };
  const { container, port } = first;
  const named = exposed.map((each) => `${each.container} at port ${each.port}`).join(", ");
  return {
    state: "unwell",
    severity: "low",
    says: `Other devices reach containers that hold Docker's own socket, around the door, unless a firewall stops them: ${named}. Who takes one over is root on this machine.`,
    fix: {
      says: `Make ${container} anew without the socket; if it needs it, publish it on this machine alone (-p 127.0.0.1:${port}:… in place of -p ${port}:…) and give it a name at the door: genkan add NAME ${port}`,
    },
  };
}
