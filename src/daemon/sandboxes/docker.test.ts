/*
 * Which ports open where Docker can be asked, and how long.
 */
import { describe, expect, test } from "vitest";
import {
  editorAt,
  sandboxAt,
  sandboxesAt,
  sandboxScene,
} from "../../../test/support/sandbox-scene.ts";
import type { PublishedPort } from "./needs.ts";

const EDITOR = "/api/conversations/7/vscode-url";
const SANDBOXES = "/api/v1/sandboxes";

describe("where Docker knows the sandboxes", () => {
  const published = (container: string, port: number, address = "0.0.0.0") => {
    return { container, port, address };
  };

  test("a port is dialled where the sandbox's container publishes it", async () => {
    const { port } = await sandboxAt("127.0.0.9");
    const containers = containersOf([published("openhands-runtime-7", port, "127.0.0.9")]);
    const { answer, ports } = sandboxScene({ containers });
    await answer(EDITOR, editorAt(port));
    expect(ports.opened.map(({ upstream }) => upstream.host)).toEqual(["127.0.0.9"]);
  });

  test("a port that none of them publishes is not opened, whoever listens there", async () => {
    const { port } = await sandboxAt();
    const containers = containersOf([published("openhands-runtime-7", port + 1)]);
    const { answer, ports, sandboxes } = sandboxScene({ containers });
    expect(await answer(EDITOR, editorAt(port))).toBeUndefined();
    expect(ports.opened).toEqual([]);
    expect(sandboxes.troubleOf("oh")?.code).toBe("SANDBOX_PORT_NOT_PUBLISHED");
  });

  test("one whose event is not here yet is asked for", async () => {
    const { port } = await sandboxAt();
    const containers = containersOf([published("oh-agent-server-old", 40_000)]);
    containers.onLook = () => containers.set([published("oh-agent-server-a", port)]);
    const { answer } = sandboxScene({ containers });
    expect(await answer(SANDBOXES, sandboxesAt("a", port))).toContain("https://oh.local:");
  });

  test("sandboxes that are no containers, or Docker that is gone, are looked for without it", async () => {
    const { port } = await sandboxAt();
    for (const state of [[], undefined]) {
      const { answer } = sandboxScene({ containers: containersOf(state) });
      expect(await answer(EDITOR, editorAt(port))).toContain("https://oh.local:");
    }
  });

  test("a port that was opened before Docker told whose it is closes with its container", async () => {
    const { port } = await sandboxAt();
    const containers = containersOf(undefined);
    const { answer, ports } = sandboxScene({ containers });
    await answer(SANDBOXES, sandboxesAt("a", port));
    containers.set([published("oh-agent-server-b", port, "172.17.0.1")]);
    containers.set([]);
    expect(ports.list()).toHaveLength(1); // another place than the one it is dialled at
    containers.set([published("oh-agent-server-a", port)]);
    expect(ports.list()).toHaveLength(1);
    containers.set([]);
    expect(ports.list()).toEqual([]);
  });

  test("a port closes as soon as its container is gone, and stays where Docker is", async () => {
    const { port } = await sandboxAt();
    const containers = containersOf([published("oh-agent-server-a", port)]);
    const { answer, ports } = sandboxScene({ containers });
    await answer(SANDBOXES, sandboxesAt("a", port));
    containers.set(undefined);
    expect(ports.list()).toHaveLength(1);
    containers.set([published("oh-agent-server-b", port)]);
    expect(ports.list()).toEqual([]);
  });
});

/** What Docker says, as a test has it. */
function containersOf(first: readonly PublishedPort[] | undefined) {
  let now = first;
  let hear = (): void => undefined;
  const containers = {
    onLook: (): void => undefined,
    published: () => now,
    look: async (): Promise<void> => containers.onLook(),
    onChange: (listener: () => void) => {
      hear = listener;
      return () => undefined;
    },
    set: (next: readonly PublishedPort[] | undefined): void => {
      now = next;
      hear();
    },
  };
  return containers;
}
