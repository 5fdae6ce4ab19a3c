/*
 * Agent Canvas with its real UI, behind a door that asks who comes: a conversation, its messages over wss, the
 * editor and a file's preview, through both engines.
 */
import { describe, expect, onTestFinished, test } from "vitest";
import type { PresetName } from "../../src/model/preset.ts";
import { homeWithOpenHands } from "../openhands/at-home.ts";
import { startCanvas } from "../openhands/canvas/openhands-canvas.ts";
import { AGENT_ANSWER } from "../openhands/agent/conversation.ts";
import { expectNothingOdd } from "../openhands/nothing-odd.ts";
import { askedOfItself, comeIn, type Screen, SOON } from "../openhands/visitor.ts";
import { describeWithCanvas } from "../support/canvas-ui.ts";
import { chromiumAtHome } from "../support/chromium.ts";
import { openDoor } from "../support/genkan.ts";
import { describeWithTools } from "../support/tools.ts";

const PLACES: [string, string[], Screen, PresetName][] = [
  ["node", [], "desktop", "openhands@canvas"],
  ["nginx", ["nginx"], "phone", "openhands"],
];

await describeWithCanvas("Agent Canvas from another device", ["chromium", "certutil"], (ui) => {
  describe.each(PLACES)("engine %s", (engine, tools, ...[screen, preset]) => {
    describeWithTools(`on a ${screen}`, tools, () => {
      test("talks with the agent, edits and previews", async () => {
        const canvas = await startCanvas({ ui });
        onTestFinished(() => canvas.stop());
        const home = homeWithOpenHands(preset, canvas.port);
        const door = await openDoor(home, ["--engine", engine]);
        const browser = await chromiumAtHome([door.ready.root.path]);
        const origin = `https://openhands.local:${door.httpsPort}`;
        const visitor = await comeIn(browser, door, { url: `${origin}/`, screen });
        const { page, asked } = visitor;

        const input = page.locator("[contenteditable=true]").first();
        await input.click(SOON);
        await page.keyboard.type("Hello from afar");
        await page.getByTestId("submit-button").click(SOON);
        await page.waitForURL(/\/conversations\//, SOON);
        await page.getByText(`${AGENT_ANSWER} Hello from afar`, { exact: true }).waitFor(SOON);
        await expect.poll(canvas.socket.open, SOON).toBe(1);
        await page.locator("[contenteditable=true]").first().click(SOON);
        await page.keyboard.type("And again");
        await page.getByTestId("submit-button").click(SOON);
        await page.getByText(`${AGENT_ANSWER} And again`, { exact: true }).waitFor(SOON);

        const [id = ""] = canvas.conversations.keys();
        const socket = `wss://openhands.local:${door.httpsPort}/sockets/events/${id}`;
        expect(asked.filter((url) => url.startsWith(socket))).toHaveLength(1);
        expect(canvas.socket.shownBy).toEqual(["first frame"]);

        // A file's preview is a frame, which can show a cookie alone: secure, and so only behind X-Forwarded-Proto.
        await page.evaluate(`fetch("/api/auth/workspace-session", { method: "POST", signal: AbortSignal.timeout(${SOON.timeout}),
          headers: { "X-Session-API-Key": window.__AGENT_CANVAS_SESSION_API_KEY__ } })`);
        const preview = await page.goto(`${origin}/api/conversations/${id}/workspace/notes.txt`);
        expect(await preview?.text()).toBe("a file of the workspace");

        await page.goto(`${origin}/vscode/?tkn=${canvas.key}&folder=%2Fprojects`);
        await page.getByText("connected", { exact: true }).waitFor(SOON);
        expect(canvas.editor.authorities).toEqual([`openhands.local:${door.httpsPort}`]);
        expect(askedOfItself(visitor)).toEqual([]);

        expectNothingOdd(canvas);
      });
    });
  });
});
