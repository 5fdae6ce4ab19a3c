/*
 * `genkan hosts`: the lines a hosts file needs for names that mDNS cannot carry; printed for another
 * device, or kept as a marked block in this machine's own file.
 */
import { loadConfig } from "../../config/load.ts";
import { statusIfOpen } from "../../daemon/control/client.ts";
import { machineAddresses, shownAddresses } from "../../platform/network.ts";
import type { Host } from "../../platform/host.ts";
import { shellWord } from "../../platform/shell-word.ts";
import { PORTAL_HOSTS } from "../../model/plan.ts";
import {
  addressesForClients,
  addressesForThisMachine,
  type Listening,
} from "../../naming/hosts-file/addresses.ts";
import { blockIdOf } from "../../naming/hosts-file/block.ts";
import { hostsFileErrors } from "../../naming/hosts-file/errors.ts";
import {
  type HostsFile,
  hostsFileOf,
  removeHosts,
  writeHosts,
} from "../../naming/hosts-file/hosts-file.ts";
import { type Names, namesForHostsFile } from "../../naming/hosts-file/names.ts";
import { type Answer, type Context, flagOption, type Input, textOption } from "../command.ts";
import { cliErrors } from "../errors.ts";
import { contextOfPerson } from "../trust-world.ts";

export async function run(caller: Context, { options }: Input): Promise<Answer> {
  const { context } = await contextOfPerson(caller);
  const [write, remove] = [flagOption(options, "write"), flagOption(options, "remove")];
  const file = textOption(options, "file");
  refuseTogether([write, remove, flagOption(options, "print")], file);
  const path = file ?? hostsFileOf(context.host);
  if (remove) return takeAway(context, hostsFile(context.host, path, "--remove"));
  const names = namesForHostsFile(await hostsOf(context), flagOption(options, "all"));
  const where = await listeningOf(context);
  // A file of another system, or of another resolver, needs what another device needs.
  const isOwn = write && file === undefined;
  const addresses = isOwn ? addressesForThisMachine(where) : addressesForClients(where);
  if (addresses.length === 0 && names.wanted.length > 0) {
    throw hostsFileErrors.HOSTS_NO_ADDRESS({ why: whyNoAddress(where) });
  }
  const lines = names.wanted.flatMap((name) => addresses.map((address) => `${address} ${name}`));
  const data = { addresses, names: names.wanted, announced: names.announced };
  if (!write) return print(context, names, { lines, data });
  return keep(context, { lines, data }, hostsFile(context.host, path, "--write"));
}

interface Lines {
  readonly lines: readonly string[];
  readonly data: object;
}

function print(context: Context, names: Names, { lines, data }: Lines): Answer {
  if (lines.length === 0) {
    context.note(NOTHING);
    return { data: { ...data, lines } };
  }
  context.note(WHERE);
  if (names.announced.length > 0)
    context.note(
      `Left out, as mDNS carries them: ${names.announced.join(", ")} (all: genkan hosts --all)`,
    );
  const head = `# Names of the door on ${context.host.name} that need a line in a hosts file`;
  return { text: [head, ...lines].join("\n"), data: { ...data, lines } };
}

const NOTHING =
  "No name needs a line in a hosts file: every name is carried by mDNS. For devices without it: genkan hosts --all";
const WHERE =
  "Add these lines to the device's hosts file: /etc/hosts on Linux and macOS, C:\\Windows\\System32\\drivers\\etc\\hosts on Windows.";

async function keep(context: Context, { lines, data }: Lines, file: HostsFile): Promise<Answer> {
  const { state } = context.paths;
  const id = blockIdOf(state);
  const isChanged =
    lines.length > 0
      ? await writeHosts(file, { id, home: state, lines })
      : await removeHosts(file, id);
  const says = isChanged ? `${file.path} is up to date.` : `${file.path} was up to date already.`;
  const text = lines.length > 0 ? says : `${NOTHING}\n${says}`;
  return { text, data: { ...data, file: file.path, changed: isChanged } };
}

async function takeAway({ paths }: Context, file: HostsFile): Promise<Answer> {
  const isChanged = await removeHosts(file, blockIdOf(paths.state));
  const text = isChanged
    ? `The lines of this door are gone from ${file.path}.`
    : `${file.path} has no lines of this door.`;
  return { text, data: { file: file.path, changed: isChanged } };
}

/** Every name of the open door, or of the configuration. */
async function hostsOf({ paths }: Context): Promise<readonly string[]> {
  const status = await statusIfOpen(paths);
  if (status) return [...PORTAL_HOSTS, ...status.apps.flatMap((app) => app.hosts)];
  const { settings } = await loadConfig(paths.config);
  const ofApps = settings.apps.flatMap((app) => [`${app.name}.local`, ...app.hosts]);
  return [...PORTAL_HOSTS, ...ofApps];
}

async function listeningOf({ paths }: Context): Promise<Listening> {
  const status = await statusIfOpen(paths);
  const listening = status
    ? status.listening.filter(({ secure }) => secure).map(({ address }) => address)
    : (await loadConfig(paths.config)).settings.addresses;
  return { listening, shown: shownAddresses(), own: machineAddresses() };
}

/** The file, and the same command with the right to write it; sudo keeps no environment. */
function hostsFile(host: Host, path: string, option: string): HostsFile {
  const more = path === hostsFileOf(host) ? "" : ` --file ${shellWord(path)}`;
  const home = host.env["GENKAN_HOME"];
  const env = home ? `env GENKAN_HOME=${shellWord(home)} ` : "";
  const command =
    host.os === "windows"
      ? `Run it in a terminal opened as administrator: genkan hosts ${option}${more}`
      : `sudo ${env}genkan hosts ${option}${more}`;
  return { path, command };
}

function refuseTogether(ways: readonly boolean[], file: string | undefined): void {
  const command = "genkan hosts";
  if (ways.filter(Boolean).length > 1) {
    const why = "--print, --write and --remove are three ways; choose one.";
    throw cliErrors.USAGE({ why, command });
  }
  const [write, remove] = ways;
  if (file !== undefined && !write && !remove) {
    throw cliErrors.USAGE({ why: "--file goes with --write or --remove.", command });
  }
}

function whyNoAddress({ listening, shown }: Listening): string {
  if (shown.length === 0) return "this machine is on no network";
  return `it listens on ${listening.join(" and ")} only`;
}
