/*
 * How to tell that Docker's containers get their names: what the open door says of them.
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
