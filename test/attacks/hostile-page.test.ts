/*
 * The attacker is a web page. A member of the household visits it with the browser that also reaches
 * the door; the app behind the door asks nobody to sign in. The page wants to give the app orders
 * (cross-site request forgery) and to talk to it (cross-site WebSocket hijacking, CWE-1385). Nothing
 * of it may reach the app, and the app's own page must work as ever.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { WebSocketServer } from "ws";
import { chromiumAtHome } from "../support/chromium.ts";
import { openDoor } from "../support/genkan.ts";
import { listenForTest } from "../support/listen.ts";
import { tempFolder } from "../support/temp.ts";
import { describeWithTools } from "../support/tools.ts";
import { onEveryEngine } from "./stage.ts";

/** An app without a sign-in: it notes every order and every WebSocket. */
async function obedientApp(): Promise<{ port: number; orders: string[] }> {
  const orders: string[] = [];
  const server = createServer((request, response) => {
    if (request.method === "POST") orders.push(`POST from ${request.headers.origin ?? "nobody"}`);
    response.setHeader("access-control-allow-origin", "*");
    response.end("<!doctype html><title>app</title>");
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket, request) => {
    orders.push(`WebSocket from ${request.headers.origin ?? "nobody"}`);
    socket.send("at your orders");
  });
  return { port: await listenForTest(server, sockets), orders };
}

/** A page of somebody else's, on an address a browser counts as secure. */
async function hostilePage(): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/html");
    response.end("<!doctype html><title>cat pictures</title>");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://localhost:${(server.address() as AddressInfo).port}/`;
}

/** Tries everything against `target` (`https://name:port`), from the page that is open. */
const ATTACK = `async (target) => {
  const open = (url) => new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.onmessage = (event) => resolve(event.data);
    socket.onerror = () => resolve("refused");
  });
  const post = (options) => fetch(target + "/order", { method: "POST", body: "now", ...options })
    .then((answer) => answer.type + " " + answer.status, () => "refused");
  return {
    webSocket: await open(target.replace("https:", "wss:") + "/talk"),
    fetch: await post({}),
    simpleFetch: await post({ mode: "no-cors" }),
  };
}`;

onEveryEngine((engine) => {
  describeWithTools("a hostile page in a visitor's browser", ["chromium", "certutil"], () => {
    test("gives no orders and opens no WebSocket; the app's own page does both", async () => {
      const app = await obedientApp();
      const door = await openDoor(tempFolder(), ["--engine", engine, `app=${app.port}`]);
      const target = `https://app.local:${door.httpsPort}`;
      const browser = await chromiumAtHome([door.ready.root.path]);
      const page = await browser.newPage();

      await page.goto(await hostilePage());
      expect(await page.evaluate(`(${ATTACK})("${target}")`)).toEqual({
        webSocket: "refused",
        fetch: "refused",
        simpleFetch: "refused",
      });
      await page.setContent(
        `<form method="post" action="${target}/order"><button>cats</button></form>`,
      );
      await Promise.all([page.waitForURL(`${target}/order`), page.click("button")]);
      expect(await page.title()).toMatch(/Not from there/);
      expect(app.orders).toEqual([]);

      await page.goto(target);
      expect(await page.evaluate(`(${ATTACK})("${target}")`)).toEqual({
        webSocket: "at your orders",
        fetch: "basic 200",
        simpleFetch: "basic 200",
      });
      expect(app.orders).toEqual([
        `WebSocket from ${target}`,
        `POST from ${target}`,
        `POST from ${target}`,
      ]);
    });
  });
});
