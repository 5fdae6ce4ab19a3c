/*
 * The table of commands: what each is called, takes and does, in one line. `program.ts` gives it
 * to the parser; the code behind a row is loaded only when that row is asked for.
 */
import type { Command } from "./command.ts";

export interface OptionSpec {
  /** As commander writes it: `--out <dir>`. */
  readonly flags: string;
  readonly says: string;
  /** `port` is checked to be 1..65535; `list` may be given several times. */
  readonly kind?: "port" | "list" | "count";
  readonly choices?: readonly string[];
}

export interface CommandSpec {
  /** Name and operands as commander writes them: `add <name> <target>`. */
  readonly usage: string;
  readonly says: string;
  readonly options?: readonly OptionSpec[];
  readonly examples?: readonly string[];
  /** It goes on until a signal, and then ends by itself; all others are ended by the signal. */
  readonly endsGently?: true;
  readonly load: () => Promise<{ run: Command }>;
}

const JSON_OPTION: OptionSpec = { flags: "--json", says: "answer as JSON" };
const DRY_RUN: OptionSpec = { flags: "--dry-run", says: "say what would be done, change nothing" };

export const COMMANDS: readonly CommandSpec[] = [
  {
    usage: "up [app...]",
    says: "open the door, here, until it is stopped",
    options: [
      { flags: "--https-port <port>", says: "the secure port (443, or 8443)", kind: "port" },
      {
        flags: "--http-port <port>",
        says: "the plain port that redirects (80, or 8080)",
        kind: "port",
      },
      { flags: "--address <ip>", says: "listen on this address only (repeatable)", kind: "list" },
      {
        flags: "--access <who>",
        says: "who may open the apps named here: household, owner, or open (everyone)",
      },
      {
        flags: "--engine <engine>",
        says: "what moves the bytes (nginx: experimental)",
        choices: ["node", "nginx"],
      },
      { flags: "--json", says: "one line of JSON when the door is open" },
    ],
    examples: [
      "genkan up",
      "genkan up openhands",
      "genkan up openhands=3000",
      "genkan up wiki=nas:8080 3000",
    ],
    endsGently: true,
    load: () => import("./commands/up.ts"),
  },
  {
    usage: "add <name> <target>",
    says: "give an app a name at the door; an open door follows at once",
    options: [
      {
        flags: "--host <host>",
        says: "a further name, such as wiki.home.arpa (repeatable)",
        kind: "list",
      },
      { flags: "--access <who>", says: "who may open it: household, owner, or open (everyone)" },
      {
        flags: "--open-path <path>",
        says: "what everyone may open in it, such as /webhook/* (repeatable)",
        kind: "list",
      },
      { flags: "--insecure", says: "for https targets: take any certificate" },
      {
        flags: "--preset <preset>",
        says: "which app it is, or none; without it Genkan looks by itself",
      },
      JSON_OPTION,
    ],
    examples: [
      "genkan add openhands 3000 --host openhands.yourdomain.local",
      "genkan add nas https://nas:5001 --insecure",
    ],
    load: () => import("./commands/add.ts"),
  },
  {
    usage: "remove <name>",
    says: "take an app away",
    options: [JSON_OPTION],
    load: () => import("./commands/remove.ts"),
  },
  {
    usage: "list",
    says: "the apps in the configuration",
    options: [JSON_OPTION],
    load: () => import("./commands/list.ts"),
  },
  {
    usage: "status",
    says: "the open door: addresses, apps, troubles",
    options: [JSON_OPTION],
    load: () => import("./commands/status.ts"),
  },
  {
    usage: "stop",
    says: "close the door; running exchanges may end",
    options: [JSON_OPTION],
    load: () => import("./commands/stop.ts"),
  },
  {
    usage: "logs",
    says: "what happened at the door",
    options: [
      { flags: "-n, --lines <count>", says: "how many entries (50)", kind: "count" },
      { flags: "-f, --follow", says: "go on as more happens" },
      { flags: "--audit", says: "who was let in, who was refused, what was changed" },
      { flags: "--json", says: "entries as JSON lines" },
    ],
    endsGently: true,
    load: () => import("./commands/logs.ts"),
  },
  {
    usage: "doctor [name]",
    says: "look at the whole chain and name the first thing to fix",
    options: [
      { flags: "--deep", says: "with an app of OpenHands: begin a conversation, and delete it" },
      JSON_OPTION,
    ],
    examples: ["genkan doctor", "genkan doctor openhands --deep"],
    endsGently: true,
    load: () => import("./commands/doctor.ts"),
  },
  {
    usage: "root [what]",
    says: "the authority: path, fingerprint, four words, what it may vouch for",
    options: [
      { flags: "--pem", says: "print the root certificate" },
      { flags: "--qr", says: "a code for a phone: the open door's address and the fingerprint" },
      { flags: "--create", says: "make the authority now" },
      { flags: "--replace", says: "make a new one; every device must trust it anew" },
      {
        flags: "--domain <domain>",
        says: "with --create: a further domain it may vouch for (repeatable)",
        kind: "list",
      },
      {
        flags: "--keep-root-key <file>",
        says: "with --create: export the root's key, encrypted, instead of destroying it",
      },
      JSON_OPTION,
    ],
    examples: ["genkan root", 'curl --cacert "$(genkan root path)" https://hello.localhost'],
    load: () => import("./commands/root.ts"),
  },
  {
    usage: "cert <name...>",
    says: "write NAME.pem and NAME-key.pem for use in another server",
    options: [{ flags: "--out <dir>", says: "where to (this folder)" }, JSON_OPTION],
    load: () => import("./commands/cert.ts"),
  },
  {
    usage: "export <kind>",
    says: "print the apps as a site for a server of your own (nginx)",
    options: [
      { flags: "--out <file>", says: "write it there; certificates are looked for beside it" },
      { flags: "--nginx-version <version>", says: "for this nginx, not the one that is here" },
      { flags: "--https-port <port>", says: "the secure port (443)", kind: "port" },
      { flags: "--http-port <port>", says: "the plain port that redirects (80)", kind: "port" },
      JSON_OPTION,
    ],
    examples: ["genkan export nginx --out openhands.conf"],
    load: () => import("./commands/export.ts"),
  },
  {
    usage: "trust [url]",
    says: "make this machine trust the door's root (or, with a URL, another door's)",
    options: [
      {
        flags: "--fingerprint <sha256>",
        says: "with a URL: the fingerprint its owner reads to you",
      },
      DRY_RUN,
      JSON_OPTION,
    ],
    load: () => import("./commands/trust.ts"),
  },
  {
    usage: "untrust",
    says: "take the root out of this machine's stores",
    options: [DRY_RUN, JSON_OPTION],
    load: () => import("./commands/untrust.ts"),
  },
  {
    usage: "pair",
    says: "let a device in: a code for its camera, and six digits",
    options: [
      { flags: "--guest <time>", says: "as a guest, whose time ends by itself (2d, 12h, 90m)" },
      { flags: "--owner", says: "as an owner, who may let others in" },
      { flags: "--name <name>", says: "what it will be called" },
      { flags: "--wait", says: "stay until it is in" },
      JSON_OPTION,
    ],
    examples: ["genkan pair", 'genkan pair --guest 2d --name "kitchen tablet"'],
    endsGently: true,
    load: () => import("./commands/pair.ts"),
  },
  {
    usage: "devices",
    says: "the devices that were let in",
    options: [JSON_OPTION],
    load: () => import("./commands/devices.ts"),
  },
  {
    usage: "revoke <device>",
    says: "put a device out, at once",
    options: [JSON_OPTION],
    examples: ['genkan revoke "kitchen tablet"'],
    load: () => import("./commands/revoke.ts"),
  },
  {
    usage: "token [name]",
    says: "tokens that let programs in: list, make, take away",
    options: [
      { flags: "--app <app>", says: "an app it opens (repeatable)", kind: "list" },
      { flags: "--expires <time>", says: "how long it is good (90d); for ever unless told" },
      { flags: "--remove", says: "take it away" },
      JSON_OPTION,
    ],
    examples: ["genkan token", "genkan token backup --app wiki --expires 90d"],
    load: () => import("./commands/token.ts"),
  },
  {
    usage: "hosts",
    says: "lines for a hosts file, for names that mDNS cannot carry",
    options: [
      { flags: "--print", says: "print the lines another device needs (this is the default)" },
      { flags: "--write", says: "keep them as a marked block in this machine's hosts file" },
      { flags: "--remove", says: "take that block away" },
      { flags: "--all", says: "also names that mDNS carries, for devices without it" },
      { flags: "--file <file>", says: "with --write, --remove: another file than this machine's" },
      JSON_OPTION,
    ],
    load: () => import("./commands/hosts.ts"),
  },
  {
    usage: "openhands <what>",
    says: "OpenHands, started so that only the door leads to it: start, stop, status",
    options: [
      {
        flags: "--generation <generation>",
        says: "start: which OpenHands (canvas, unless told)",
        choices: ["canvas", "1", "0.36"],
      },
      {
        flags: "--projects <dir>",
        says: "start: the folder it may work in (~/projects for canvas)",
      },
      { flags: "--port <port>", says: "start: its port on this machine", kind: "port" },
      { flags: "--print", says: "start: print the docker command, run nothing" },
      JSON_OPTION,
    ],
    examples: [
      "genkan openhands start",
      "genkan openhands start --generation 0.36 --print",
      "genkan openhands status",
    ],
    endsGently: true,
    load: () => import("./commands/openhands.ts"),
  },
];
