/*
 * Which ports open at the door, and how long: with real listeners for sandboxes and for the door's ports.
 */
import { describe, expect, test } from "vitest";
import {
  editorAt,
  listenAt,
  sandboxAt,
  sandboxesAt,
  sandboxPlan,
  sandboxScene,
} from "../../../test/support/sandbox-scene.ts";
import { parseTarget } from "../../model/target.ts";

const EDITOR = "/api/conversations/7/vscode-url";
const HOSTS = "/api/conversations/7/web-hosts";
const SANDBOXES = "/api/v1/sandboxes";
const CONVERSATION = "/api/conversations/7";
const KEY = "3kTMd0uI9fXkPz7Qb2LwVnRs8HyJcA4eGxT6oZ1mUqC";

describe("an answer that names a sandbox", () => {
  test("names the door's port instead, which is open before anybody reads it", async () => {
    const { port } = await sandboxAt();
    const { answer, ports, sandboxes } = sandboxScene();
    const text = await answer(EDITOR, editorAt(port));
    const [open] = ports.list();
    expect(text).toBe(`{"vscode_url":"https://oh.local:${open?.doorPort}/?tkn=a&folder=/w"}`);
    expect(open?.place).toMatchObject({
      app: "oh",
      kind: "editor",
      upstream: { scheme: "http", host: "127.0.0.1", port },
    });
    expect(sandboxes.of("oh")).toMatchObject([{ port, doorPort: open?.doorPort, kind: "editor" }]);
    expect(sandboxes.troubleOf("oh")).toBeUndefined();
  });

  test("opens its port once, however many ask at once and however often", async () => {
    const { port } = await sandboxAt();
    const { answer, ports } = sandboxScene();
    const texts = await Promise.all(
      Array.from({ length: 20 }, () => answer(EDITOR, editorAt(port))),
    );
    expect(new Set([...texts, await answer(EDITOR, editorAt(port))]).size).toBe(1);
    expect(ports.opened).toHaveLength(1);
  });

  test("opens it although nobody listens there yet, and finds the sandbox where it then is", async () => {
    const { port, end } = await sandboxAt("::1");
    await end();
    const { answer, ports } = sandboxScene();
    const before = await answer(SANDBOXES, sandboxesAt("a", port));
    expect(before).toContain("https://oh.local:");
    expect(ports.opened.map(({ upstream }) => upstream.host)).toEqual(["127.0.0.1"]);
    await listenAt("::1", port);
    await answer(SANDBOXES, sandboxesAt("a", port));
    expect(ports.opened.map(({ upstream }) => upstream.host)).toEqual(["127.0.0.1", "::1"]);
    expect(ports.list()).toHaveLength(1);
  });

  test("is found at a bridge's gateway, where the person had it published", async () => {
    const { port } = await sandboxAt("127.0.0.9");
    const bridge = {
      ...IPV4,
      address: "127.0.0.9",
      cidr: "127.0.0.9/32",
      netmask: "255.255.255.255",
    };
    const { answer, ports } = sandboxScene({ interfaces: () => ({ docker0: [bridge] }) });
    await answer(EDITOR, editorAt(port));
    expect(ports.opened.map(({ upstream }) => upstream.host)).toEqual(["127.0.0.9"]);
  });

  test("may name it by the app's own address or name, or another address of this machine", async () => {
    const { port } = await sandboxAt();
    const lan = { ...IPV4, address: "192.168.1.20", cidr: "192.168.1.20/24" };
    const { answer } = sandboxScene({ interfaces: () => ({ eth0: [lan], lo: [LOOPBACK] }) });
    expect(await answer(EDITOR, editorAt(port, "192.168.1.20"))).toContain("https://oh.local:");
    expect(await answer(EDITOR, editorAt(port, "oh.local"))).toContain("https://oh.local:");
    expect(await answer(EDITOR, editorAt(port, "192.168.1.21"))).toBeUndefined();
  });

  test("of an app on another machine is looked for there, and nowhere else", async () => {
    const { port } = await sandboxAt("127.0.0.1");
    // No resolver is asked for such a name (RFC 1035 section 2.3.1).
    const upstream = { ...parseTarget("3000"), host: "nas..home" };
    const { answer, ports } = sandboxScene({ apps: [{ upstream }] });
    await answer(EDITOR, editorAt(port));
    expect(ports.opened.map((place) => place.upstream.host)).toEqual(["nas..home"]);
  });

  test("has the app's name at a port also where the person chose names below it, which nobody carries", async () => {
    const { port } = await sandboxAt();
    const { answer, sandboxes } = sandboxScene({ apps: [{ sandboxOrigins: "hosts" }] });
    expect(await answer(EDITOR, editorAt(port))).toMatch(/"https:\/\/oh\.local:\d+\/\?tkn=a/);
    expect(sandboxes.troubleOf("oh")?.code).toBe("SANDBOX_NAMES_NOT_CARRIED");
  });
});

describe("keys", () => {
  test("are learnt beside the URL, later too, and nothing else is one", async () => {
    const { port } = await sandboxAt();
    const { answer, ports, log } = sandboxScene();
    await answer(SANDBOXES, sandboxesAt("a", port));
    const isKey = (text: string): boolean | undefined => ports.opened[0]?.isKey(text);
    expect(isKey(KEY)).toBe(false);
    await answer(CONVERSATION, { url: `http://localhost:${port}/api`, session_api_key: KEY });
    expect([isKey(KEY), isKey(`${KEY}x`), isKey(KEY.slice(1)), isKey("")]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(ports.opened).toHaveLength(1);
    expect(JSON.stringify(log)).not.toContain(KEY);
  });

  test("that could be guessed are none", async () => {
    const { port } = await sandboxAt();
    const { answer, ports } = sandboxScene();
    await answer(SANDBOXES, sandboxesAt("a", port, { session_api_key: "secret" }));
    expect(ports.opened[0]?.isKey("secret")).toBe(false);
  });

  test("go with their sandbox: who has another's port has not its key", async () => {
    const { port } = await sandboxAt();
    const { answer, ports } = sandboxScene();
    await answer(SANDBOXES, sandboxesAt("a", port, { session_api_key: KEY }));
    await answer(SANDBOXES, sandboxesAt("b", port, { session_api_key: KEY.toUpperCase() }));
    expect(ports.list()).toHaveLength(1);
    expect(ports.list()[0]?.place.isKey(KEY)).toBe(false);
    expect(ports.list()[0]?.place.isKey(KEY.toUpperCase())).toBe(true);
  });
});

describe("a port closes", () => {
  test("when nobody listened there for three looks, and opens again with the next answer", async () => {
    const { port, end } = await sandboxAt();
    const { answer, ports, look } = sandboxScene();
    await answer(EDITOR, editorAt(port));
    await look();
    await end();
    await look();
    await look();
    expect(ports.list()).toHaveLength(1);
    await look();
    expect(ports.list()).toEqual([]);
    await listenAt("127.0.0.1", port);
    expect(await answer(EDITOR, editorAt(port))).toContain("https://oh.local:");
  });

  test("not while anything of its sandbox is there: what the agent serves comes and goes", async () => {
    const { port, end } = await sandboxAt();
    const app = await sandboxAt("127.0.0.1", { from: 50_000, to: 59_999 });
    const { answer, ports, look } = sandboxScene();
    await answer(EDITOR, editorAt(port));
    await answer(HOSTS, { hosts: { [`http://localhost:${app.port}`]: app.port } });
    await app.end();
    for (let looks = 0; looks < 5; looks += 1) await look();
    expect(ports.list()).toHaveLength(2);
    await end();
    for (let looks = 0; looks < 3; looks += 1) await look();
    expect(ports.list()).toEqual([]);
  });

  test("with its app, or when that has no sandboxes any more; others stay", async () => {
    const { port } = await sandboxAt();
    const { answer, ports, follow, plan } = sandboxScene({ apps: [{}, { name: "wiki" }] });
    await answer(EDITOR, editorAt(port));
    follow({ ...plan, apps: plan.apps.filter(({ name }) => name === "oh") });
    expect(ports.list()).toHaveLength(1);
    follow(sandboxPlan({ preset: "openhands@canvas" }));
    expect(ports.list()).toEqual([]);
  });
});

const IPV4 = {
  address: "127.0.0.1",
  netmask: "255.255.255.0",
  family: "IPv4",
  mac: "00:00:00:00:00:00",
  internal: false,
  cidr: "127.0.0.1/8",
} as const;
const LOOPBACK = { ...IPV4, internal: true };
