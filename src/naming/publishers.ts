/*
 * Who announces the names on this machine: Avahi where it runs, macOS' own responder there, else ours.
 */
import { messageOf } from "../kernel/errors.ts";
import type { Bus } from "./avahi/bus.ts";
import type { AvahiWatch } from "./avahi/watch.ts";
import { createDnsSdPublisher } from "./dns-sd.ts";
import type { NamingNeeds } from "./needs.ts";
import type { Publisher, PublisherEvents } from "./publisher.ts";
import { createResponder } from "./responder/responder.ts";

export interface PublishersSpec extends NamingNeeds {
  readonly events: PublisherEvents;
  /** Another machine's address for a name. */
  readonly ownerOf: (name: string) => Promise<string | undefined>;
  readonly isOurs: (address: string) => boolean;
  /** The choice may be another one now. */
  readonly onChange: () => void;
}

export interface Publishers {
  /** The one to use now; the same as before where that still serves. */
  choose(before: Publisher | undefined): Promise<Publisher>;
  /** It would not do its work: another one is chosen until the system's responder has started anew. */
  refuse(publisher: Publisher, why: unknown): void;
  stop(): Promise<void>;
}

export function createPublishers(spec: PublishersSpec): Publishers {
  const { host, log } = spec;
  let avahi: AvahiWatch | undefined;
  let refused: Bus | "dns-sd" | undefined;
  let madeFor: Bus | undefined;

  const avahiBus = async (): Promise<Bus | undefined> => {
    if (host.os !== "linux") return undefined;
    // The D-Bus library is slow to load, and a door of this machine alone never needs it.
    const { watchAvahi } = await import("./avahi/watch.ts");
    avahi ??= watchAvahi({
      ...spec,
      address: host.env["DBUS_SYSTEM_BUS_ADDRESS"] ?? SYSTEM_BUS,
      onChange: () => {
        refused = undefined;
        madeFor = undefined; // a new Avahi knows nothing of what the old one was told
        spec.onChange();
      },
    });
    await avahi.looked;
    return avahi.current();
  };
  /** The system's own responder, where there is one that serves. */
  const system = async (before: Publisher | undefined): Promise<Publisher | undefined> => {
    const bus = await avahiBus();
    if (bus && bus !== refused) {
      if (before?.by === "avahi" && madeFor === bus) return before;
      madeFor = bus;
      const { createAvahiPublisher } = await import("./avahi/publisher.ts");
      return createAvahiPublisher({ ...spec, bus });
    }
    if (host.os !== "macos" || refused === "dns-sd") return undefined;
    if (before?.by === "dns-sd") return before;
    return createDnsSdPublisher({ ...spec, port: spec.listen.httpsPort });
  };
  return {
    choose: async (before) => {
      const theirs = await system(before);
      if (theirs) return theirs;
      if (before?.by === "own") return before;
      return createResponder({ ...spec, zonesAreNumbers: host.os === "windows" });
    },
    refuse: ({ by }, why) => {
      log.warn("publisher.refused", { by, why: messageOf(why) });
      if (by === "avahi") refused = madeFor;
      if (by === "dns-sd") refused = "dns-sd";
    },
    stop: async () => {
      await avahi?.stop();
    },
  };
}

/** D-Bus specification, "Well-known Message Bus Instances", in the place systems have it now. */
const SYSTEM_BUS = "unix:path=/run/dbus/system_bus_socket";
