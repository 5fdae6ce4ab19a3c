/*
 * The configuration file as a schema: every key, what it takes, what it is without being said. The
 * only home of defaults; check.ts reads with it, json-schema.ts turns it into docs. It only checks
 * and never converts (settings.ts does), so that what editors see is what a person may write.
 */
import * as z from "zod";
import { ACCESS_CHOICE, ACCESS_WORDS, DEFAULT_ACCESS } from "../model/access.ts";
import { parseAddress, parseHostname } from "../model/hostname.ts";
import { parseOpenPath } from "../model/open-paths.ts";
import { parseOrigin } from "../model/origin.ts";
import { PRESETS } from "../model/preset.ts";
import { parseDomain } from "../model/scope.ts";
import { parseTarget } from "../model/target.ts";
import { parseZone } from "../model/zone.ts";
import { troubleOf } from "./trouble.ts";

/** The version of the file's form that this Genkan reads. */
export const CONFIG_VERSION = 1;

const PORT = "write a whole number from 1 to 65535";
const TARGET = "write a port (3000), host:port (nas:8080) or an address (https://nas:8443)";
const APP = `${TARGET}, or a block with 'target:' in it`;
const PRESET = `write one of ${PRESETS.join(", ")}`;
const HOST = "write a host name such as wiki.home.arpa";

const port = z.int({ error: PORT }).min(1, PORT).max(65535, PORT);
const target = text(TARGET, (value) => parseTarget(value));
const host = text(HOST, parseHostname);

/** One app in its long form. */
export const appSchema = z.strictObject(
  {
    target: z
      .union([port, target], { error: TARGET })
      .describe(
        "Where the app listens: a port of this machine, `host:port`, or an address with `http://` or `https://`.",
      )
      .meta({ examples: [3000, "nas:8080", "https://nas:8443"] }),
    hosts: z
      .array(host, { error: "write a list of host names, such as [wiki.home.arpa]" })
      .default([])
      .describe("Further names of the app, beside `NAME.local` and `NAME.localhost`.")
      .meta({ examples: [["openhands.yourdomain.local"]] }),
    insecure: z
      .boolean({ error: "write true or false" })
      .default(false)
      .describe(
        "For `https://` targets only: take any certificate the app shows, without checking.",
      ),
    access: z
      .enum(ACCESS_WORDS, { error: ACCESS_CHOICE })
      .default(DEFAULT_ACCESS)
      .describe(
        "Who may open the app. `household`: every device that was let in. `owner`: only devices of owners. `open`: everyone who reaches the door.",
      ),
    open_paths: z
      .array(text("write a path such as /webhook/*", parseOpenPath), {
        error: "write a list of paths, such as [/health, /webhook/*]",
      })
      .default([])
      .describe(
        "Paths in the app that everyone may open, whatever `access` says: a path, or with `/*` behind it everything below.",
      )
      .meta({ examples: [["/webhook/*"]] }),
    origins: z
      .array(text("write an origin such as https://board.local", parseOrigin), {
        error: "write a list of origins, such as [https://board.local]",
      })
      .default([])
      .describe(
        "Other sites whose pages may change things in this app or open WebSockets to it. Without them only the app's own pages may.",
      )
      .meta({ examples: [["https://board.local"]] }),
    preset: z
      .enum(PRESETS, { error: PRESET })
      .optional()
      .describe(
        "Which app it is, for those that Genkan knows more of ([apps.md](apps.md)); `genkan add` finds out by itself.",
      )
      .meta({ examples: ["openhands"] }),
    sandbox_origins: z
      .enum(["ports", "hosts"], { error: "write ports or hosts" })
      .optional()
      .describe(
        "For OpenHands: what the ports of its sandboxes become. `ports`, unless told: the app's name on further ports of the door. `hosts`: names below the app's, where you control DNS.",
      ),
  },
  { error: APP },
);

/** The DNS mode. */
export const dnsSchema = z.strictObject(
  {
    zone: text("write a zone such as box.home.arpa", parseZone)
      .describe(
        "A domain of this machine's own. Every app gets a name under it, beside the names it has.",
      )
      .meta({ examples: ["box.home.arpa"] }),
    port: port.default(53).describe("The port, for UDP and TCP. Routers and devices ask 53."),
    addresses: z
      .array(text("write an address such as 192.168.1.10", parseAddress), {
        error: "write a list of addresses, such as [192.168.1.10]",
      })
      .default([])
      .describe("Where it listens; empty means the door's addresses, without loopback."),
  },
  { error: "write a block with 'zone:' in it" },
);

