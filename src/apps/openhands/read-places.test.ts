/*
 * Bodies are written after OpenHands' sources as rules.ts names them; hostile ones after what an app that was taken
 * over could say.
 */
import { describe, expect, test } from "vitest";
import type { PresetName } from "../../model/preset.ts";
import { readPlaces, rewritten } from "./read-places.ts";

const V1 = "/api/v1/app-conversations";
const KEY = "3kTMd0uI9fXkPz7Qb2LwVnRs8HyJcA4eGxT6oZ1mUqC";

function read(path: string, body: unknown, preset: PresetName = "openhands") {
  const content = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const places = readPlaces(preset, path, content);
  return {
    content,
    places,
    said: places.map(({ kind, port, isInRange }) => ({ kind, port, isInRange })),
  };
}

/** The answer with every port it names at the door. */
function anew(path: string, body: unknown): string {
  const { content, places } = read(path, body);
  const changes = places.map((place) => ({ place, origin: `https://oh.local:${place.port}` }));
  return rewritten(content, changes).toString();
}

describe("0.36", () => {
  const EDITOR = "/api/conversations/0b1c/vscode-url";
  const HOSTS = "/api/conversations/0b1c/web-hosts";

  test("names its editor, whose path and token stay", () => {
    const body = { vscode_url: "http://localhost:41234/?tkn=5f1c-uuid&folder=/workspace" };
    const { places } = read(EDITOR, body);
    expect(places).toMatchObject([
      { generation: "0.36", kind: "editor", host: "localhost", port: 41_234, isInRange: true },
    ]);
    expect(places[0]).toMatchObject({ sandbox: "0b1c", key: undefined });
    expect(anew(EDITOR, body)).toBe(
      '{"vscode_url":"https://oh.local:41234/?tkn=5f1c-uuid&folder=/workspace"}',
    );
  });

  test("names its apps by the names of an object, whose values stay", () => {
    const body = { hosts: { "http://localhost:50123": 50_123, "http://localhost:55321": 55_321 } };
    expect(read(HOSTS, body).said).toEqual([
      { kind: "app", port: 50_123, isInRange: true },
      { kind: "app", port: 55_321, isInRange: true },
    ]);
    expect(anew(HOSTS, body)).toBe(
      '{"hosts":{"https://oh.local:50123":50123,"https://oh.local:55321":55321}}',
    );
  });

  test("names nothing before there is a sandbox", () => {
    expect(read(EDITOR, { vscode_url: null }).places).toEqual([]);
    expect(read(HOSTS, { hosts: null }).places).toEqual([]);
    expect(read(HOSTS, { hosts: {} }).places).toEqual([]);
  });

  test.each([22, 3000, 5432, 30_000, 39_999, 50_000])(
    "has no editor at port %i, whoever says so",
    (port) => {
      const { said } = read(EDITOR, { vscode_url: `http://localhost:${port}/` });
      expect(said).toEqual([{ kind: "editor", port, isInRange: false }]);
    },
  );
});

describe("1.x", () => {
  const url = "http://localhost:55313/api/conversations/9a";

  test.each([
    ["a batch, null for those that are not there", V1, [null, { conversation_url: url }]],
    ["a search", `${V1}/search`, { items: [{ conversation_url: url }], next_page_id: null }],
    ["a start task", V1, { status: "READY", agent_server_url: url }],
    ["start tasks", `${V1}/start-tasks`, [{ agent_server_url: url }, null]],
    [
      "a search for start tasks",
      `${V1}/start-tasks/search`,
      { items: [{ agent_server_url: url }] },
    ],
    ["older routes' list", "/api/conversations", { results: [{ url }] }],
    ["older routes' conversation", "/api/conversations/9a", { url }],
    ["sandboxes", "/api/v1/sandboxes", [{ exposed_urls: [{ name: "AGENT_SERVER", url }] }]],
  ])("names the agent-server in %s", (_what, path, body) => {
    expect(read(path, body).said).toEqual([
      { kind: "agent-server", port: 55_313, isInRange: true },
    ]);
    expect(anew(path, body)).toBe(
      JSON.stringify(body).replace("http://localhost:55313", "https://oh.local:55313"),
    );
  });

  test("says the sandbox's key beside it, for all of the sandbox but what its agent serves", () => {
    const body = {
      items: [
        {
          id: "oh-agent-server-x",
          session_api_key: KEY,
          exposed_urls: [
            { name: "AGENT_SERVER", url: "http://localhost:40001", port: 8000 },
            { name: "VSCODE", url: `http://localhost:40002/?tkn=${KEY}&folder=%2Fa`, port: 8001 },
            { name: "WORKER_1", url: "http://localhost:40003", port: 8011 },
            { name: "SOMETHING_NEW", url: "http://localhost:40004", port: 8020 },
          ],
        },
        { id: "paused", session_api_key: null, exposed_urls: null },
      ],
    };
    const { places } = read("/api/v1/sandboxes/search", body);
    expect(places.map(({ kind, key, sandbox }) => ({ kind, key, sandbox }))).toEqual([
      { kind: "agent-server", key: KEY, sandbox: "oh-agent-server-x" },
      { kind: "editor", key: KEY, sandbox: "oh-agent-server-x" },
      { kind: "app", key: undefined, sandbox: "oh-agent-server-x" },
    ]);
  });

  test("takes the editor's token for the key where no other stands beside it", () => {
    const exposed = [{ name: "VSCODE", url: `http://localhost:40002/?folder=a&tkn=${KEY}#x` }];
    expect(read("/api/v1/sandboxes", [{ exposed_urls: exposed }]).places[0]?.key).toBe(KEY);
  });

  test("knows the ports of a sandbox on the host's own network, and no other low one", () => {
    const port = (name: string, number: number) =>
      read("/api/v1/sandboxes", [{ exposed_urls: [{ name, url: `http://localhost:${number}` }] }])
        .said[0]?.isInRange;
    const fixed = [port("AGENT_SERVER", 8000), port("VSCODE", 8001), port("WORKER_2", 8012)];
    expect(fixed).toEqual([true, true, true]);
    const others = [port("WORKER_1", 8000), port("AGENT_SERVER", 5432), port("VSCODE", 8123)];
    expect(others).toEqual([false, false, false]);
  });
});

