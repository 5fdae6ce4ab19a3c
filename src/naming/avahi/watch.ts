/*
 * Whether Avahi is there: when it starts, stops, or its state changes, and when the bus itself is lost.
 */
import type { Clock } from "../../kernel/clock.ts";
import { messageOf } from "../../kernel/errors.ts";
import type { Running } from "../../kernel/lifecycle.ts";
import type { Log } from "../../kernel/log.ts";
import { type Bus, connectBus, type Signal } from "./bus.ts";
import { addMatch, AVAHI, BUS, SERVER } from "./publisher.ts";

export interface AvahiWatch extends Running {
  /** The bus while Avahi answers on it and serves. */
  current(): Bus | undefined;
  /** Resolves after the first look. */
  readonly looked: Promise<void>;
}

export interface AvahiWatchSpec {
  /** Of the system bus. */
  readonly address: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Avahi came, went, or came back as another process: nothing published through it before counts. */
  readonly onChange: () => void;
}

/** Milliseconds between tries to reach a bus that is not there, or pings to one that is. */
const LOOK = 5_000;
/** avahi-common/defs.h, AvahiServerState: AVAHI_SERVER_RUNNING. */
const RUNNING = 2;

export function watchAvahi(spec: AvahiWatchSpec): AvahiWatch {
  const { clock, log } = spec;
  let bus: Bus | undefined;
  let isServing = false;
  let isStopped = false;
  const set = (serving: boolean | undefined): void => {
    if (serving === undefined) return;
    const isNews = serving || isServing;
    isServing = serving;
    if (isNews && !isStopped) spec.onChange();
  };
  const lose = (why: unknown): void => {
    // No bus is the usual thing in a container and on other systems.
    log.debug("avahi.no-bus", { address: spec.address, why: messageOf(why) });
    bus?.close();
    bus = undefined;
    set(false);
  };
  const connect = async (): Promise<void> => {
    const fresh = await connectBus(spec.address);
    if (isStopped) return fresh.close();
    bus = fresh;
    void fresh.lost.then((why) => fresh === bus && lose(why));
    fresh.onSignal((signal) => void whatItTells(signal, fresh).then(set, lose));
    await fresh.call(addMatch(`${OWNER_CHANGED},arg0='${AVAHI}'`));
    await fresh.call(addMatch(`type='signal',sender='${AVAHI}',interface='${SERVER}'`));
    if (await serves(fresh)) set(true);
  };
  const look = async (): Promise<void> => {
    await (bus ? bus.call({ ...BUS, member: "GetId" }) : connect()).then(() => undefined, lose);
  };
  const looked = look();
  const end = clock.every(LOOK, () => void looked.then(look));
  return {
    looked,
    current: () => (isServing ? bus : undefined),
    stop: async () => {
      isStopped = true;
      end();
      bus?.close();
    },
  };
}

const OWNER_CHANGED =
  "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',member='NameOwnerChanged'";

/** What a signal says of Avahi; undefined where it is about something else. */
async function whatItTells({ interface: of, member, body }: Signal, bus: Bus) {
  const [first, , owner] = body;
  if (member === "NameOwnerChanged" && first === AVAHI) return owner !== "" && serves(bus);
  return of === SERVER && member === "StateChanged" ? first === RUNNING : undefined;
}

/** Avahi has its name on the bus and is past its own start. Nothing is started by asking. */
async function serves(bus: Bus): Promise<boolean> {
  const body = [AVAHI];
  const [has] = await bus.call({ ...BUS, member: "NameHasOwner", signature: "s", body });
  if (has !== true) return false;
  const [state] = await bus.call({ to: AVAHI, path: "/", interface: SERVER, member: "GetState" });
  return state === RUNNING;
}
