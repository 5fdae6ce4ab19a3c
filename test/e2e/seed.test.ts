/*
 * The case this project began with: OpenHands on port 3000 behind names of the home, opened in a browser
 * that trusts the door's root. The page must come to "agent is awaiting user input", and stay alive.
 */
import { expect, test } from "vitest";
import type { DoorStatus } from "../../src/daemon/control/protocol.ts";
import { chromiumAtHome, protocolOf, webSocketAnswers } from "../support/chromium.ts";
import { firefoxAtHome } from "../support/firefox.ts";
import { genkan, openDoor, openDoorAt, type OpenDoor } from "../support/genkan.ts";
import { type SocketIoApp, startSocketIoApp } from "../support/socket-io-app.ts";
import { tempFolder } from "../support/temp.ts";
import { describeWithTools } from "../support/tools.ts";

const [FULL_NAME, NAME] = ["openhands.yourdomain.local", "openhands.local"];
/** Milliseconds; Socket.IO itself takes 45 s to miss somebody who says nothing any more. */
const PATIENCE = { timeout: 60_000 };

/** The app, and a door in front of it that was told so once. */
async function openHands(): Promise<{ app: SocketIoApp; door: OpenDoor }> {
  const app = await startSocketIoApp();
  const home = tempFolder();
  const added = await genkan(home, [
    "add",
    "openhands",
    String(app.port),
    "--host",
    FULL_NAME,
    "--access",
    "open",
  ]);
  expect(added).toMatchObject({ code: 0 });
  return { app, door: await openDoor(home) };
}

async function webSocketsOf(door: OpenDoor): Promise<number | undefined> {
  const { stdout } = await door.genkan("status", "--json");
  return (JSON.parse(stdout) as DoorStatus).apps[0]?.webSockets;
}

/** What the client may use, and what it ends up with. */
const TRANSPORTS: [transports: string, last: string][] = [
  ["websocket", "websocket"],
  ["polling", "polling"],
  ["polling,websocket", "websocket"],
];

// Expressions for the page.
const STATE = `state.textContent`;
const IS_READY = `state.textContent === "agent is awaiting user input"`;
/** True when the same came back. */
const ECHOES = {
  text: `socket.emitWithAck("echo", "玄関").then((back) => back === "玄関")`,
  binary: `(async () => {
    const sent = Uint8Array.from({ length: 70000 }, (_, at) => at % 251);
    const back = new Uint8Array(await socket.emitWithAck("echo", sent));
    return back.length === sent.length && back.every((byte, at) => byte === sent[at]);
  })()`,
  megabyte: `(async () => {
    const sent = Array.from({ length: 131072 }, (_, at) => String(at).padStart(8)).join("");
    return sent.length === 1048576 && (await socket.emitWithAck("echo", sent)) === sent;
  })()`,
};

describeWithTools("OpenHands in Chromium", ["chromium", "certutil"], () => {
  test.each(TRANSPORTS)("connects by %s at each of its names", async (transports, last) => {
    const { app, door } = await openHands();
    const browser = await chromiumAtHome([door.ready.root.path]);
    for (const name of [FULL_NAME, NAME]) {
      const page = await browser.newPage();
      const opened: string[] = [];
      page.on("websocket", (socket) => opened.push(socket.url()));
      const answers = await webSocketAnswers(page);
      await page.goto(`https://${name}:${door.httpsPort}/?transports=${transports}`);
      await page.waitForFunction(IS_READY);
      await page.waitForFunction(`socket.io.engine.transport.name === "${last}"`);
      await expect.poll(app.transports, PATIENCE).toEqual([last]);
      expect(await page.evaluate("isSecureContext")).toBe(true);
      expect(await protocolOf(page)).toBe("h2");
      for (const echo of Object.values(ECHOES)) expect(await page.evaluate(echo)).toBe(true);

      const webSockets = last === "websocket" ? 1 : 0;
      expect(await webSocketsOf(door)).toBe(webSockets);
      expect(opened.length).toBe(webSockets);
      for (const url of opened) expect(url).toContain(`wss://${name}:${door.httpsPort}/socket.io/`);
      expect(answers).toEqual(webSockets === 1 ? [200] : []);

      await page.close();
      await expect.poll(app.transports, PATIENCE).toEqual([]);
    }
  });

  test.each(TRANSPORTS)(
    "comes back by itself (%s) after the door was killed",
    async (transports, last) => {
      const { app, door } = await openHands();
      const page = await (await chromiumAtHome([door.ready.root.path])).newPage();
      await page.goto(`https://${NAME}:${door.httpsPort}/?transports=${transports}`);
      await page.waitForFunction(IS_READY);
      // Killed between two transports, it would be missed by the app only when its pings have run out.
      await expect.poll(app.transports, PATIENCE).toEqual([last]);
      const before = await page.evaluate("socket.id");
      await door.end("SIGKILL");
      await page.waitForFunction(`${STATE} === "waiting for the client"`);
      await expect.poll(app.transports, PATIENCE).toEqual([]);

      await openDoorAt(door);
      await page.waitForFunction(IS_READY);
      expect(await page.evaluate("socket.id")).not.toBe(before);
      expect(await page.evaluate(ECHOES.text)).toBe(true);
    },
  );

  test("is not opened where the root is not trusted", async () => {
    const { app, door } = await openHands();
    const before = app.requests(); // the door's, when it was opened
    const page = await (await chromiumAtHome([])).newPage();
    await expect(
      page.goto(`https://${FULL_NAME}:${door.httpsPort}/?transports=websocket`),
    ).rejects.toThrow("net::ERR_CERT_AUTHORITY_INVALID");
    expect(app.requests()).toBe(before);
  });
});

describeWithTools("OpenHands in Firefox", ["firefox-esr", "certutil"], () => {
  test.each(TRANSPORTS)("connects by %s", async (transports, last) => {
    const { app, door } = await openHands();
    const firefox = await firefoxAtHome([door.ready.root.path]);
    await firefox.open(`https://${FULL_NAME}:${door.httpsPort}/?transports=${transports}`);
    await expect.poll(() => firefox.evaluate(IS_READY), PATIENCE).toBe(true);
    await expect.poll(app.transports, PATIENCE).toEqual([last]);
    expect(await firefox.evaluate("isSecureContext")).toBe(true);
    for (const echo of Object.values(ECHOES)) expect(await firefox.evaluate(echo)).toBe(true);
    expect(await webSocketsOf(door)).toBe(last === "websocket" ? 1 : 0);
  });

  test("is not opened where the root is not trusted", async () => {
    const { app, door } = await openHands();
    const before = app.requests();
    const firefox = await firefoxAtHome([]);
    await expect(
      firefox.open(`https://${FULL_NAME}:${door.httpsPort}/?transports=websocket`),
    ).rejects.toThrow("SEC_ERROR_UNKNOWN_ISSUER");
    expect(app.requests()).toBe(before);
  });
});
