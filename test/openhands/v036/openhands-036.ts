/*
 * OpenHands 0.36 on one port: SPA, API and Socket.IO (V0:openhands/server/{app,listen,middleware}.py, routes/*).
 *
 *   const openHands = await startOpenHands036({ hasSettings: true });
 *   …
 *   expectNothingOdd(openHands);
 *   await openHands.stop();
 */
import { randomUUID } from "node:crypto";
import { corsOfLocalhost } from "../cors.ts";
import { minding } from "../minding.ts";
import type { UserAppKind } from "../user-app.ts";
import {
  type Answer,
  type Ask,
  type Manners,
  type Place,
  type Route,
  serve,
  type StandIn,
} from "../stand-in.ts";
import { beginConversation, type Conversation036 } from "./conversation-036.ts";
import { page036, socketClient } from "./page-036.ts";
import { rateLimit036 } from "./rate-limit-036.ts";
import { startSandbox036 } from "./sandbox-036.ts";
import { serveSockets036, type Sockets036 } from "./sockets-036.ts";

export interface Options036 extends Place {
  /** Where its sandboxes' ports are published; at its own address unless told. */
  readonly sandboxAddress?: string;
  /** Whether somebody has saved settings; without them nothing starts. */
  readonly hasSettings?: boolean;
  /** What the agents serve on the first app port. */
  readonly app?: UserAppKind;
  /** Slows down and refuses those who ask too much (section 1.1); off unless told. */
  readonly hasRateLimit?: boolean;
  /** Paths the SPA may be asked for besides its own: probes of others. */
  readonly mayCome?: RegExp;
}

export interface OpenHands036 extends StandIn {
  readonly conversations: ReadonlyMap<string, Conversation036>;
  readonly sockets: Sockets036;
  /** What was saved, or undefined. */
  readonly settings: () => Readonly<Record<string, unknown>> | undefined;
}

export async function startOpenHands036(options: Options036 = {}): Promise<OpenHands036> {
  const world = emptyWorld(options);
  const served = await serve(manners(world), options);
  const sockets = serveSockets036(served.server, {
    hasSettings: () => world.settings !== undefined,
    conversation: (id) => world.conversations.get(id),
    note: (what) => served.note(what),
  });
  const inSandboxes = (): string[] =>
    [...world.conversations.values()].flatMap(({ sandbox }) => sandbox.unexpected());
  return {
    ...served,
    get unexpected() {
      return [...served.unexpected, ...world.gone, ...inSandboxes()];
    },
    conversations: world.conversations,
    sockets,
    settings: () => world.settings,
    stop: async () => {
      await Promise.all([...world.conversations.values()].map(({ sandbox }) => sandbox.stop()));
      sockets.drop();
      await served.stop();
    },
  };
}

interface World {
  readonly options: Options036;
  readonly conversations: Map<string, Conversation036>;
  /** What was odd in sandboxes that are gone. */
  readonly gone: string[];
  settings: Readonly<Record<string, unknown>> | undefined;
}

/** The key is asked of nobody before the first message (section 1.3). */
const SAVED = {
  llm_model: "stand-in",
  llm_api_key: "dummy",
  agent: "CodeActAgent",
  language: "en",
};

function emptyWorld(options: Options036): World {
  const settings = options.hasSettings === true ? SAVED : undefined;
  return { options, conversations: new Map(), gone: [], settings };
}

/** Routes of the SPA (section 1.1), and what browsers and probes ask of everybody. */
const SPA =
  /^\/(?:settings(?:\/[\w-]+)?|conversations\/[0-9a-f]+(?:\/(?:browser|jupyter|served|terminal|vscode))?|favicon\.ico|alive|server_info|ready|api\/v1\/app-conversations\/count)?$/;

function manners(world: World): Manners {
  const cors = corsOfLocalhost();
  const limit = world.options.hasRateLimit === true ? rateLimit036() : undefined;
  return {
    name: "0.36",
    // The UI has given out the editor's token itself; a preset for every generation lets it by, for Canvas' sake.
    mind: minding((name) => name.startsWith("ui-") || name === "vscode-tkn"),
    first: async (ask) => {
      const { fields, instead } = cors(ask);
      const refused = instead ?? (await limit?.(ask));
      const cache = ask.path.startsWith("/assets/") ? FOR_EVER : NEVER;
      return { fields: { "cache-control": cache, ...fields }, instead: refused };
    },
    routes: [...routesOf(world), ...aboutConversations(world)],
    // Every path nobody knows is the SPA's, with 200 (section 1.1): a probe must look at the body.
    otherwise: ({ method }) => (method === "GET" ? { html: page036() } : { status: 405 }),
    mayCome: ({ method, path }) =>
      method === "GET" && (SPA.test(path) || world.options.mayCome?.test(path) === true),
  };
}

