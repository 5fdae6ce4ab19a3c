/*
 * The wiring: the only file that knows everyone. It makes the parts in order, hands each what it
 * needs, and gives back one open door. Whatever fails on the way, what was started is stopped.
 */
import { startHello } from "../apps/hello/hello.ts";
import type { ListenSpec } from "../engines/engine.ts";
import type { Clock } from "../kernel/clock.ts";
import { createLifecycle, type Lifecycle } from "../kernel/lifecycle.ts";
import type { Log, LogEntry } from "../kernel/log.ts";
import { VERSION } from "../kernel/version.ts";
import { compile } from "../model/compile.ts";
import type { Plan } from "../model/plan.ts";
import type { AppSettings, Settings } from "../model/settings.ts";
import { withPortalInZone, withZone } from "../model/zone.ts";
import type { Host } from "../platform/host.ts";
import { machineAddresses, watchAddresses } from "../platform/network.ts";
import type { Paths } from "../platform/paths.ts";
import type { Run } from "../platform/run.ts";
import type { Authority } from "../pki/authority.ts";
import { createLeafVault } from "../pki/vault.ts";
import type { DeviceList } from "../portal/check/device-list.ts";
import { createPages } from "../portal/pages.ts";
import { accessOf, auditChange, type DoorAccess, gateFor, openDoorAccess } from "./access.ts";
import { accessActions, firstInvitation } from "./access-actions.ts";
import { openAuthorityFor } from "./authority.ts";
import type { PairReport } from "./control/access-protocol.ts";
import { type ControlActions, startControl } from "./control/server.ts";
import { openDeviceCheck } from "./device-check.ts";
import type { DoorStatus } from "./control/protocol.ts";
import { type Discovered, openDiscovered } from "./discovered.ts";
import { startDns } from "./dns.ts";
import { chooseListen, explainListenError } from "./listen.ts";
import { type MadeEngine, makeEngine } from "./make-engine.ts";
import { type Names, openNames } from "./names.ts";
import { passkeysFor } from "./passkeys.ts";
import { type Reconciler, startReconciler } from "./reconcile.ts";
import { withSandboxes } from "./sandboxes/with-sandboxes.ts";
import { placeOf } from "./shown-address.ts";
import { signInFor } from "./sign-in.ts";
import { statusOf, troubleReport } from "./status.ts";
import { watchFile } from "./watch-file.ts";

export interface DoorSpec {
  readonly host: Host;
  readonly paths: Paths;
  readonly run: Run;
  readonly clock: Clock;
  readonly log: Log;
  /** Reads what the person asked for: the file, with what the command line says over it. */
  readonly load: () => Promise<Settings>;
  /** Takes the audit log's entries. */
  readonly writeAudit: (entry: LogEntry) => void;
  /** A remark for the person who watches. */
  readonly note: (text: string) => void;
  /** Somebody asked through the control socket that the door closes. */
  readonly onStop: () => void;
}

