/*
 * What Docker tells of a container, as far as discovery goes, read from its JSON with nothing believed of its form.
 * Pure. GET /containers/json (Docker Engine API, ContainerList); Podman's compatible socket gives the same.
 */
export interface Container {
  readonly id: string;
  readonly imageId: string;
  /** Without the slash Docker puts in front. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** TCP ports; without `hostPort` where it is only declared. */
  readonly ports: readonly ContainerPort[];
  /** `host`, `none`, `bridge`, `container:ID`, or a network's name. */
  readonly networkMode: string;
  /** Its IPv4 addresses, in the networks it is in. */
  readonly addresses: readonly string[];
  readonly isUnhealthy: boolean;
  /** Files and folders of this machine that it holds. */
  readonly mounted: readonly string[];
}

export interface ContainerPort {
  readonly port: number;
  readonly hostAddress?: string;
  readonly hostPort?: number;
}

/** Those of a list that can be read; the others are no containers to us. */
export function readContainers(json: unknown): Container[] {
  return Array.isArray(json) ? json.flatMap((each) => readContainer(each) ?? []) : [];
}

function readContainer(json: unknown): Container | undefined {
  const row = fieldsOf(json);
  const { Id, ImageID, Names } = row;
  const first: unknown = Array.isArray(Names) ? Names[0] : undefined;
  if (typeof Id !== "string" || typeof first !== "string") return undefined;
  const networks = Object.values(fieldsOf(fieldsOf(row["NetworkSettings"])["Networks"]));
  return {
    id: Id,
    imageId: textOf(ImageID),
    name: first.replace(/^\//, ""),
    labels: textsOf(row["Labels"]),
    ports: readPorts(row["Ports"]),
    networkMode: textOf(fieldsOf(row["HostConfig"])["NetworkMode"]),
    addresses: networks.flatMap((network) => {
      const address = fieldsOf(network)["IPAddress"];
      return typeof address === "string" && address !== "" ? [address] : [];
    }),
    isUnhealthy: textOf(row["Status"]).includes("(unhealthy)"),
    mounted: readMounts(row["Mounts"]),
  };
}

function readMounts(json: unknown): string[] {
  const mounts: unknown[] = Array.isArray(json) ? json : [];
  return mounts.map((mount) => textOf(fieldsOf(mount)["Source"])).filter(Boolean);
}

function readPorts(json: unknown): ContainerPort[] {
  if (!Array.isArray(json)) return [];
  return json.map(fieldsOf).flatMap(({ Type, PrivatePort, PublicPort, IP }) => {
    if (Type !== "tcp" || typeof PrivatePort !== "number") return [];
    if (typeof PublicPort !== "number") return [{ port: PrivatePort }];
    const hostAddress = typeof IP === "string" && IP !== "" ? IP : "0.0.0.0";
    return [{ port: PrivatePort, hostAddress, hostPort: PublicPort }];
  });
}

/** An object's fields; none where it is no object. */
export function fieldsOf(json: unknown): Record<string, unknown> {
  return typeof json === "object" && json !== null ? (json as Record<string, unknown>) : {};
}

function textOf(json: unknown): string {
  return typeof json === "string" ? json : "";
}

/** Those fields that are texts. */
export function textsOf(json: unknown): Record<string, string> {
  const texts = Object.entries(fieldsOf(json)).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(texts);
}
