/*
 * `genkan root`: shows the authority, also as a QR code for other devices (--qr), or makes one (--create,
 * --replace).
 */
import { loadConfig } from "../../config/load.ts";
import { findAuthority } from "../../daemon/authority.ts";
import { doorControl, statusIfOpen } from "../../daemon/control/client.ts";
import { plainOriginOf } from "../../daemon/shown-address.ts";
import { silentLog } from "../../kernel/log.ts";
import { doorLink } from "../../model/door-link.ts";
import { type Authority, createAuthority } from "../../pki/authority.ts";
import {
  type Answer,
  type Context,
  flagOption,
  type Input,
  listOption,
  type Options,
  textOption,
} from "../command.ts";
import { cliErrors } from "../errors.ts";
import { qrText } from "../qr-text.ts";

export async function run(context: Context, input: Input): Promise<Answer> {
  const { options } = input;
  const [what] = input.args;
  const isReplacing = flagOption(options, "replace");
  const isMaking = flagOption(options, "create") || isReplacing;
  if (!isMaking) refuseWishes(options);
  if (flagOption(options, "qr")) return code(context);
  const authority = isMaking ? await make(context, options, isReplacing) : await find(context);
  if (flagOption(options, "pem"))
    return { text: authority.root.pem, data: { pem: authority.root.pem } };
  return what === undefined ? whole(authority) : part(authority, what);
}

/** What only a new authority can be given. Passed over in silence, it would be believed. */
function refuseWishes(options: Options): void {
  const isWish =
    listOption(options, "domain").length > 0 || textOption(options, "keepRootKey") !== undefined;
  if (!isWish) return;
  const why = "--domain and --keep-root-key go with --create or --replace only.";
  throw cliErrors.USAGE({ why, command: "genkan root" });
}

const PASSPHRASE = "Passphrase for the root's key (it is not shown while you type):";

async function find(context: Context): Promise<Authority> {
  const { settings } = await loadConfig(context.paths.config);
  const authority = await findAuthority(settings, { ...context, log: silentLog });
  if (!authority) throw cliErrors.ROOT_NOT_MADE({});
  return authority;
}

async function make(context: Context, options: Options, replace: boolean): Promise<Authority> {
  const { settings } = await loadConfig(context.paths.config);
  if (replace) {
    // The one that is there may be damaged: that is what replacing is for.
    if (await statusIfOpen(context.paths)) throw cliErrors.ROOT_IN_USE({});
  } else {
    const there = await findAuthority({ authority: "own" }, { ...context, log: silentLog });
    if (there) throw cliErrors.ROOT_EXISTS({ path: there.root.path });
  }
  const file = textOption(options, "keepRootKey");
  const keep =
    file === undefined
      ? {}
      : { keepRootKey: { file, passphrase: await context.askSecret(PASSPHRASE) } };
  return createAuthority({
    dir: context.paths.pki,
    clock: context.clock,
    log: silentLog,
    domains: [...settings.domains, ...listOption(options, "domain")],
    label: context.host.name,
    replace,
    ...keep,
  });
}

/** Of the open door: where it is found is the other half of what the code carries. */
async function code({ paths, terminal }: Context): Promise<Answer> {
  const status = await doorControl(paths).status();
  const origin = plainOriginOf(status);
  if (origin === undefined) throw cliErrors.DOOR_ALONE({});
  const link = doorLink(origin, status.root.fingerprint);
  const picture = qrText(link, terminal ?? { columns: Infinity, hasColours: false });
  const why = "The terminal is too narrow for the code; the link is:";
  return { text: `${picture ?? why}\n\n${link}`, data: { link, origin, ...status.root } };
}

function part({ root }: Authority, what: string): Answer {
  const parts: Record<string, string> = {
    path: root.path,
    fingerprint: root.fingerprint256,
    words: root.words,
    pem: root.pem,
  };
  const text = parts[what];
  if (text === undefined) {
    const why = `${JSON.stringify(what)} is not a part of the root: it has ${Object.keys(parts).join(", ")}.`;
    throw cliErrors.USAGE({ why, command: "genkan root" });
  }
  return { text, data: { [what]: text } };
}

function whole({ kind, root, scope }: Authority): Answer {
  const until = new Date(root.notAfter).toISOString().slice(0, 10);
  const data = {
    kind,
    path: root.path,
    fingerprint: root.fingerprint256,
    words: root.words,
    scope: scope ?? null,
    notAfter: new Date(root.notAfter).toISOString(),
  };
  const may = scope
    ? [
        `May vouch  only for names under ${scope.dns.join(", ")}`,
        `           and addresses in ${scope.ip.join(", ")}`,
      ]
    : ["May vouch  for any site in the world: this mkcert root has no limits. Keep its key safe."];
  const text = [
    `Root       ${root.path}`,
    `SHA-256    ${root.fingerprint256}`,
    `Four words ${root.words}`,
    ...may,
    `Until      ${until}`,
  ].join("\n");
  return { text, data };
}
