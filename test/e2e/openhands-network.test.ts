/*
 * OpenHands of each generation on one host, a browser on another, and nothing between them but the door: names by
 * multicast DNS, and at the browser's own localhost nobody.
 */
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { expect, it, onTestFinished, vi } from "vitest";
import type { PresetName } from "../../src/model/preset.ts";
import { AGENT_ANSWER } from "../openhands/agent/conversation.ts";
import { homeWithOpenHands } from "../openhands/at-home.ts";
import { askedOfItself, comeIn, SOON } from "../openhands/visitor.ts";
import { AGENT_REPLY } from "../openhands/v036/conversation-036.ts";
import { AVAHI_TOOLS, startAvahi } from "../support/avahi.ts";
import { describeWithCanvas } from "../support/canvas-ui.ts";
import { openDoorIn } from "../support/door-in-host.ts";
import { announced, SLOW } from "../support/names.ts";
import {
  describeWithHosts,
  makeHosts,
  type NetworkHost,
  type Started,
} from "../support/namespaces.ts";
import { makeNssDatabase } from "../support/nss.ts";
import { tempFolder } from "../support/temp.ts";

const PROGRAM = join(import.meta.dirname, "../support/programs/openhands-stand-in.ts");
const TOOLS = [...AVAHI_TOOLS, "chromium", "certutil"];
const PATIENCE = { timeout: 180_000 };
const URL_OF_APP = "https://openhands.local/";

/** A stand-in in a host, and its port there. */
async function standInAt(host: NetworkHost, words: readonly string[]): Promise<[Started, number]> {
  const program = host.start(process.execPath, ["--import", "tsx", PROGRAM, ...words]);
  await vi.waitFor(() => expect(program.stdout()).toMatch(/^\d+\n$/), SLOW);
  return [program, Number(program.stdout())];
}

/** Everything it did not expect, when it has ended. */
async function oddAt(program: Started): Promise<unknown> {
  const { stdout } = await program.end();
  return JSON.parse(stdout.split("\n")[1] ?? "null") as unknown;
}

/** A browser in that host that trusts this root. */
async function browserIn(host: NetworkHost, root: string): Promise<Browser> {
  const person = tempFolder();
  makeNssDatabase(join(person, ".local/share/pki/nssdb"), [root]);
  const browser = await chromium.launch({
    executablePath: host.launcher("chromium"),
    env: { ...process.env, HOME: person, XDG_CONFIG_HOME: undefined, XDG_DATA_HOME: undefined },
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  onTestFinished(() => browser.close());
  return browser;
}

interface Case {
  readonly preset: PresetName;
  readonly engine: string;
  /** Of the stand-in. */
  readonly words: readonly string[];
  /** What a person does there. */
  readonly use: (page: Page) => Promise<void>;
}

/** @returns what was odd: addresses the browser looked for on itself, and what the stand-in did not expect. */
async function fromTheLaptop({ preset, engine, words, use }: Case): Promise<unknown> {
  const { home, laptop } = await makeHosts({ home: {}, laptop: {} });
  await startAvahi(laptop);
  const [program, port] = await standInAt(home, words);
  const args = ["--engine", engine, "--access", "household"];
  const door = await openDoorIn(home, homeWithOpenHands(preset, port), args);
  for (const name of ["openhands.local", "genkan.local"]) await announced(door, name);
  const browser = await browserIn(laptop, door.ready.root.path);
  const visitor = await comeIn(browser, door, { url: URL_OF_APP });
  await use(visitor.page);
  return { itself: askedOfItself(visitor), unexpected: await oddAt(program) };
}

const NOTHING = { itself: [], unexpected: [] };

async function talk(page: Page, ready: string, answer: string): Promise<void> {
  await page.click("#new");
  await page.waitForURL(/\/conversations\//, SOON);
  await page.getByText(ready, { exact: true }).waitFor(SOON);
  await page.fill("#text", "Hello");
  await page.click("#chat button");
  await page.getByText(answer).waitFor(SOON);
  await page.frameLocator("#editor").getByText("connected", { exact: true }).waitFor(SOON);
  await page.frameLocator("#app").getByText("It works.").waitFor(SOON);
}

const use036 = (page: Page): Promise<void> =>
  talk(page, "awaiting_user_input", `agent: ${AGENT_REPLY} Hello`);

const use1 = async (page: Page): Promise<void> => {
  await talk(page, "idle", `agent: ${AGENT_ANSWER} Hello`);
  await page.click("#upload");
  await page.getByText("ADDED notes.txt").waitFor(SOON);
};

const CASES: [string, Case][] = [
  ["0.36, engine node", { preset: "openhands@0.36", engine: "node", words: ["036"], use: use036 }],
  ["0.36, engine nginx", { preset: "openhands", engine: "nginx", words: ["036"], use: use036 }],
  ["1.x, engine node", { preset: "openhands", engine: "node", words: ["1"], use: use1 }],
  ["1.x, engine nginx", { preset: "openhands@1", engine: "nginx", words: ["1"], use: use1 }],
];

describeWithHosts("a browser on another host", [...TOOLS, "nginx"], () => {
  it.each(CASES)("does with OpenHands %s what a person does", PATIENCE, async (_, each) => {
    expect(await fromTheLaptop(each)).toEqual(NOTHING);
  });
});

await describeWithCanvas("Agent Canvas, a browser on another host", ["chromium"], (ui) => {
  describeWithHosts("with its real UI", [...TOOLS, "nginx"], () => {
    it.each(["node", "nginx"])(
      "talks with the agent through engine %s",
      PATIENCE,
      async (engine) => {
        const odd = await fromTheLaptop({
          preset: "openhands@canvas",
          engine,
          words: ["canvas", ui],
          use: async (page) => {
            await page.locator("[contenteditable=true]").first().click(SOON);
            await page.keyboard.type("Hello");
            await page.getByTestId("submit-button").click(SOON);
            await page.getByText(`${AGENT_ANSWER} Hello`, { exact: true }).waitFor(SOON);
          },
        });
        expect(odd).toEqual(NOTHING);
      },
    );
  });
});
