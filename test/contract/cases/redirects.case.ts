import { expect } from "vitest";
import { PLAIN_PATHS } from "../../../src/model/plan.ts";
import { answering } from "../../support/raw-app.ts";
import { type EngineUnderTest, OK, scene, type Topic } from "../contract.ts";

const HEAD = "HTTP/1.1\r\nHost: wiki.local\r\nConnection: close\r\n";

async function heardPlainly(door: EngineUnderTest, request: string): Promise<string> {
  const talk = await door.plain();
  talk.say(request);
  return talk.end();
}

function location(heard: string): string | undefined {
  return /\r\nlocation: (.*)\r\n/i.exec(heard)?.[1];
}

export const redirects: Topic = {
  title: "The plain port",
  proofs: {
    "a visitor is sent to the same place over https, with its method and content": async (open) => {
      const { app, door } = await scene(open, answering(OK));
      const base = `https://wiki.local:${door.httpsPort}`;
      for (const [request, to] of [
        [`GET /a?b=c ${HEAD}\r\n`, `${base}/a?b=c`],
        [`HEAD / ${HEAD}\r\n`, `${base}/`],
        [`POST /p ${HEAD}Content-Length: 3\r\n\r\nabc`, `${base}/p`],
        [`GET /%2F%20 ${HEAD}\r\n`, `${base}/%2F%20`],
        [`GET / ${HEAD.replace("wiki.local", "WIKI.local:80")}\r\n`, `${base}/`],
      ] as const) {
        const heard = await heardPlainly(door, request);
        expect(heard).toMatch(/^HTTP\/1.1 308 /);
        expect(location(heard)).toBe(to);
      }
      expect(app.connections).toEqual([]);
    },

    "a path that looks like a host stays a path": async (open) => {
      const { door } = await scene(open, answering(OK));
      const heard = await heardPlainly(door, `GET //evil.example/ ${HEAD}\r\n`);
      expect(location(heard)).toBe(`https://wiki.local:${door.httpsPort}//evil.example/`);
    },

    "the door's own names and all addresses show its first page and what that hands out": async (
      open,
    ) => {
      const { app, door } = await scene(open, answering(OK));
      for (const host of ["genkan.local", "127.0.0.1", "192.168.1.5:8080", "[fd00::1]"]) {
        for (const path of ["/", "/?lang=ja", ...PLAIN_PATHS]) {
          const request = `GET ${path} ${HEAD.replace("wiki.local", host)}\r\n`;
          expect(await heardPlainly(door, request)).toMatch(/^HTTP\/1.1 200 [^]*portal/);
        }
      }
      expect(app.connections).toEqual([]);
    },

    "what else the door has of its own is sent on": async (open) => {
      const { door } = await scene(open, answering(OK));
      for (const host of ["genkan.local", "127.0.0.1"]) {
        const request = `GET /check?a=b ${HEAD.replace("wiki.local", host)}\r\n`;
        const heard = await heardPlainly(door, request);
        expect(location(heard)).toBe(`https://${host}:${door.httpsPort}/check?a=b`);
      }
    },

    "an app's name shows nothing of the door's": async (open) => {
      const { door } = await scene(open, answering(OK));
      for (const path of PLAIN_PATHS) {
        const heard = await heardPlainly(door, `GET ${path} ${HEAD}\r\n`);
        expect(location(heard)).toBe(`https://wiki.local:${door.httpsPort}${path}`);
      }
    },

    "an unknown host is sent nowhere, and told no app's name": async (open) => {
      const { door } = await scene(open, answering(OK));
      for (const path of ["/a", ...PLAIN_PATHS]) {
        const request = `GET ${path} ${HEAD.replace("wiki.local", "evil.example")}\r\n`;
        const heard = await heardPlainly(door, request);
        expect(heard).toMatch(/^HTTP\/1.1 421 /);
        expect(heard).not.toMatch(/wiki|location:|portal/i);
      }
    },

    "a request without a host, or with two, is refused": async (open) => {
      const { door } = await scene(open, answering(OK));
      for (const hosts of ["", "Host: wiki.local\r\nHost: evil.example\r\n"]) {
        const heard = await heardPlainly(door, `GET / HTTP/1.1\r\n${hosts}\r\n`);
        expect(heard).toMatch(/^HTTP\/1.1 400 /);
        expect(location(heard)).toBeUndefined();
      }
    },

    "no WebSocket opens over the plain port": async (open) => {
      const { app, door } = await scene(open, answering(OK));
      const upgrade = HEAD.replace("close", "Upgrade");
      const heard = await heardPlainly(
        door,
        `GET / ${upgrade}Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
      );
      expect(heard).toMatch(/^HTTP\/1.1 [34]\d\d /);
      expect(app.connections).toEqual([]);
    },
  },
};