/** The whole file. */
export const configSchema = z
  .strictObject(
    {
      version: z
        .literal(CONFIG_VERSION, { error: `write ${CONFIG_VERSION}` })
        .default(CONFIG_VERSION)
        .describe("The form this file is written in."),
      authority: choice(["own", "mkcert"])
        .default("own")
        .describe(
          "Whose certificates the door shows. `own`: Genkan's authority, which can vouch for home names only. `mkcert`: this machine's mkcert root, which could vouch for any site in the world.",
        ),
      engine: choice(["node", "nginx"])
        .default("node")
        .describe(
          "What moves the bytes. `node`: the built-in engine. `nginx`: this machine's nginx, run by the door with a configuration of its own.",
        ),
      addresses: z
        .array(text("write an address such as 192.168.1.10", parseAddress), {
          error: "write a list of addresses, such as [192.168.1.10]",
        })
        .default([])
        .describe("This machine's addresses to listen on; empty means all of them.")
        .meta({ examples: [["192.168.1.10", "127.0.0.1"]] }),
      https_port: port
        .optional()
        .describe("The port for https. Without it 443, or 8443 where 443 may not be used."),
      http_port: port
        .optional()
        .describe(
          "The port that sends plain http visitors to https. Without it 80, or 8080 where 80 may not be used.",
        ),
      domains: z
        .array(text("write a domain such as yourdomain.example", parseDomain), {
          error: "write a list of domains, such as [yourdomain.example]",
        })
        .default([])
        .describe(
          "Domains of yours, beyond the home ones, that a new authority may vouch for. An authority that exists already keeps what it was made for.",
        )
        .meta({ examples: [["yourdomain.example"]] }),
      dns: dnsSchema
        .optional()
        .describe(
          "Makes the door a small name server for a zone of its own, for a router that passes the zone on, or for devices that ask it directly.",
        )
        .meta({ examples: [{ zone: "box.home.arpa" }] }),
      docker: z
        .union([z.boolean(), z.literal("auto")], { error: "write auto, true or false" })
        .default("auto")
        .describe(
          "Whether containers get names at the door. `auto`: those with `genkan.` labels, where Docker is there. `true`: also those that already tell nginx-proxy, Traefik or Caddy their names. `false`: Docker is not asked. See [docker.md](docker.md).",
        ),
      apps: z
        .record(z.string(), z.union([port, target, appSchema], { error: APP }), {
          error: "write a block with one line for each app, such as 'wiki: 8080'",
        })
        .nullable()
        .default({})
        .describe("The apps by name. Short form `wiki: 8080`, or a block with the keys below.")
        .meta({ examples: [{ wiki: 8080, nas: { target: "https://nas:8443", insecure: true } }] }),
    },
    { error: "write keys with their values, such as 'apps:'" },
  )
  .meta({
    title: "Genkan's configuration (genkan.yaml)",
    description: "What the door opens, and how.",
  });

export type ConfigFile = z.output<typeof configSchema>;

/** The keys there are, for did-you-mean. */
export const KNOWN_KEYS = {
  top: Object.keys(configSchema.shape),
  app: Object.keys(appSchema.shape),
  dns: Object.keys(dnsSchema.shape),
} as const;

/** A text that `parse` takes; what it throws becomes the issue. */
function text(allowed: string, parse: (value: string) => unknown): z.ZodString {
  return z.string({ error: allowed }).check(({ value, issues }) => {
    const trouble = troubleOf(() => parse(value));
    if (trouble === undefined) return;
    const message = `${trouble.message} ${trouble.fix}`;
    issues.push({ code: "custom", input: value, message, continue: true });
  });
}

/** One of a few words; `why` has a sentence for words that are known and still not possible. */
function choice<const T extends readonly [string, ...string[]]>(
  words: T,
  why: Readonly<Record<string, string>> = {},
): z.ZodEnum<z.core.util.ToEnum<T[number]>> {
  return z.enum(words, {
    error: ({ input }) =>
      typeof input === "string" && Object.hasOwn(why, input)
        ? why[input]
        : `write ${words.join(" or ")}`,
  });
}
