/*
 * Which ports are not opened, whoever names them: what an app that was taken over could try.
 */
import { describe, expect, test } from "vitest";
import {
  editorAt,
  sandboxAt,
  sandboxPlan,
  sandboxScene,
} from "../../../test/support/sandbox-scene.ts";
import { parseTarget } from "../../model/target.ts";

const EDITOR = "/api/conversations/7/vscode-url";
const HOSTS = "/api/conversations/7/web-hosts";
const SANDBOXES = "/api/v1/sandboxes";
const KEY = "3kTMd0uI9fXkPz7Qb2LwVnRs8HyJcA4eGxT6oZ1mUqC";

describe("what is refused, and stays as the app said it", () => {
  const refused = async (scene: ReturnType<typeof sandboxScene>, port: number, host?: string) => {
    expect(await scene.answer(EDITOR, editorAt(port, host))).toBeUndefined();
    expect(scene.ports.opened).toEqual([]);
    return scene.sandboxes.troubleOf("oh")?.code;
  };

  test("a port outside the generation's range", async () => {
    expect(await refused(sandboxScene(), 22)).toBe("SANDBOX_PORT_OUT_OF_RANGE");
  });

  test("a host that is not where the app is", async () => {
    expect(await refused(sandboxScene(), 41_234, "evil.example")).toBe("SANDBOX_ELSEWHERE");
    expect(await refused(sandboxScene(), 41_234, "169.254.169.254")).toBe("SANDBOX_ELSEWHERE");
  });

  test("another container, of whatever it is: an app reaches its own sandboxes only", async () => {
    const bridge = { address: "172.17.0.1", cidr: "172.17.0.1/16", netmask: "", internal: false };
    const docker0 = [{ ...bridge, family: "IPv4", mac: "" } as const];
    const scene = sandboxScene({ interfaces: () => ({ docker0 }) });
    expect(await refused(scene, 41_234, "172.17.0.9")).toBe("SANDBOX_ELSEWHERE");
  });

  test("a port where the door itself listens", async () => {
    const scene = sandboxScene({ doorPort: 41_443 });
    expect(await refused(scene, 41_443)).toBe("SANDBOX_PORT_NOT_A_SANDBOX");
  });

  test("a port where another app of the door is", async () => {
    const other = { name: "bank", preset: undefined, upstream: parseTarget("127.0.0.1:41999") };
    const scene = sandboxScene({ apps: [{}, other] });
    expect(await refused(scene, 41_999)).toBe("SANDBOX_PORT_NOT_A_SANDBOX");
  });

  test("a port that is one of the door's for another sandbox: the door is no sandbox of itself", async () => {
    const { port } = await sandboxAt("::1");
    const scene = sandboxScene();
    await scene.answer(EDITOR, editorAt(port)); // the door takes 127.0.0.1 of the same number
    const [first] = scene.ports.list();
    const second = sandboxPlan({ name: "second" });
    expect(first?.doorPort).toBe(port);
    const plan = { ...scene.plan, apps: [...scene.plan.apps, ...second.apps] };
    scene.follow(plan);
    const asked = { path: EDITOR, host: "second.local", port: 8443 };
    const content = Buffer.from(JSON.stringify(editorAt(port)));
    await scene.sandboxes.rewriter.rewrite(second.apps[0]!, asked, content);
    expect(scene.ports.opened.map(({ upstream }) => upstream.host)).toEqual(["::1", "::1"]);
  });

  test("what no port can be had for, with the system's reason, and it is opened once that is over", async () => {
    const { port } = await sandboxAt();
    let isAllowed = false;
    const scene = sandboxScene({ isAllowed: () => isAllowed });
    expect(await refused(scene, port)).toBe("SANDBOX_PORT_UNAVAILABLE");
    expect(scene.sandboxes.troubleOf("oh")?.message).toContain("EACCES");
    isAllowed = true;
    expect(await scene.answer(EDITOR, editorAt(port))).toContain("https://oh.local:");
    expect(scene.sandboxes.troubleOf("oh")).toBeUndefined();
  });

  test("more ports than sandboxes have; those within the limit open, and one line is logged", async () => {
    const scene = sandboxScene();
    const names = Array.from({ length: 3000 }, (_, n) => [`http://localhost:${50_000 + n}`, n]);
    const text = await scene.answer(HOSTS, { hosts: Object.fromEntries(names) });
    expect(scene.ports.list()).toHaveLength(64);
    expect(text?.match(/https:\/\/oh\.local/g)).toHaveLength(64);
    expect(text).toContain('"http://localhost:52999":2999');
    expect(scene.sandboxes.troubleOf("oh")?.code).toBe("SANDBOX_PORTS_TOO_MANY");
    expect(scene.log.filter(({ event }) => event === "sandbox.refused")).toHaveLength(1);
  });

  test("a trouble that no answer showed again is over after a while", async () => {
    const scene = sandboxScene();
    await refused(scene, 22);
    scene.pass(11 * 60_000);
    expect(scene.sandboxes.troubleOf("oh")).toBeUndefined();
  });
});

describe("an answer that contradicts itself", () => {
  test("about what a port is, has said it the first time", async () => {
    const { port } = await sandboxAt();
    const url = `http://localhost:${port}`;
    const { answer, ports } = sandboxScene();
    const exposed = [
      { name: "WORKER_1", url },
      { name: "AGENT_SERVER", url },
    ];
    await answer(SANDBOXES, [{ id: "a", session_api_key: KEY, exposed_urls: exposed }]);
    expect(ports.opened.map(({ kind }) => kind)).toEqual(["app"]);
    expect(ports.opened[0]?.isKey(KEY)).toBe(false);
  });

  test("about where a port is, has only that changed which is here", async () => {
    const { port } = await sandboxAt();
    const { answer } = sandboxScene();
    const elsewhere = `http://evil.example:${port}/`;
    const body = [{ url: `http://localhost:${port}/` }, { url: elsewhere }];
    const text = await answer("/api/conversations", { results: body });
    expect(text).toContain("https://oh.local:");
    expect(text).toContain(elsewhere);
  });
});
