/*
 * The app server of OpenHands 1.x on one port: SPA, `/api/v1/*` and the older `/api/*`
 * (V1dev:openhands/app_server/{v1_router,app_conversation,sandbox}/*, openhands/server/routes/*). Its conversations
 * live in sandboxes, which the page must reach by itself.
 *
 *   const openHands = await startOpenHands1({ hasSettings: true });
 *   …
 *   expectNothingOdd(openHands);
 *   await openHands.stop();
 */
import { randomUUID } from "node:crypto";
import { corsOfLocalhost } from "../cors.ts";
import { minding } from "../minding.ts";
import {
  type Answer,
  type Ask,
  type Manners,
  type Place,
  type Route,
  serve,
  type StandIn,
} from "../stand-in.ts";
import type { UserAppKind } from "../user-app.ts";
import { page1, type PageSpec1 } from "./page-1.ts";
import { type Sandbox1, startSandbox1 } from "./sandbox-1.ts";

export interface Options1 extends Place, Partial<PageSpec1> {
  /** Where its sandboxes' ports are published; at its own address unless told. */
  readonly sandboxAddress?: string;
  readonly hasSettings?: boolean;
  /** What the agents serve on the first worker port. */
  readonly app?: UserAppKind;
  /** Origins the sandboxes' agent-servers answer to besides localhost's: `OH_WEB_URL`. */
  readonly origins?: readonly string[];
  /** Paths the SPA may be asked for besides its own: probes of others. */
  readonly mayCome?: RegExp;
}

interface Conversation1 {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly task: string;
  readonly sandbox: Sandbox1;
  /** What is left of the start task's states. */
  readonly ahead: string[];
}

export interface OpenHands1 extends StandIn {
  readonly conversations: ReadonlyMap<string, Conversation1>;
  readonly settings: () => Readonly<Record<string, unknown>> | undefined;
}

export async function startOpenHands1(options: Options1 = {}): Promise<OpenHands1> {
  const settings = options.hasSettings === true ? SAVED : undefined;
  const world: World = { options, conversations: new Map(), gone: [], settings };
  const served = await serve(manners(world), options);
  const sandboxes = (): Sandbox1[] =>
    [...world.conversations.values()].map(({ sandbox }) => sandbox);
  return {
    ...served,
    get unexpected() {
      return [
        ...served.unexpected,
        ...world.gone,
        ...sandboxes().flatMap((each) => each.unexpected()),
      ];
    },
    conversations: world.conversations,
    settings: () => world.settings,
    stop: async () => {
      await Promise.all(sandboxes().map((sandbox) => sandbox.stop()));
      await served.stop();
    },
  };
}

interface World {
  readonly options: Options1;
  readonly conversations: Map<string, Conversation1>;
  /** What was odd in sandboxes that are gone. */
  readonly gone: string[];
  settings: Readonly<Record<string, unknown>> | undefined;
}

const SAVED = {
  llm_model: "stand-in",
  llm_api_key: "dummy",
  agent: "CodeActAgent",
  language: "en",
};

const SPA =
  /^\/(?:settings(?:\/[\w-]+)?|conversations\/[0-9a-f]+(?:\/[a-z]+)?|favicon\.ico|ready)?$/;

function manners(world: World): Manners {
  const { auth = "query", keepsPrefix = true, mayCome } = world.options;
  return {
    name: "1.x",
    // The UI has given out the editor's token itself; a preset for every generation lets it by, for Canvas' sake.
    mind: minding((name) => name.startsWith("ui-") || name === "vscode-tkn"),
    first: corsOfLocalhost(world.options.origins),
    routes: [...HEALTH, ...settingsRoutes(world), ...v1Routes(world), ...legacyRoutes(world)],
    otherwise: ({ method, path }) => {
      const isPage = method === "GET" && !path.startsWith("/api/");
      return isPage
        ? { html: page1({ auth, keepsPrefix }) }
        : { status: 404, json: { detail: "Not Found" } };
    },
    mayCome: ({ method, path }) =>
      method === "GET" && (SPA.test(path) || mayCome?.test(path) === true),
  };
}

const CONFIG = {
  APP_MODE: "oss",
  GITHUB_CLIENT_ID: "",
  POSTHOG_CLIENT_KEY: "",
  FEATURE_FLAGS: { ENABLE_BILLING: false, HIDE_LLM_SETTINGS: false },
};

/** Section 2B.6. */
const HEALTH: readonly Route[] = [
  ["GET", /^\/alive$/, () => ({ json: { status: "ok" } })],
  ["GET", /^\/health$/, () => ({ json: "OK" })],
  ["GET", /^\/server_info$/, () => ({ json: { uptime: 1, idle_time: 1, resources: {} } })],
  ["GET", /^\/api\/options\/config$/, () => ({ json: CONFIG })],
];

function settingsRoutes(world: World): Route[] {
  const path = /^\/api\/(?:v1\/)?settings$/;
  return [
    [
      "GET",
      path,
      () =>
        world.settings
          ? { json: world.settings }
          : { status: 404, json: { error: "Settings not found" } },
    ],
    [
      "POST",
      path,
      ({ body }) => {
        world.settings = { ...world.settings, ...(JSON.parse(body) as Record<string, unknown>) };
        return { json: { message: "Settings stored" } };
      },
    ],
  ];
}