test("what a conversation is called, or was begun with, is no place", () => {
  const url = "http://localhost:55313";
  const body = { title: url, request: { url, agent_server_url: url }, conversation_url: null };
  expect(read(V1, [body]).places).toEqual([]);
});

test("Canvas names nothing, and no generation speaks for another's preset", () => {
  const body = { url: "http://localhost:40001/?tkn=a" };
  expect(read("/api/vscode/url", body, "openhands@canvas").places).toEqual([]);
  expect(read("/api/conversations/9a", body, "openhands@0.36").places).toEqual([]);
  expect(read("/api/conversations/9a", body, "grafana").places).toEqual([]);
});

test("an address that the person made OpenHands use is read as such", () => {
  const at = (origin: string) => read("/api/conversations/9a", { url: `${origin}/api/a` }).places;
  expect(at("http://192.168.1.20:40001")).toMatchObject([{ host: "192.168.1.20", port: 40_001 }]);
  expect(at("http://[fd00::1]:40001")).toMatchObject([{ host: "fd00::1", port: 40_001 }]);
  expect(at("HTTP://LocalHost:40001")).toMatchObject([{ host: "localhost" }]);
});

test.each([
  "http://localhost:40001@evil.example/",
  "http://user:40001@localhost:40001/",
  "http://localhost/",
  "http://localhost:/",
  "http://localhost:400010/",
  "http://localhost:40001evil/",
  "http://localhost\\:40001/",
  " http://localhost:40001/",
  "//localhost:40001/",
  "https://localhost:40001/",
  "javascript:alert(1)//localhost:40001/",
  "ws://localhost:40001/",
  "",
])("%j is not a URL of a sandbox", (url) => {
  expect(read("/api/conversations/9a", { url }).places).toEqual([]);
});

describe("the rest of an answer", () => {
  test("stays byte for byte: numbers nobody can hold, names said twice, escapes, white space", () => {
    const body =
      '{ "n": 12345678901234567890, "x": 1e400,\r\n"a":1,"a":2, "url" : "http:\\/\\/localhost:40001\\/\\u00e9\\"" , "t":"\\u007A 玄関"}\n';
    expect(anew("/api/conversations/9a", body)).toBe(
      '{ "n": 12345678901234567890, "x": 1e400,\r\n"a":1,"a":2, "url" : "https://oh.local:40001/é\\"" , "t":"\\u007A 玄関"}\n',
    );
  });

  test("where a name is there twice, the last is what browsers read, and what is read here", () => {
    const body = '{"url":"http://localhost:40001","url":"http://localhost:40002"}';
    expect(read("/api/conversations/9a", body).places.map(({ port }) => port)).toEqual([40_002]);
  });
});

test.each([
  "",
  "null",
  "{",
  '{"url":"http://localhost:40001"',
  '{"url":"http://localhost:40001',
  '{"url":"http://localhost:40001\\',
  '{"url":"http://localhost:40001\\x"}',
  '{"url" "http://localhost:40001"}',
  '{"url":"http://localhost:40001"}}',
  '{"url":"http://localhost:40001"} trailing',
  '{"url":"http://localhost:40001",}',
  '{url:"http://localhost:40001"}',
  "<html>http://localhost:40001</html>",
])("broken or empty JSON names nothing: %j", (body) => {
  expect(read("/api/conversations/9a", body).places).toEqual([]);
});

describe("an answer made to hurt", () => {
  test("may be as deep as it likes", () => {
    const depth = 500_000;
    const deep = `${"[".repeat(depth)}${"]".repeat(depth)}`;
    const body = `{"deep":${deep},"url":"http://localhost:40001"}`;
    expect(read("/api/conversations/9a", body).places).toHaveLength(1);
    expect(read("/api/conversations/9a", "[".repeat(depth)).places).toEqual([]);
    expect(read(V1, deep).places).toEqual([]);
  });

  test("may have the names of every object's own inheritance", () => {
    const body = '{"__proto__":{"url":"http://localhost:40001"},"constructor":{},"toString":"a"}';
    expect(read("/api/conversations/9a", body).places).toEqual([]);
    expect(Reflect.get({}, "url")).toBeUndefined();
  });

  test("may have URLs of any length; one that no browser needs is left alone", () => {
    const url = `http://localhost:40001/${"a".repeat(100_000)}`;
    expect(read("/api/conversations/9a", { url }).places).toEqual([]);
  });

  test("may name as many ports as it likes: not all of them are read, and the rest stays", () => {
    const hosts = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, n) => [`http://localhost:${n}`, n]),
    );
    const { places, content } = read("/api/conversations/9a/web-hosts", { hosts });
    expect(places.length).toBeLessThan(10_000);
    const changes = places.map((place) => ({ place, origin: "https://oh.local:1" }));
    expect(rewritten(content, changes).toString()).toContain('"http://localhost:19999":19999}');
  });
});
