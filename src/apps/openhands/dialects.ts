/*
 * How each kind of OpenHands' answers names ports of its sandboxes: which texts are looked for, and what they mean
 * together. Called by read-places.ts. Pure; sources are in rules.ts.
 */
import type { SandboxKind } from "./place.ts";
import type { Dialect } from "./rules.ts";
import type { Found, JsonText, Shape } from "./shaped-json.ts";

/** A URL of an answer, before anybody has looked at it. */
export interface Mention {
  readonly kind: SandboxKind;
  readonly url: JsonText;
  readonly sandbox?: string | undefined;
  readonly key?: string | undefined;
}

interface Reading {
  readonly shape: Shape;
  readonly mentions: (found: Found) => readonly (Mention | undefined)[];
}

const TEXT: Shape = { text: true };

export const DIALECTS: Readonly<Record<Dialect, Reading>> = {
  "vscode-url": {
    shape: fields({ vscode_url: TEXT }),
    mentions: (found) => [mention("editor", textAt(found, "vscode_url"))],
  },
  "web-hosts": {
    shape: fields({ hosts: { names: true } }),
    mentions: (found) =>
      (found.fields?.get("hosts")?.names ?? []).map((url) => ({ kind: "app", url })),
  },
  conversations: {
    shape: aloneOrMany({
      conversation_url: TEXT,
      agent_server_url: TEXT,
      session_api_key: TEXT,
      sandbox_id: TEXT,
    }),
    mentions: (found) =>
      records(found).flatMap((record) => {
        const whose = { key: text(record, "session_api_key"), sandbox: text(record, "sandbox_id") };
        return ["conversation_url", "agent_server_url"].map((name) =>
          mention("agent-server", textAt(record, name), whose),
        );
      }),
  },
  legacy: {
    shape: aloneOrMany({ url: TEXT, session_api_key: TEXT }),
    mentions: (found) =>
      records(found).map((record) =>
        mention("agent-server", textAt(record, "url"), { key: text(record, "session_api_key") }),
      ),
  },
  sandboxes: {
    shape: aloneOrMany({
      id: TEXT,
      session_api_key: TEXT,
      exposed_urls: { each: fields({ name: TEXT, url: TEXT }) },
    }),
    mentions: (found) => records(found).flatMap(ofSandbox),
  },
};

/** V1dev:openhands/app_server/sandbox/sandbox_models.py and docker_sandbox_service.py. */
const KINDS: ReadonlyMap<string | undefined, SandboxKind> = new Map([
  ["AGENT_SERVER", "agent-server"],
  ["VSCODE", "editor"],
  ["WORKER_1", "app"],
  ["WORKER_2", "app"],
]);

function ofSandbox(record: Found): (Mention | undefined)[] {
  const whose = { key: text(record, "session_api_key"), sandbox: text(record, "id") };
  return (record.fields?.get("exposed_urls")?.each ?? []).map((exposed) => {
    const kind = KINDS.get(text(exposed, "name"));
    return kind && mention(kind, textAt(exposed, "url"), whose);
  });
}

function fields(shapes: Readonly<Record<string, Shape>>): Shape {
  return { fields: Object.entries(shapes) };
}

/** Alone, in a list (null for those that are not there), or as a page of a search. */
function aloneOrMany(record: Readonly<Record<string, Shape>>): Shape {
  const many: Shape = { each: fields(record) };
  return { ...fields({ ...record, items: many, results: many }), ...many };
}

function records(found: Found): readonly Found[] {
  const { fields: named, each = [] } = found;
  const pages = ["items", "results"].flatMap((name) => named?.get(name)?.each ?? []);
  return [found, ...each, ...pages];
}

/** What a field of a record says, if it says anything. */
function mention(
  kind: SandboxKind,
  url: JsonText | undefined,
  whose: Pick<Mention, "sandbox" | "key"> = {},
): Mention | undefined {
  return url && { kind, url, ...whose };
}

function textAt(record: Found, name: string): JsonText | undefined {
  return record.fields?.get(name)?.text;
}

function text(record: Found, name: string): string | undefined {
  return textAt(record, name)?.text;
}
