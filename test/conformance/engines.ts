/*
 * The engines the conformance suites are run on: one door for a suite, in front of one app made of bytes,
 * because nothing a visitor says on its connection may change anything for another.
 */
import { afterAll, beforeAll, describe } from "vitest";
import { openDoor, type TestDoor } from "../support/door.ts";
import { openNginxDoor } from "../support/nginx-door.ts";
import { type Play, rawApp, type RawApp } from "../support/raw-app.ts";
import type { Until } from "../support/temp.ts";
import { describeWithTools } from "../support/tools.ts";

export type EngineName = "node" | "nginx";

/** Open while the tests of the suite run. */
export interface Engine {
  readonly name: EngineName;
  /** `wiki.local` is the app. */
  readonly door: TestDoor;
  readonly app: RawApp;
}

/** Runs a suite once for each engine. @param play what the app behind the door does. */
export function onEveryEngine(title: string, play: Play, suite: (engine: Engine) => void): void {
  describe(`${title} (node)`, () => {
    suite(opened("node", play));
  });
  describeWithTools(`${title} (nginx)`, ["nginx"], () => suite(opened("nginx", play)));
}

function opened(name: EngineName, play: Play): Engine {
  const ends: Parameters<Until>[0][] = [];
  const until: Until = (end) => ends.unshift(end);
  let scene: Omit<Engine, "name"> | undefined;
  beforeAll(async () => {
    const app = await rawApp(play, "127.0.0.1", until);
    const open = name === "node" ? openDoor : openNginxDoor;
    scene = { app, door: await open({ wiki: app.to }, { until }) };
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });
  const current = (): Omit<Engine, "name"> => {
    if (!scene) throw new Error("the door is open only while the tests run");
    return scene;
  };
  return {
    name,
    get door() {
      return current().door;
    },
    get app() {
      return current().app;
    },
  };
}
