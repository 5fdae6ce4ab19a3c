/*
 * How to tell that one app is well, along the chain: it listens, the door carries it, its name
 * resolves here, and nobody reaches it around the door.
 */
import { lookup } from "node:dns/promises";
import type { Check, Finding } from "../kernel/check.ts";
import { codeOf, messageOf } from "../kernel/errors.ts";
import type { AppStatus, DoorStatus } from "./control/protocol.ts";
import { unwell, well } from "./checks.ts";
import { placeOf, probe, type ProbeAnswer } from "./probe.ts";
import { shownAddress } from "./shown-address.ts";

/** A TCP port somebody listens on. */
interface Listener {
  readonly port: number;
  readonly addresses: readonly string[];
}

export interface AppChecksNeeds {
  readonly status: DoorStatus;
  readonly rootPem: string;
  readonly listening: () => Promise<readonly Listener[]>;
  readonly machineAddresses: () => readonly string[];
}

export function appChecks(app: AppStatus, needs: AppChecksNeeds): Check[] {
  const id = (what: string): string => `app.${app.name}.${what}`;
  return [
    {
      id: id("upstream"),
      title: `${app.name} listens at ${app.upstream}`,
      dependsOn: ["door.open"],
      look: async () =>
        app.reachable
          ? well()
          : unwell(
              `Nothing accepts connections at ${app.upstream}, where ${app.name} should be.`,
              `Start ${app.name}, or correct where it is: genkan remove ${app.name}, then genkan add ${app.name} TARGET`,
            ),
    },
    {
      id: id("https"),
      title: `${app.name} answers through the door`,
      dependsOn: ["door.answers", id("upstream")],
      look: (signal) => lookThrough(app, needs, signal),
    },
    {
      id: id("name"),
      title: `${app.hosts[0]} resolves on this machine`,
      look: () => lookAtName(app, needs),
    },
    {
      id: id("around"),
      title: `${app.name} is reached through the door only`,
      dependsOn: [id("upstream")],
      look: () => lookAround(app, needs),
    },
  ];
}

async function lookThrough(
  app: AppStatus,
  { status, rootPem }: AppChecksNeeds,
  signal: AbortSignal,
): Promise<Finding> {
  const at = placeOf(status);
  const name = app.hosts[0];
  if (!at || name === undefined) return { state: "unknown", why: "there is nothing to ask" };
  try {
    const answer = await probe({ at, name, path: "/", rootPem, signal });
    if (app.access !== "open") return lookAtStranger(app, answer);
    if (answer.problem === undefined) return well(`it answered ${answer.status}`);
    return unwell(
      `The door could not carry ${app.name}: ${answer.problem}.`,
      "See why",
      "genkan logs",
    );
  } catch (thrown) {
    return unwell(`Asking for ${name} failed: ${messageOf(thrown)}.`, "See why", "genkan logs");
  }
}

/** Doctor shows nothing of who it is. What comes back is the gate's word, and the app's never. */
function lookAtStranger({ name, access }: AppStatus, { problem, status }: ProbeAnswer): Finding {
  if (problem === "DOOR_SIGN_IN_NEEDED") return well("strangers are asked to sign in");
  if (problem !== undefined)
    return unwell(`The door could not carry ${name}: ${problem}.`, "See why", "genkan logs");
  return unwell(
    `${name} is for ${access === "owner" ? "owners" : "the household"}, and answered a stranger (${status}).`,
    "Close the door until this is mended, and tell its makers",
    "genkan stop",
  );
}

async function lookAtName(app: AppStatus, needs: AppChecksNeeds): Promise<Finding> {
  const name = app.hosts[0] ?? app.name;
  const here = app.hosts.find((host) => host.endsWith(".localhost"));
  const address = shownAddress(needs.status) ?? "127.0.0.1";
  const fix = {
    says: `Until names are announced on the network, add a line to each device's hosts file (on this machine https://${here} works as it is)`,
    command: `echo '${address} ${name}' | sudo tee -a /etc/hosts`,
  };
  const low = (says: string): Finding => ({ state: "unwell", severity: "low", says, fix });
  try {
    const found = await lookup(name, { all: true });
    const own = [...needs.machineAddresses(), "127.0.0.1", "::1"];
    const foreign = found.find((entry) => !own.includes(entry.address));
    if (!foreign) return well(found.map((entry) => entry.address).join(", "));
    return low(`${name} leads to ${foreign.address}, which is not this machine.`);
  } catch (thrown) {
    const code = codeOf(thrown);
    if (code === "ENOTFOUND" || code === "EAI_AGAIN") return low(`${name} does not resolve here.`);
    throw thrown;
  }
}

async function lookAround(app: AppStatus, needs: AppChecksNeeds): Promise<Finding> {
  const { hostname, port, protocol } = new URL(app.upstream);
  if (!/^(?:(?:.*\.)?localhost$|127\.|\[::1\])/.test(hostname))
    return well("it runs on another machine");
  const number = Number(port || (protocol === "https:" ? 443 : 80));
  const listener = (await needs.listening()).find((entry) => entry.port === number);
  const wide = listener?.addresses.filter((address) => !/^(?:127\.|::1$)/.test(address)) ?? [];
  if (wide.length === 0) return well("it listens on this machine's own address only");
  return {
    state: "unwell",
    severity: "low",
    says: `${app.name} also listens on ${wide.join(", ")}: other devices reach port ${number} around the door.`,
    fix: {
      says: `Let it listen on 127.0.0.1 only; with Docker, publish it as 127.0.0.1:${number}:${number}`,
    },
  };
}
