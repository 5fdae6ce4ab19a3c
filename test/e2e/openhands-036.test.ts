/*
 * OpenHands 0.36 behind a door that asks who comes, through both engines: the agent gets ready, the editor's
 * frame and the App tab load over https, and a page the agent serves gets nothing of the UI.
 */
import type { Browser, Page } from "playwright-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { homeWithOpenHands } from "../openhands/at-home.ts";
import { expectNothingOdd } from "../openhands/nothing-odd.ts";
import { askedOfItself, comeIn, type Screen, SOON, type Visitor } from "../openhands/visitor.ts";
import { AGENT_REPLY } from "../openhands/v036/conversation-036.ts";
import {
  type OpenHands036,
  type Options036,
  startOpenHands036,
} from "../openhands/v036/openhands-036.ts";
import { chromiumAtHome } from "../support/chromium.ts";
import { openDoor, type OpenDoor } from "../support/genkan.ts";
import { describeWithTools } from "../support/tools.ts";

interface Scene {
  readonly openHands: OpenHands036;
  readonly door: OpenDoor;
  readonly browser: Browser;
  readonly origin: string;
  readonly portal: string;
}

async function scene(engine: string, options: Options036 = {}): Promise<Scene> {
  const openHands = await startOpenHands036(options);
  onTestFinished(() => openHands.stop());
  const home = homeWithOpenHands("openhands@0.36", openHands.port);
  const door = await openDoor(home, ["--engine", engine]);
  const browser = await chromiumAtHome([door.ready.root.path]);
  const at = (name: string): string => `https://${name}:${door.httpsPort}`;
  return { openHands, door, browser, origin: at("openhands.local"), portal: at("genkan.local") };
}

/** Begins a conversation, and waits until the agent does. */
async function begin(page: Page): Promise<void> {
  await page.click("#new");
  await page.waitForURL(/\/conversations\//, SOON);
  await page.getByText("awaiting_user_input", { exact: true }).waitFor(SOON);
}

async function editorConnects(page: Page): Promise<void> {
  await page.frameLocator("#editor").getByText("connected", { exact: true }).waitFor(SOON);
}

const PLACES: [string, string[], Screen][] = [
  ["node", [], "desktop"],
  ["nginx", ["nginx"], "phone"],
];

describe.each(PLACES)("OpenHands 0.36 through engine %s", (engine, tools, screen) => {
  describeWithTools(`on a ${screen}`, ["chromium", "certutil", ...tools], () => {
    test("awaits the person, shows the editor and the agent's app, and says nothing of localhost", async () => {
      const { openHands, door, browser, origin } = await scene(engine);
      const visitor = await comeIn(browser, door, { url: `${origin}/`, screen });
      const { page } = visitor;
      await begin(page);
      await page.fill("#text", "Hello");
      await page.click("#chat button");
      await page.getByText(`agent: ${AGENT_REPLY} Hello`).waitFor(SOON);
      await editorConnects(page);
      await page.frameLocator("#app").getByText("It works.").waitFor(SOON);
      expect(strangers(visitor)).toEqual([]);

      // A second conversation's editor does not sign the first one out.
      const second = await page.context().newPage();
      await second.goto(`${origin}/`);
      await begin(second);
      await editorConnects(second);
      await page.reload();
      await editorConnects(page);
      expect(
        [...openHands.conversations.values()].map(({ sandbox }) => sandbox.editor.connected()),
      ).toEqual([1, 1]);
      expectNothingOdd(openHands);
    });

    test("gives a page the agent serves nothing of the UI", async () => {
      const { openHands, door, browser, origin, portal } = await scene(engine, { app: "hostile" });
      const url = `${origin}/?ui=${origin}&portal=${portal}`;
      const { page } = await comeIn(browser, door, { url, screen });
      await begin(page);
      const victim = page.frameLocator("#app").locator("body[data-done]");
      const got = JSON.parse((await victim.getAttribute("data-done", SOON)) ?? "{}") as Got;
      expect(got).toMatchObject({
        parent: "refused: SecurityError",
        storage: "refused: SecurityError",
        settings: "refused: TypeError",
        "settings-without-cookies": "refused: TypeError",
        socket: "refused",
        "frame-ui": "another origin",
        "frame-portal": "another origin",
      });
      expect(got["cookies"]).not.toMatch(/(?:^|; )__Host-genkan|sandbox-\d+-vscode-tkn/);
      expect(openHands.settings()).toMatchObject({ llm_model: "stand-in" });
      // Of what that has framed, the UI and the portal, the browser shows nothing.
      const shown = page.frames().map((frame) => frame.url());
      expect(shown.filter((where) => where.startsWith("chrome-error:"))).toHaveLength(2);
      expect(shown).toHaveLength(5);

      // Still signed in, and as the same device.
      await page.reload();
      await page.getByText("awaiting_user_input", { exact: true }).waitFor(SOON);
      expectNothingOdd(openHands);
    });
  });
});

type Got = Readonly<Record<string, string>>;

/** Whom the browser asked that is not this home's door. */
function strangers(visitor: Visitor): string[] {
  const home = /^(?:https|wss):\/\/(?:openhands|genkan)\.local[:/]/;
  const others = visitor.asked.filter((url) => !home.test(url) && !/^(?:data|about):/.test(url));
  return [...others, ...askedOfItself(visitor)];
}
