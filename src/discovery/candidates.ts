/*
 * Containers -> apps, and what is wrong with those that want to be one: one trouble for each container, and none of
 * them is another's. Pure. Which names are free is not decided here (free-names.ts): the file's apps come first.
 */
import { GenkanError } from "../kernel/errors.ts";
import type { AppSettings } from "../model/settings.ts";
import type { Interfaces } from "../platform/network.ts";
import type { Container } from "./container.ts";
import { discoveryErrors } from "./errors.ts";
import { wishOfLabels } from "./labels.ts";
import { wishOfOthers } from "./other-proxies.ts";
import { reachOf } from "./reach.ts";
import { type Wish, WishError } from "./wish.ts";

/** A container with what the person, and not the image's maker, said about it. */
export interface KnownContainer extends Container {
  readonly env: Readonly<Record<string, string>>;
  /** Then labels and environment may be the maker's: it is told that it has no name, and gets none. */
  readonly isImageGone: boolean;
}

export interface ContainerTrouble {
  readonly container: string;
  readonly error: GenkanError;
}

export interface Candidates {
  readonly apps: readonly DiscoveredApp[];
  readonly troubles: readonly ContainerTrouble[];
}

export interface DiscoveredApp extends AppSettings {
  /** The container's name. */
  readonly container: string;
}

/** @param takesOthers whether what was said to other proxies counts, too. */
export function candidatesOf(
  containers: readonly KnownContainer[],
  interfaces: Interfaces,
  takesOthers: boolean,
): Candidates {
  const apps: DiscoveredApp[] = [];
  const troubles: ContainerTrouble[] = [];
  for (const container of containers.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const judged = judge(container, interfaces, takesOthers);
    if (judged instanceof GenkanError) troubles.push({ container: container.name, error: judged });
    else if (judged) apps.push(judged);
  }
  return { apps, troubles };
}

function judge(
  container: KnownContainer,
  interfaces: Interfaces,
  takesOthers: boolean,
): DiscoveredApp | GenkanError | undefined {
  try {
    const wish = wishOf(container, takesOthers);
    if (wish && container.isImageGone) return imageGone(container);
    return wish && appOf(wish, container, interfaces);
  } catch (thrown) {
    if (!(thrown instanceof WishError) && !(thrown instanceof GenkanError)) throw thrown;
    if (container.isImageGone) return imageGone(container);
    const why = thrown.message;
    return discoveryErrors.CONTAINER_LABELS_WRONG({ container: container.name, why });
  }
}

function wishOf({ labels, env }: KnownContainer, takesOthers: boolean): Wish | undefined {
  const own = wishOfLabels(labels);
  if (own || !takesOthers || labels["genkan.enable"] === "false") return own;
  return wishOfOthers(labels, env);
}

function imageGone({ name }: KnownContainer): GenkanError {
  return discoveryErrors.CONTAINER_IMAGE_GONE({ container: name });
}

function appOf(
  wish: Wish,
  container: KnownContainer,
  interfaces: Interfaces,
): DiscoveredApp | GenkanError {
  const port = wish.port ?? onlyPort(container);
  const reach = reachOf(container, port, interfaces);
  if ("why" in reach) {
    return discoveryErrors.CONTAINER_OUT_OF_REACH({
      container: container.name,
      port,
      why: reach.why,
    });
  }
  const { name, hosts, scheme, access, openPaths, preset } = wish;
  const upstream = { scheme, ...reach, insecure: false };
  return {
    name,
    upstream,
    hosts,
    access,
    openPaths,
    preset,
    origins: [],
    container: container.name,
    from: `docker container ${container.name}`,
  };
}

/** The one port a container has; where it has several, somebody has to say which. */
function onlyPort({ ports }: Container): number {
  const [port, another] = new Set(ports.map((each) => each.port));
  if (port !== undefined && another === undefined) return port;
  const what = port === undefined ? "no port" : "several ports";
  throw new WishError(`it has ${what}; say which with genkan.port (or VIRTUAL_PORT and its like).`);
}