/** CacheControlMiddleware in middleware.py. */
const FOR_EVER = "public, max-age=2592000, immutable";
const NEVER = "no-cache, no-store, must-revalidate, max-age=0";

const CONFIG = {
  APP_MODE: "oss",
  GITHUB_CLIENT_ID: "",
  POSTHOG_CLIENT_KEY: "",
  FEATURE_FLAGS: { ENABLE_BILLING: false, HIDE_LLM_SETTINGS: false },
};

function routesOf(world: World): Route[] {
  return [
    ["GET", /^\/health$/, () => ({ json: "OK" })],
    ["GET", /^\/assets\/socket\.io\.js$/, () => ({ bytes: socketClient(), headers: SCRIPT })],
    ["GET", /^\/api\/options\/config$/, () => ({ json: CONFIG })],
    ["GET", /^\/api\/options\/models$/, () => ({ json: ["stand-in"] })],
    ["GET", /^\/api\/options\/agents$/, () => ({ json: ["CodeActAgent"] })],
    ["GET", /^\/api\/options\/security-analyzers$/, () => ({ json: [] })],
    ["GET", /^\/api\/settings$/, () => settingsOf(world)],
    ["POST", /^\/api\/settings$/, (ask) => saveSettings(world, ask)],
  ];
}

const SCRIPT = { "content-type": "text/javascript" };

function settingsOf({ settings }: World): Answer {
  if (!settings) return { status: 404, json: { error: "Settings not found" } };
  const { llm_api_key: key, ...rest } = settings;
  return { json: { ...rest, llm_api_key_set: key !== undefined } };
}

function saveSettings(world: World, { body }: Ask): Answer {
  world.settings = { ...world.settings, ...(JSON.parse(body) as Record<string, unknown>) };
  return { json: { message: "Settings stored" } };
}

/** V0:openhands/server/routes/{manage_conversations,conversation}.py. */
function aboutConversations(world: World): Route[] {
  const { conversations } = world;
  const about = (ask: Ask, say: (conversation: Conversation036) => unknown): Answer => {
    const conversation = conversations.get(ask.parts[0] ?? "");
    return conversation ? { json: say(conversation) } : { status: 404, json: null };
  };
  return [
    ["POST", /^\/api\/conversations$/, () => startConversation(world)],
    [
      "GET",
      /^\/api\/conversations$/,
      () => ({ json: { results: [...conversations.values()].map(info), next_page_id: null } }),
    ],
    ["GET", /^\/api\/conversations\/([0-9a-f]+)$/, (ask) => about(ask, info)],
    ["DELETE", /^\/api\/conversations\/([0-9a-f]+)$/, (ask) => endConversation(world, ask)],
    [
      "GET",
      /^\/api\/conversations\/([0-9a-f]+)\/config$/,
      (ask) =>
        about(ask, ({ id, sandbox }) => ({ runtime_id: sandbox.containerName, session_id: id })),
    ],
    [
      "GET",
      /^\/api\/conversations\/([0-9a-f]+)\/vscode-url$/,
      (ask) => about(ask, ({ sandbox }) => ({ vscode_url: sandbox.vscodeUrl })),
    ],
    [
      "GET",
      /^\/api\/conversations\/([0-9a-f]+)\/web-hosts$/,
      (ask) => about(ask, ({ sandbox }) => ({ hosts: sandbox.webHosts })),
    ],
  ];
}

function info({ id, state }: Conversation036): unknown {
  const title = `Conversation ${id.slice(0, 5)}`;
  const status = state() === "stopped" ? "STOPPED" : "RUNNING";
  return { conversation_id: id, title, status, selected_repository: null };
}

/** Without settings, or with a blank key, 400 and why (section 1.3). */
async function startConversation({ options, settings, conversations }: World): Promise<Answer> {
  if (!settings) return refusal("Settings not found", "CONFIGURATION$SETTINGS_NOT_FOUND");
  const key = settings["llm_api_key"];
  if (typeof key !== "string" || key.trim() === "") {
    return refusal("Error authenticating with the LLM provider", "STATUS$ERROR_LLM_AUTHENTICATION");
  }
  const id = randomUUID().replaceAll("-", "");
  const { address = "127.0.0.1", sandboxAddress = address, app = "friendly" } = options;
  const sandbox = await startSandbox036({ conversation: id, address: sandboxAddress, app });
  conversations.set(id, beginConversation(id, sandbox));
  return { json: { status: "ok", conversation_id: id } };
}

function refusal(message: string, id: string): Answer {
  return { status: 400, json: { status: "error", message, msg_id: id } };
}

async function endConversation({ conversations, gone }: World, { parts }: Ask): Promise<Answer> {
  const conversation = conversations.get(parts[0] ?? "");
  if (!conversation) return { json: false };
  conversations.delete(conversation.id);
  await conversation.sandbox.stop();
  gone.push(...conversation.sandbox.unexpected());
  return { json: true };
}
