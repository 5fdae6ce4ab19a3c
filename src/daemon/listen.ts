/*
 * Which addresses and ports the door opens, and what to say when it may not.
 */
import type { ListenSpec } from "../engines/engine.ts";
import { codeOf } from "../kernel/errors.ts";
import type { Settings } from "../model/settings.ts";
import type { Host } from "../platform/host.ts";
import { machineAddresses } from "../platform/network.ts";
import { howToBind, mayBind, whoHolds } from "../platform/ports.ts";
import type { Run } from "../platform/run.ts";
import { daemonErrors } from "./errors.ts";

/** The standard ports, and what stands in where this user may not have them. */
const PORTS = {
  https: { standard: 443, instead: 8443, option: "--https-port" },
  http: { standard: 80, instead: 8080, option: "--http-port" },
} as const;

export interface Listen {
  readonly spec: ListenSpec;
  /** How to get the standard ports, where others stand in for them. */
  readonly advice: string | undefined;
}

/** @throws DOOR_PORTS_EQUAL */
export async function chooseListen(settings: Settings, host: Host): Promise<Listen> {
  const mayHave = await mayBind(PORTS.https.standard, host);
  const standIn = (kind: keyof typeof PORTS): number =>
    mayHave ? PORTS[kind].standard : PORTS[kind].instead;
  const httpsPort = settings.httpsPort ?? standIn("https");
  const httpPort = settings.httpPort ?? standIn("http");
  if (httpsPort === httpPort) throw daemonErrors.DOOR_PORTS_EQUAL({ port: httpsPort });
  const isStandIn = !mayHave && (settings.httpsPort ?? settings.httpPort) === undefined;
  return {
    spec: { addresses: addressesOf(settings), httpsPort, httpPort },
    advice: isStandIn ? howToBind(PORTS.https.standard, host) : undefined,
  };
}

function addressesOf(settings: Settings): readonly string[] {
  if (settings.addresses.length > 0) return settings.addresses;
  const hasIpv6 = machineAddresses().some((address) => address.includes(":"));
  return [hasIpv6 ? "::" : "0.0.0.0"];
}

/** A system error from opening a listener, in words a person can act on; anything else as it came. */
export async function explainListenError(
  thrown: unknown,
  spec: ListenSpec,
  { host, run }: { readonly host: Host; readonly run: Run },
): Promise<unknown> {
  const { address, port } = placeOf(thrown);
  if (port === undefined) return thrown;
  const { option, instead } = port === spec.httpPort ? PORTS.http : PORTS.https;
  const other = instead === port ? instead + 1 : instead;
  const options = { cause: thrown };
  const code = codeOf(thrown);
  if (code === "EADDRINUSE") {
    const holder = (await whoHolds(port, { host, run })) ?? { says: "another program" };
    const values = { port, address, holder: holder.says, option, instead: other };
    return daemonErrors.DOOR_PORT_TAKEN(values, options);
  }
  if (code === "EACCES") {
    const values = { port, how: howToBind(port, host), option, instead: other };
    return daemonErrors.DOOR_PORT_FORBIDDEN(values, options);
  }
  if (code === "EADDRNOTAVAIL") {
    return daemonErrors.DOOR_ADDRESS_UNKNOWN({ address, known: machineAddresses() }, options);
  }
  return thrown;
}

/** Node's listen errors carry where it was tried. */
function placeOf(thrown: unknown): { address: string; port: number | undefined } {
  const place = { address: "this machine", port: undefined };
  if (typeof thrown !== "object" || thrown === null) return place;
  const { address, port } = thrown as { address?: unknown; port?: unknown };
  return {
    address: typeof address === "string" ? address : place.address,
    port: typeof port === "number" ? port : undefined,
  };
}
