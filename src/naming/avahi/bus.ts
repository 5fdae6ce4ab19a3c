/*
 * The system bus, as little of it as Avahi needs: method calls, signals, the end of the connection.
 * The only file that knows the D-Bus library.
 */
import type { EventEmitter } from "node:events";
import { DBusError, Message, type MessageBus, sessionBus } from "@jellybrick/dbus-next";
import { messageOf } from "../../kernel/errors.ts";

interface Call {
  readonly to: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  /** D-Bus types of the arguments, one letter each. */
  readonly signature?: string;
  readonly body?: readonly unknown[];
}

export interface Signal {
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly body: readonly unknown[];
}

export interface Bus {
  /**
   * Calls a method of a service that runs; none is started for it.
   * @throws BusError where it says no; Error where nobody answers in time.
   */
  call(call: Call): Promise<readonly unknown[]>;
  /** Signals that were asked for by AddMatch. @returns ends it. */
  onSignal(hear: (signal: Signal) => void): () => void;
  /** Resolves, with the reason, when the connection is lost. */
  readonly lost: Promise<string>;
  close(): void;
}

/** A service's "no", by its D-Bus error name: `org.freedesktop.Avahi.CollisionError`. */
export class BusError extends Error {
  override readonly name = "BusError";
  readonly kind: string;

  constructor(error: DBusError) {
    super(error.text || error.type, { cause: error });
    this.kind = error.type;
  }
}

/** Milliseconds an answer on this machine may take. */
const PATIENCE = 5_000;
/** D-Bus specification, "Message Format": flag 0x2, NO_AUTO_START. */
const NO_AUTO_START = 2;

/** @param address of the bus: `unix:path=/run/dbus/system_bus_socket`. @throws where it cannot be reached. */
export async function connectBus(address: string): Promise<Bus> {
  const bus = sessionBus({ busAddress: address }); // it connects to any bus; only its default is the session's
  let tell: (why: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => (tell = resolve));
  // Its types leave out the events of every emitter.
  const emitter: EventEmitter = bus as unknown as EventEmitter;
  emitter.on("error", (error: unknown) => tell(messageOf(error)));
  const connected = new Promise<void>((resolve) => bus.once("connect", resolve));
  const failed = lost.then((why) => Promise.reject(new Error(why)));
  failed.catch(() => undefined); // after the connection is made, `lost` tells the same
  try {
    await inTime(Promise.race([connected, failed]), "Hello");
  } catch (thrown) {
    bus.disconnect();
    throw thrown;
  }
  return {
    lost,
    call: (call) => callOn(bus, call),
    onSignal: (hear) => {
      const listen = (message: Message): void => {
        if (message.type === SIGNAL) hear(message);
      };
      bus.on("message", listen);
      return () => bus.off("message", listen);
    },
    close: () => bus.disconnect(),
  };
}

/** D-Bus specification, "Message Format": message type 4. */
const SIGNAL = 4;

async function callOn(bus: MessageBus, call: Call): Promise<readonly unknown[]> {
  const { to: destination, path, member, signature = "", body = [] } = call;
  const message = new Message({
    destination,
    path,
    interface: call.interface,
    member,
    signature,
    body: [...body],
    flags: NO_AUTO_START,
  });
  try {
    const reply = await inTime(bus.call(message), member);
    return reply?.body ?? [];
  } catch (thrown) {
    throw thrown instanceof DBusError ? new BusError(thrown) : thrown;
  }
}

async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} was not answered in time`)), PATIENCE);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
