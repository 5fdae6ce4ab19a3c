/*
 * Apps believe what a proxy says of a visitor: its address, whether it came over https, who it is. A
 * device on the network says these things itself, in every spelling some app takes for the real one.
 */
import { createServer } from "node:http";
import { expect, test } from "vitest";
import { END_HEADERS, END_STREAM, frame, HEADERS, section, talkHttp2 } from "./http2-frames.ts";
import { onEveryEngine, setStage } from "./stage.ts";
import { heardOut, talkSecurely } from "./talk.ts";

const app = createServer((_request, response) => response.end("ok"));

const UNTRUE = [
  "X-Forwarded-For",
  "X-Forwarded-Proto",
  "X-Forwarded-Host",
  "X-Forwarded-Port",
  "X-Forwarded-Server",
  "X-Forwarded-Prefix",
  "X-Forwarded-Scheme",
  "X-Forwarded-Ssl",
  "X-Forwarded-User",
  "X-Forwarded-Email",
  "X-Forwarded-Groups",
  "X-Forwarded-Access-Token",
  "X-Forwarded-Client-Cert",
  "Forwarded",
  "X-Real-IP",
  "X-Genkan-Device",
  "X-Genkan-Anything",
  "Proxy",
  // CGI and WSGI make the same variable of these:
  "X_Forwarded_For",
  "X_Forwarded-For",
  "X-Forwarded_Proto",
  "x_forwarded_host",
  "X_Real_IP",
  "X_Genkan_Device",
];

/** nginx drops fields by name: of the door's own family those that exist. */
const MADE_UP = new Set(["X-Genkan-Anything"]);

/** What the app may hear of the visitor: the door's own words, each once. */
const TRUE = [
  "X-Forwarded-For: 127.0.0.1",
  "X-Forwarded-Proto: https",
  "X-Forwarded-Host: wiki.local",
  "X-Forwarded-Port: 443",
];

function expectOnlyTrue(seen: string): void {
  const lines = seen.split("\r\n").filter((line) => !/^CDN-Loop: genkan-\w+$/.test(line));
  expect(lines.slice(1)).toEqual([expect.stringMatching(/^host: wiki.local$/i), ...TRUE, "", ""]);
  expect(seen).not.toContain("evil");
}

onEveryEngine((engine) => {
  const told = UNTRUE.filter((name) => engine === "node" || !MADE_UP.has(name));
  const stage = setStage(engine, (socket) => void app.emit("connection", socket));

  test("over HTTP/1.1 the app hears of the visitor from the door alone", async () => {
    const talk = await talkSecurely(stage.door, "wiki.local");
    const fields = told.map((name) => `${name}: evil\r\n`).join("");
    talk.say(`GET /a HTTP/1.1\r\nHost: wiki.local\r\n${fields}Connection: close\r\n\r\n`);
    expect(await talk.end()).toMatch(/^HTTP\/1.1 200 /);
    expectOnlyTrue(await stage.quiet());
  });

  test("said twice, in pieces, or in capitals, it is the same", async () => {
    const talk = await talkSecurely(stage.door, "wiki.local");
    const fields = told
      .map((name) => `${name.toUpperCase()}: evil\r\n${name.toLowerCase()}:\t evil, evil\t\r\n`)
      .join("");
    talk.say(`GET /a HTTP/1.1\r\n${fields}Host: wiki.local\r\n${fields}Connection: close\r\n\r\n`);
    expect(await talk.end()).toMatch(/^HTTP\/1.1 200 /);
    expectOnlyTrue(await stage.quiet());
  });

  test("over HTTP/2 the app hears of the visitor from the door alone", async () => {
    const talk = await talkHttp2(stage.door);
    const fields = told.map((name) => [name.toLowerCase(), "evil"] as const);
    const block = section([
      [":method", "GET"],
      [":scheme", "http"],
      [":authority", "wiki.local"],
      [":path", "/a"],
      ...fields,
    ]);
    talk.say(frame([HEADERS, END_STREAM | END_HEADERS], 1, block));
    expect(await talk.until("ok")).toBeDefined();
    expectOnlyTrue(await stage.quiet());
  });

  test("to a WebSocket too", async () => {
    const talk = await talkSecurely(stage.door, "wiki.local");
    const fields = told.map((name) => `${name}: evil\r\n`).join("");
    talk.say(
      `GET /a HTTP/1.1\r\nHost: wiki.local\r\n${fields}Connection: Upgrade, X-Forwarded-For\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
    );
    await heardOut(talk);
    const seen = await stage.quiet();
    expect(seen).toContain(`\r\n${TRUE.join("\r\n")}\r\n`);
    expect(seen.match(/forwarded/gi)).toHaveLength(TRUE.length);
    expect(seen).not.toContain("evil");
  });

  // nginx refuses a target and a Host that are not the same, letter by letter.
  test.skipIf(engine === "nginx")(
    "the Host an app builds its links from is one of the door's names, whatever the visitor writes",
    async () => {
      const talk = await talkSecurely(stage.door, "wiki.local");
      talk.say(
        "GET https://WIKI.local:444/a HTTP/1.1\r\nHost: wiki.local\r\nX-Host: evil\r\nConnection: close\r\n\r\n",
      );
      expect(await talk.end()).toMatch(/^HTTP\/1.1 200 /);
      expect(await stage.quiet()).toMatch(
        /^GET \/a HTTP\/1.1\r\nHost: wiki.local:444\r\n[^]*X-Forwarded-Host: wiki.local:444\r\nX-Forwarded-Port: 444\r\n/i,
      );
    },
  );
});