/** V1dev:openhands/app_server/app_conversation/app_conversation_router.py, sandbox/sandbox_router.py. */
function v1Routes(world: World): Route[] {
  const all = (): Conversation1[] => [...world.conversations.values()];
  const listed = (items: unknown[]): Answer => ({ json: { items, next_page_id: null } });
  const among = (ask: Ask, name: string, find: (id: string) => unknown): Answer => ({
    json: ask.query.getAll(name).map((id) => find(id) ?? null),
  });
  const conversation = (id: string): unknown => described(world.conversations.get(hex(id)));
  const task = (id: string): unknown => nextState(all().find((each) => each.task === id));
  const sandbox = (id: string): unknown => exposed(all().find((each) => each.sandbox.id === id));
  return [
    ["POST", /^\/api\/v1\/app-conversations$/, (ask) => start(world, ask)],
    ["GET", /^\/api\/v1\/app-conversations$/, (ask) => among(ask, "ids", conversation)],
    ["GET", /^\/api\/v1\/app-conversations\/search$/, () => listed(all().map(described))],
    ["GET", /^\/api\/v1\/app-conversations\/count$/, () => ({ json: world.conversations.size })],
    ["GET", /^\/api\/v1\/app-conversations\/start-tasks$/, (ask) => among(ask, "ids", task)],
    ["GET", /^\/api\/v1\/app-conversations\/start-tasks\/search$/, () => listed(all().map(asTask))],
    ["DELETE", /^\/api\/v1\/app-conversations\/([0-9a-f-]+)$/, (ask) => end(world, ask)],
    ["GET", /^\/api\/v1\/sandboxes$/, (ask) => among(ask, "id", sandbox)],
    ["GET", /^\/api\/v1\/sandboxes\/search$/, () => listed(all().map(exposed))],
  ];
}

/** The older routes, with `url` (section 2B.2); V1dev:openhands/server/routes/manage_conversations.py. */
function legacyRoutes(world: World): Route[] {
  return [
    [
      "GET",
      /^\/api\/conversations$/,
      () => ({
        json: { results: [...world.conversations.values()].map(legacy), next_page_id: null },
      }),
    ],
    [
      "GET",
      /^\/api\/conversations\/([0-9a-f-]+)$/,
      ({ parts }) => {
        const found = world.conversations.get(hex(parts[0] ?? ""));
        return found ? { json: legacy(found) } : { status: 404, json: null };
      },
    ],
    ["DELETE", /^\/api\/conversations\/([0-9a-f-]+)$/, (ask) => end(world, ask)],
  ];
}

function hex(id: string): string {
  return id.replaceAll("-", "");
}

/** In the order of section 2B.6. */
const STATES = [
  "WORKING",
  "WAITING_FOR_SANDBOX",
  "PREPARING_REPOSITORY",
  "STARTING_CONVERSATION",
  "READY",
];

async function start({ options, settings, conversations }: World, { body }: Ask): Promise<Answer> {
  JSON.parse(body);
  if (!settings) return { status: 500, json: { detail: "Internal Server Error" } }; // an assert in the user context
  const {
    address = "127.0.0.1",
    sandboxAddress = address,
    app = "friendly",
    origins = [],
  } = options;
  const id = hex(randomUUID());
  const sandbox = await startSandbox1({ conversation: id, address: sandboxAddress, app, origins });
  const begun: Conversation1 = { id, task: hex(randomUUID()), sandbox, ahead: [...STATES] };
  conversations.set(id, begun);
  return { json: nextState(begun) };
}

async function end({ conversations, gone }: World, { parts }: Ask): Promise<Answer> {
  const found = conversations.get(hex(parts[0] ?? ""));
  if (!found) return { status: 404, json: null };
  conversations.delete(found.id);
  await found.sandbox.stop();
  gone.push(...found.sandbox.unexpected());
  return { json: true };
}

/** A start task is one state further each time it is asked for. */
function nextState(conversation: Conversation1 | undefined): unknown {
  if (!conversation) return undefined;
  const now = asTask(conversation);
  if (conversation.ahead.length > 1) conversation.ahead.shift();
  return now;
}

function asTask({ id, task, sandbox, ahead }: Conversation1): unknown {
  const [status = "READY"] = ahead;
  const isReady = status === "READY";
  return {
    id: task,
    created_by_user_id: null,
    status,
    detail: null,
    app_conversation_id: isReady ? id : null,
    sandbox_id: isReady ? sandbox.id : null,
    agent_server_url: isReady ? sandbox.agent.url : null,
    request: {},
  };
}

function described(conversation: Conversation1 | undefined): unknown {
  if (!conversation) return undefined;
  const { id, sandbox } = conversation;
  return {
    id,
    created_by_user_id: null,
    sandbox_id: sandbox.id,
    title: `Conversation ${id.slice(0, 5)}`,
    sandbox_status: "RUNNING",
    execution_status: sandbox.agent.conversation.status(),
    conversation_url: `${sandbox.agent.url}/api/conversations/${id}`,
    session_api_key: sandbox.key,
  };
}

function exposed(conversation: Conversation1 | undefined): unknown {
  if (!conversation) return undefined;
  const { sandbox } = conversation;
  return {
    id: sandbox.id,
    created_by_user_id: null,
    sandbox_spec_id: "ghcr.io/openhands/agent-server:1.26.0-python",
    status: "RUNNING",
    session_api_key: sandbox.key,
    exposed_urls: sandbox.exposedUrls,
  };
}

function legacy({ id, sandbox }: Conversation1): unknown {
  return {
    conversation_id: id,
    title: `Conversation ${id.slice(0, 5)}`,
    status: "RUNNING",
    runtime_status: "STATUS$READY",
    selected_repository: null,
    conversation_version: "V1",
    url: `${sandbox.agent.url}/api/conversations/${id}`,
    session_api_key: sandbox.key,
  };
}
