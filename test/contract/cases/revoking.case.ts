import { once } from "node:events";
import type { ClientHttp2Stream } from "node:http2";
import { expect } from "vitest";
import { planOf } from "../../support/door.ts";
import { answering, rawApp, SOON } from "../../support/raw-app.ts";
import { ask, get } from "../ask.ts";
import { type EngineUnderTest, OK, PROTOCOLS, type Topic } from "../contract.ts";
import { atHome, type HomeScene, SCRIPT } from "../home-scene.ts";
import { connectOver, echo, HANDSHAKE } from "../websocket-scene.ts";

/** A WebSocket of a device, over HTTP/1.1, as bytes. */
async function socketOf(door: EngineUnderTest, cookie: string) {
  const talk = await door.raw("wiki.local");
  talk.say(`${HANDSHAKE}Cookie: ${cookie}\r\n\r\n`);
  await talk.until(/^HTTP\/1.1 101 .*\r\n\r\n/s);
  return talk;
}

/** Milliseconds until `over` comes after a device was revoked. */
async function afterRevoking({ household, device }: HomeScene, over: Promise<unknown>) {
  const since = performance.now();
  await household.access.revoke(device.id);
  await over;
  return performance.now() - since;
}

const ENDLESS = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n";

export const revoking: Topic = {
  title: "Revoking",
  proofs: {
    "a WebSocket of a visitor nobody let in is refused, in words a program reads": async (open) => {
      const { app, door } = await atHome(open, { play: echo });
      const talk = await door.raw("wiki.local");
      talk.say(`${HANDSHAKE}\r\n`);
      expect(await talk.until('"code": "DOOR_SIGN_IN_NEEDED"')).toMatch(/^HTTP\/1.1 401 /);
      expect(app.connections).toEqual([]);
    },

    "over HTTP/2 a WebSocket of a visitor nobody let in is refused": async (open) => {
      const { app, door } = await atHome(open, { play: echo });
      const [answer] = await once(connectOver(await door.http2("wiki.local")), "response");
      expect(answer[":status"]).toBe(401);
      expect(app.connections).toEqual([]);
    },

    "a device that was revoked loses its WebSockets within a second": async (open) => {
      const scene = await atHome(open, { play: echo });
      const talk = await socketOf(scene.door, scene.device.cookie);
      talk.say("still here");
      await talk.until("still here");
      expect(await afterRevoking(scene, talk.end())).toBeLessThan(1000);
      await expect.poll(() => scene.app.connections[0]?.destroyed, SOON).toBe(true);
    },

    "over HTTP/2 a device that was revoked loses its WebSockets within a second": async (open) => {
      const scene = await atHome(open, { play: echo });
      const session = await scene.door.http2("wiki.local");
      const stream = connectOver(session, { cookie: scene.device.cookie });
      await once(stream, "response");
      expect(await afterRevoking(scene, closeOf(stream))).toBeLessThan(1000);
    },

    "a device that was revoked loses what is on its way": async (open) => {
      for (const protocol of PROTOCOLS) {
        const scene = await atHome(open, { play: answering(ENDLESS) });
        const { door, device } = scene;
        const over = protocol === "h2" ? streamed(door, device.cookie) : told(door, device.cookie);
        expect(await afterRevoking(scene, (await over).end)).toBeLessThan(1000);
        const [connection] = scene.app.connections;
        await expect.poll(() => connection?.destroyed, SOON).toBe(true);
      }
    },

    "a device that was revoked is nobody from then on": async (open) => {
      const { door, household, device, app } = await atHome(open, { play: answering(OK) });
      const fields = { ...SCRIPT, cookie: device.cookie };
      for (const protocol of PROTOCOLS) await ask(door, protocol, { fields });
      const before = app.received.join("").length;
      await household.access.revoke(device.id);
      for (const protocol of PROTOCOLS) {
        expect([protocol, (await ask(door, protocol, { fields })).status]).toEqual([protocol, 401]);
      }
      expect(app.received.join("")).toHaveLength(before);
    },

    "an app that closes to strangers loses those who are in": async (open) => {
      const { app, door } = await atHome(open, { play: echo, access: "open" });
      const talk = await door.raw("wiki.local");
      talk.say(`${HANDSHAKE}\r\n`);
      await talk.until(" 101 ");
      const streams = await rawApp(answering(ENDLESS));
      await door.engine.apply(planOf({ wiki: app.to, news: streams.to }));
      talk.say("an app beside it changes nothing");
      await talk.until("changes nothing");
      const reader = await door.raw("news.local");
      reader.say("GET / HTTP/1.1\r\nHost: news.local\r\n\r\n");
      await reader.until("data: 1");
      const closed = planOf({ wiki: app.to, news: streams.to }, { access: "household" });
      await door.engine.apply(closed);
      await Promise.all([talk.end(), reader.end()]);
      expect(talk.heard()).not.toContain("401");
    },

    "a device that signs out of an app loses its WebSockets there, and none elsewhere": async (
      open,
    ) => {
      const { door, household, device } = await atHome(open, { play: echo });
      const talk = await socketOf(door, device.cookie);
      await household.access.signOut(device.id, "photos.local");
      talk.say("still here");
      await talk.until("still here");
      await household.access.signOut(device.id, "wiki.local");
      await talk.end();
      expect(
        (await ask(door, "http/1.1", { fields: { ...SCRIPT, cookie: device.cookie } })).status,
      ).toBe(401);
    },

    "what other devices have open stays open": async (open) => {
      const scene = await atHome(open, { play: echo });
      const other = await scene.household.pair("Bob's phone", "wiki.local");
      const talk = await socketOf(scene.door, other.cookie);
      await scene.household.access.revoke(scene.device.id);
      talk.say("still here");
      await talk.until("still here");
      expect(talk.socket.destroyed).toBe(false);
    },
  },
};

async function told(door: EngineUnderTest, cookie: string): Promise<{ end: Promise<unknown> }> {
  const talk = await door.raw("wiki.local");
  talk.say(`GET / HTTP/1.1\r\nHost: wiki.local\r\nCookie: ${cookie}\r\n\r\n`);
  await talk.until("data: 1");
  return { end: talk.end() };
}

async function streamed(door: EngineUnderTest, cookie: string): Promise<{ end: Promise<unknown> }> {
  const stream = get(await door.http2("wiki.local"), { cookie });
  await once(stream, "data");
  return { end: closeOf(stream) };
}

function closeOf(stream: ClientHttp2Stream): Promise<void> {
  stream.on("error", () => undefined); // broken off, as it should be
  return new Promise((resolve) => stream.once("close", resolve));
}
