/*
 * A problem in words, for the page and for programs alike. What a visitor sent (host, path,
 * headers) is never part of them; names and targets come from the plan.
 */
import { formatTarget } from "../model/target.ts";
import type { Problem } from "./needs.ts";

export interface Words {
  /** Headline: what is the matter. */
  readonly title: string;
  /** What happened, a sentence or two. */
  readonly says: string;
  /** What to do. */
  readonly fix: string;
  /** To be pasted on the machine the door runs on. */
  readonly commands: readonly string[];
}

export function wordsOf(problem: Problem): Words {
  if (problem.status === 508) return circle(problem);
  if (problem.app && problem.blame === "app") return appWords(problem.app, problem);
  const row = BY_CODE[problem.code] ?? BY_STATUS[problem.status] ?? BY_BLAME[problem.blame];
  const [title, says, fix, ...commands] = row;
  return { title, says, fix, commands };
}

type App = NonNullable<Problem["app"]>;

/** `found` says what the door found, `title` and `fix` follow from it; by the engine's code. */
interface AppTrouble {
  readonly title: (name: string) => string;
  readonly found: string;
  readonly fix: (name: string) => string;
}

const ASK = "ask the machine the door runs on:";
const NOT_THERE: AppTrouble = {
  title: (name) => `${name} does not answer`,
  found: "could not reach it",
  fix: (name) => `Is ${name} running? Start it, or ${ASK}`,
};
const APP_TROUBLES: Readonly<Record<string, AppTrouble>> = {
  APP_SILENT: {
    title: (name) => `${name} takes too long`,
    found: "got no answer in time",
    fix: () => `It may be starting or busy: wait a little. If it stays like this, ${ASK}`,
  },
  APP_CLOSED: {
    title: (name) => `${name} hung up`,
    found: "was cut off before an answer came",
    fix: (name) => `${name} may be starting anew: wait a little. If it stays like this, ${ASK}`,
  },
  APP_TLS: {
    title: (name) => `${name} cannot be trusted as it is`,
    found: "did not go on",
    fix: () => `Set that right where the app is set up. To see what the door sees, ${ASK}`,
  },
  APP_GARBAGE: {
    title: (name) => `${name} gave no proper answer`,
    found: "cannot make sense of what came back",
    fix: (name) => `Is it ${name} that listens there, and does it speak HTTP? To see more, ${ASK}`,
  },
};

function appWords({ name, upstream }: App, { code, why }: Problem): Words {
  const { title, found, fix } = APP_TROUBLES[code] ?? NOT_THERE;
  const because = why === undefined ? "" : `: ${why}`;
  return {
    title: title(name),
    says: `The door is open, looked for ${name} at ${formatTarget(upstream)} and ${found}${because}.`,
    fix: fix(name),
    commands: ["genkan status", `genkan doctor ${name}`],
  };
}

function circle({ app }: Problem): Words {
  const name = app?.name ?? "NAME";
  const where = app
    ? `${app.name} is to be found at ${formatTarget(app.upstream)}, but that`
    : "It";
  return {
    title: "This way leads back to the door",
    says: `${where} is the door itself, so the request would go round for ever.`,
    fix: "Give it the port on which the app itself listens:",
    commands: [`genkan remove ${name}`, `genkan add ${name} PORT`],
  };
}

type Row = readonly [title: string, says: string, fix: string, ...commands: string[]];

const UNREADABLE =
  "Send it again as HTTP allows; the door refuses what two readers could read in two ways.";
const BROKEN_DOOR: Row = [
  "The door stumbled",
  "Something went wrong inside the door itself; the app was not to blame.",
  "Try again. If it comes back, its log tells more under the id below:",
  "genkan logs",
];

/** What the gate and the pages of sign-in say. */
const BY_CODE: Readonly<Record<string, Row>> = {
  DOOR_SIGN_IN_NEEDED: [
    "Sign in first",
    "This app is for devices that were let in, and this one is not signed in. Nothing of what was sent reached the app.",
    "Sign in, then do it once more.",
  ],
  DOOR_OWNERS_ONLY: [
    "For owners only",
    "This app is for the devices of owners. This device was let in, and is not one of them.",
    "Ask an owner. On the machine the door runs on, this shows the devices there are:",
    "genkan devices",
  ],
  DOOR_OTHER_APP: [
    "This token is for other apps",
    "A program showed a token that is good, and not for this app.",
    "Make it one for this app, on the machine the door runs on. How:",
    "genkan help token",
  ],
  DOOR_CLOSED: [
    "Nobody gets in at the moment",
    "The door cannot read what it keeps of who may come in, so it lets nobody in.",
    "See why, on the machine the door runs on:",
    "genkan doctor",
  ],
  DOOR_NOT_KEPT: [
    "The door could not write that down",
    "Nothing has changed: what is not on its disk is not so.",
    "See what is in the way, on the machine the door runs on:",
    "genkan doctor",
  ],
  PORTAL_OWNERS_ONLY: [
    "For owners only",
    "Only a device of an owner lets others in or takes them away. This one was let in, and is not one of them.",
    "Do it on an owner's device, or on the machine the door runs on:",
    "genkan pair",
    "genkan devices",
  ],
  PORTAL_NO_SUCH_WAY: [
    "This way leads nowhere",
    "The door has no app where this link says, or the link was cut short.",
    "Open the app's own address.",
  ],
};

const BY_STATUS: Readonly<Record<number, Row>> = {
  400: [
    "This request cannot be read",
    "The door could not make sense of what was sent.",
    UNREADABLE,
  ],
  403: [
    "Not from there",
    "Another site asked for this in your name, so the door refused.",
    "Open the app's own address and do it from there.",
  ],
  404: [
    "There is no such page",
    "The door has no page at this address.",
    "Go to the door's first page: /",
  ],
  405: [
    "Not in this way",
    "The door does not take requests of this kind here.",
    "Its own pages are asked for with GET or HEAD; no app is reached with CONNECT or TRACE.",
  ],
  408: ["That took too long", "The request did not arrive in time.", "Try again."],
  413: ["That is too large", "More was sent than the door takes here.", "Send less at once."],
  414: [
    "This address is too long",
    "The door does not take addresses of that length.",
    "Shorten it.",
  ],
  417: [
    "The door cannot promise that",
    "The request expects something the door does not do.",
    UNREADABLE,
  ],
  421: [
    "Nobody of that name lives here",
    "This door does not answer to the name in the address.",
    "Look at its spelling. If this is your door, it will tell you its names:",
    "genkan list",
  ],
  429: [
    "Too many at once",
    "The door takes only so many requests from one visitor.",
    "Wait a moment and try again.",
  ],
  431: [
    "Too much is sent along",
    "The request's headers are larger than the door takes.",
    "Delete this site's cookies and try again.",
  ],
  500: BROKEN_DOOR,
  501: [
    "The door does not do that",
    "The request asks for something the door has not learnt.",
    UNREADABLE,
  ],
  503: [
    "The door is busy",
    "So much comes in at the moment that there is no room for more.",
    "Wait a moment and try again.",
  ],
  505: ["Unknown kind of HTTP", "The door speaks HTTP/1.1 and HTTP/2.", UNREADABLE],
};

const BY_BLAME: Readonly<Record<Problem["blame"], Row>> = {
  visitor: BY_STATUS[400] ?? BROKEN_DOOR,
  app: [
    "The app gave no proper answer",
    "The door passed the request on, and what came back was no answer.",
    "Try again. If it stays like this, ask the machine the door runs on:",
    "genkan doctor",
  ],
  door: BROKEN_DOOR,
};