export interface Door {
  status(): Promise<DoorStatus>;
  /** How to get the standard ports, where others stand in for them. */
  readonly advice: string | undefined;
  /** Lets the first device in, which becomes the owner; undefined where there is one, or nobody can be let in. */
  firstInvitation(): Promise<PairReport | undefined>;
  /** Closes the door: no new connections, running exchanges may end for `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Opens the door. Call it with the home's lock held.
 * @throws GenkanErrors of configuration, authority and ports; nothing is left running then.
 */
export async function openDoor(spec: DoorSpec): Promise<Door> {
  const parts = createLifecycle(spec.log);
  try {
    return await assemble(spec, parts);
  } catch (thrown) {
    await parts.stop();
    throw thrown;
  }
}

async function assemble(spec: DoorSpec, parts: Lifecycle): Promise<Door> {
  const { host, paths, run, log, clock, load } = spec;
  const settings = await load();
  const authority = await openAuthorityFor(settings, spec);
  if (authority.warning) spec.note(authority.warning);
  const hello = parts.add("hello", await startHello({ log }));
  const { spec: listen, advice } = await chooseListen(settings, host);
  const access = await openDoorAccess(spec, parts);
  const discovered = parts.add("docker", await openDiscovered(settings.docker, spec));
  const prepared = { kind: settings.engine, parts, authority, listen, access, discovered };
  const { engine, sandboxes, apply, stop, devices } = await prepareEngine(spec, prepared);
  let grace = 0;
  parts.add("engine", { stop: () => stop(grace) });
  const onRenamed = (): void => void reconciler.follow();
  const names = parts.add("names", openNames({ ...spec, listen, onRenamed }));
  const planParts = { hello: hello.port, zone: settings.dns?.zone, authority, names, discovered };
  const reconciler: Reconciler = await startReconciler(settings, {
    load,
    compile: ({ apps }) => planOf(apps, planParts),
    apply: async (plan) => {
      await apply(plan);
      names.apply(plan);
    },
    onChanged: (change) => auditChange(access, change, plan()),
    log,
  }).catch(async (thrown: unknown) => {
    throw await explainListenError(thrown, listen, { host, run });
  });
  discovered.onChange(() => void reconciler.follow());
  const watching = watchFile(paths.config, { clock, log }, () => void reconciler.follow());
  parts.add("watch", await watching);
  const plan = () => reconciler.plan();
  if (settings.dns) parts.add("dns", await startDns(settings.dns, { ...spec, listen, plan }));
  const shown = { ...prepared, engine, sandboxes, reconciler, names, devices };
  const status = statusSource({ spec, ...shown });
  const apps = (): string[] => plan().apps.map((app) => app.name);
  const actions = accessActions({ access: () => accessOf(access), apps, clock });
  await addControl(spec, parts, { reconciler, status, access: actions });
  log.info("door.opened", { listen, apps: apps() });
  return {
    status,
    advice,
    firstInvitation: async () => (access.is === "open" ? firstInvitation(actions) : undefined),
    stop: async (graceMs) => {
      grace = graceMs;
      await parts.stop();
      log.info("door.closed");
    },
  };
}

interface PlanParts {
  /** The port of what a door without apps shows. */
  readonly hello: number;
  readonly zone: string | undefined;
  readonly authority: Authority;
  readonly names: Names;
  readonly discovered: Discovered;
}

function planOf(own: readonly AppSettings[], parts: PlanParts): Plan {
  const { hello, zone, authority, names, discovered } = parts;
  const apps = discovered.withContainers(own, authority.scope);
  const asked = apps.length > 0 ? apps : [helloApp(hello)];
  const plan = compile(withZone(asked, zone), authority.scope, names.renames());
  return withSandboxes(withPortalInZone(plan, zone), asked);
}

/** Milliseconds between looks at the machine's addresses. */
const NETWORK_LOOK = 5_000;

interface EngineParts {
  readonly kind: Settings["engine"];
  readonly parts: Lifecycle;
  readonly authority: Authority;
  readonly listen: ListenSpec;
  readonly access: DoorAccess;
  readonly discovered: Discovered;
}

interface PreparedEngine extends Omit<MadeEngine, "ports"> {
  readonly apply: (plan: Plan) => Promise<void>;
  /** Of the engine and the sandboxes' ports at once: each gives running exchanges so many milliseconds. */
  readonly stop: (graceMs: number) => Promise<void>;
  readonly devices: DeviceList;
}

/** The engine with its certificates and pages; `apply` also tells the certificates which names count. */
async function prepareEngine(
  { host, run, paths, clock, log }: DoorSpec,
  { kind, parts, authority, listen, access, discovered }: EngineParts,
): Promise<PreparedEngine> {
  let current: Plan | undefined;
  const { root, scope } = authority;
  const leaves = parts.add(
    "leaves",
    createLeafVault({
      authority,
      dir: paths.pki,
      clock,
      log,
      addresses: machineAddresses,
      allowed: (name) => current?.routes.has(name) ?? false,
    }),
  );
  // The leaf for addresses is made when they change, so that no visitor waits for it.
  const unwatch = watchAddresses(clock, NETWORK_LOOK, (addresses) => {
    log.info("network.changed", { addresses });
    leaves.leafForAddresses().catch((why: unknown) => log.error("leaf.unavailable", { why }));
  });
  parts.add("network", { stop: async () => unwatch() });
  const world = { host, run, paths, clock, log };
  const check = await openDeviceCheck(
    { ...world, authority, leaves, listen, plan: () => current },
    parts,
  );
  let made: MadeEngine | undefined;
  const pages = createPages({
    check,
    signIn: signInFor(access, {
      clock,
      plan: () => current,
      ports: () => made?.ports.list() ?? [],
    }),
    passkeys: passkeysFor(access),
    root: { ...root, words: root.words.split(" "), scope },
    place: () => placeOf(listen, current),
    version: VERSION,
    log,
  });
  const gate = gateFor(access, { pages, plan: () => current, log });
  const { containers } = discovered;
  const more = { kind, listen, leaves, pages, gate, root: root.pem, containers };
  made = await makeEngine({ ...world, ...more, plan: () => current }, parts);
  const apply = applying(made, { get: () => current, set: (plan) => (current = plan) });
  return { ...made, apply, stop: stopping(made), devices: check.devices };
}

interface Current {
  readonly get: () => Plan | undefined;
  readonly set: (plan: Plan | undefined) => void;
}

/** Makes a plan the current one before the engine has it: a handshake for a new name may come before apply has returned. */
function applying(
  { engine, ports, sandboxes }: MadeEngine,
  current: Current,
): (plan: Plan) => Promise<void> {
  return async (plan) => {
    const before = current.get();
    current.set(plan);
    await engine.apply(plan).catch((thrown: unknown) => {
      current.set(before);
      throw thrown;
    });
    ports.follow(plan);
    sandboxes.follow();
  };
}

function stopping({ engine, ports }: MadeEngine): (graceMs: number) => Promise<void> {
  return async (graceMs) => {
    await Promise.all([ports.stop(graceMs), engine.stop(graceMs)]);
  };
}

interface StatusSource extends Omit<MadeEngine, "ports"> {
  readonly spec: DoorSpec;
  readonly reconciler: Reconciler;
  readonly names: Names;
  readonly authority: Authority;
  readonly listen: ListenSpec;
  readonly devices: DeviceList;
  readonly access: DoorAccess;
  readonly discovered: Discovered;
}

function statusSource(source: StatusSource): () => Promise<DoorStatus> {
  const { spec, engine, sandboxes, reconciler, names, authority, listen, devices, access } = source;
  const { discovered } = source;
  const since = new Date(spec.clock.now()).toISOString();
  const { path, fingerprint256, words } = authority.root;
  return () =>
    statusOf({
      engine,
      sandboxes,
      reconciler,
      names,
      devices,
      access,
      httpsPort: listen.httpsPort,
      root: { path, fingerprint: fingerprint256, words },
      config: spec.paths.config,
      docker: discovered.report(),
      pid: process.pid,
      since,
    });
}

async function addControl(
  { paths, log, onStop }: DoorSpec,
  parts: Lifecycle,
  door: Pick<ControlActions, "status" | "access"> & { readonly reconciler: Reconciler },
): Promise<void> {
  const { reconciler, ...answers } = door;
  const reload = async () => {
    await reconciler.follow();
    return { trouble: troubleReport(reconciler.trouble()), waiting: reconciler.waiting() };
  };
  const actions = { ...answers, reload, stop: onStop };
  parts.add("control", await startControl(paths.socket, actions, log));
}

/** What a door without apps shows. */
function helloApp(port: number): AppSettings {
  const upstream = { scheme: "http", host: "127.0.0.1", port, insecure: false } as const;
  return { name: "hello", upstream, hosts: [], origins: [], access: "open", openPaths: [] };
}
