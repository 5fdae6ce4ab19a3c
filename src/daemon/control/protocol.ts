/*
 * What the command line and the running door say to each other: HTTP with JSON on a socket only
 * this user can open. GET /status, POST /reload, POST /stop.
 */
import type { AppTraffic, Listening } from "../../engines/engine.ts";
import type { AppAccess } from "../../model/admission.ts";
import type { PresetName } from "../../model/preset.ts";
import type { NamingStatus } from "../../naming/status.ts";
import type { CheckedDevice } from "../../portal/check/device-list.ts";
import type { OpenSandbox } from "../sandboxes/open-sandbox.ts";

/** A trouble as it crosses the socket. */
export interface TroubleReport {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

export interface AppStatus extends Omit<AppTraffic, "app"> {
  readonly name: string;
  readonly url: string;
  readonly hosts: readonly string[];
  readonly upstream: string;
  readonly access: AppAccess;
  /** Which app it is, where that is known. */
  readonly preset?: PresetName | undefined;
  /** Who says that there is this app, where it is not genkan.yaml: `command line`, `docker container web`. */
  readonly from?: string | undefined;
  /** Whether something accepts connections there right now. */
  readonly reachable: boolean;
  /** Why the engine had to leave it out, while it does. */
  readonly trouble: TroubleReport | undefined;
  /** Ports of its sandboxes that are open at the door; none for an app that has no sandboxes. */
  readonly sandboxes: readonly SandboxStatus[];
  /** Why one of them is not, the latest. */
  readonly sandboxTrouble: TroubleReport | undefined;
}

export interface SandboxStatus {
  /** As the app names it. */
  readonly port: number;
  /** The door's. */
  readonly doorPort: number;
  readonly url: string;
  readonly kind: OpenSandbox["kind"];
  /** Whose rules it follows: `0.36`, `1`. */
  readonly generation: OpenSandbox["generation"];
  /** Where the door dials it. */
  readonly upstream: string;
}

/** What the door has from Docker. */
export interface DockerReport {
  /** Whether Docker should be there: the person said so, or the door has apps from it. */
  readonly isWanted: boolean;
  /** Why it cannot be asked, while it cannot. */
  readonly trouble: TroubleReport | undefined;
  /** Containers of apps that say of themselves that they are not well; the door carries them all the same. */
  readonly unhealthy: readonly string[];
  /** Containers that want a name and have not all they want, and why. */
  readonly containers: readonly (TroubleReport & { readonly container: string })[];
  /** Containers that hold Docker's own socket and are published where other devices are. */
  readonly exposed: readonly { readonly container: string; readonly port: number }[];
}

export interface DoorStatus {
  readonly version: string;
  readonly pid: number;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly engine: string;
  /** What ails the engine itself. */
  readonly engineTrouble: TroubleReport | undefined;
  readonly portal: string;
  readonly listening: readonly Listening[];
  readonly apps: readonly AppStatus[];
  readonly root: {
    readonly path: string;
    readonly fingerprint: string;
    readonly words: string;
  };
  readonly config: string;
  /** Undefined where the door does not ask Docker. */
  readonly docker?: DockerReport | undefined;
  /** Devices that checked themselves at /check, newest first. */
  readonly devices: readonly CheckedDevice[];
  /** What other devices can find the door by. */
  readonly names: NamingStatus;
  /** Why nobody can be let in, while that is so: then only apps open to everyone are. */
  readonly accessTrouble: TroubleReport | undefined;
  /** Why the configuration on disk is not in force, while it is not; the plan before it runs on. */
  readonly trouble: TroubleReport | undefined;
  /** Changes in the file that wait for the next start. */
  readonly waiting: readonly string[];
}

/** The outcome of following the file: in force, or why not. */
export interface ReloadReport {
  readonly trouble: TroubleReport | undefined;
  readonly waiting: readonly string[];
}
