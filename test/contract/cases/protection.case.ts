import { expect } from "vitest";
import { planOf } from "../../support/door.ts";
import { answering, rawApp } from "../../support/raw-app.ts";
import { ask } from "../ask.ts";
import { OK, PROTOCOLS, scene, type Topic } from "../contract.ts";
import { HANDSHAKE, echo } from "../websocket-scene.ts";

/** What a browser says of a request another site's page had it send. */
const FOREIGN: Record<string, string>[] = [
  { origin: "https://evil.example" },
  { origin: "null" },
  { origin: "https://wiki.local.evil.example" },
  { origin: "http://wiki.local" },
  { origin: "https://wiki.local:8443" },
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-site" },
];

const OWN: Record<string, string>[] = [
  {},
  { origin: "https://wiki.local" },
  { origin: "https://wiki.local", "sec-fetch-site": "same-origin" },
  { "sec-fetch-site": "none" },
];

export const protection: Topic = {
  title: "What the door refuses",
  proofs: {
    "orders another site's page gives in the visitor's name are refused": async (open) => {
      const { app, door } = await scene(open, answering(OK));
      for (const protocol of PROTOCOLS) {
        for (const said of FOREIGN) {
          const fields = { ...said, "content-length": "0" };
          const { status } = await ask(door, protocol, { method: "POST", fields });
          expect([protocol, said, status]).toEqual([protocol, said, 403]);
        }
      }
      expect(app.connections).toEqual([]);
    },

    "every method that may change something is held to that": async (open) => {
      const { app, door } = await scene(open, answering(OK));
      for (const method of ["PUT", "PATCH", "DELETE", "PROPFIND"]) {
        const fields = { origin: "https://evil.example" };
        expect((await ask(door, "h2", { method, fields })).status).toBe(403);
      }
      expect(app.connections).toEqual([]);
    },

    "WebSockets another site's page opens are refused": async (open) => {
      const { app, door } = await scene(open, echo);
      for (const said of FOREIGN) {
        const [[name, value] = []] = Object.entries(said);
        const talk = await door.raw("wiki.local");
        talk.say(`${HANDSHAKE}${name}: ${value}\r\n\r\n`);
        expect([said, await talk.until("\r\n\r\n")]).toEqual([
          said,
          expect.stringMatching(/^HTTP\/1.1 403 /),
        ]);
      }
      expect(app.connections).toEqual([]);
    },

    "the app's own pages and programs do as they like": async (open) => {
      const { door } = await scene(open, answering(OK));
      for (const protocol of PROTOCOLS) {
        for (const said of OWN) {
          const fields = { ...said, "content-length": "0" };
          const { status } = await ask(door, protocol, { method: "POST", fields });
          expect([protocol, said, status]).toEqual([protocol, said, 200]);
        }
      }
    },

    "following a link from another site is nobody's order": async (open) => {
      const { door } = await scene(open, answering(OK));
      for (const fields of FOREIGN) {
        expect(await ask(door, "http/1.1", { fields })).toMatchObject({ status: 200 });
      }
    },

    "a site the app trusts may give orders, and no other": async (open) => {
      const app = await rawApp(answering(OK));
      const plan = planOf({ wiki: app.to });
      const [planned] = plan.apps;
      if (!planned) throw new Error("planOf makes a plan of its apps");
      const wiki = { ...planned, origins: ["https://friend.example"] };
      const route = { kind: "app", host: "wiki.local", app: wiki } as const;
      const door = await open({ wiki: app.to });
      const routes = new Map([...plan.routes, ["wiki.local", route] as const]);
      await door.engine.apply({ apps: [wiki], routes });
      const told: number[] = [];
      for (const site of ["friend", "evil"]) {
        const fields = { origin: `https://${site}.example`, "content-length": "0" };
        told.push((await ask(door, "http/1.1", { method: "POST", fields })).status);
      }
      expect(told).toEqual([200, 403]);
    },

    "a door that leads back to itself says so with 508 instead of going round": async (open) => {
      const door = await open({ wiki: 1 });
      const to = {
        scheme: "https",
        host: "127.0.0.1",
        port: door.httpsPort,
        insecure: true,
      } as const;
      await door.engine.apply(planOf({ wiki: to }));
      for (const protocol of PROTOCOLS) {
        const { status, body } = await ask(door, protocol);
        expect([protocol, status]).toEqual([protocol, 508]);
        expect(body).toContain("DOOR_LOOP");
      }
    },

    "another door's mark passes, and ours is added": async (open) => {
      const { app, door } = await scene(open, answering(OK));
      const fields = { "cdn-loop": "genkan-other; v=1" };
      expect(await ask(door, "http/1.1", { fields })).toMatchObject({ status: 200 });
      const marks = app.received[0]?.match(/^cdn-loop: .*(?=\r$)/gim)?.join(", ");
      expect(marks).toMatch(/genkan-other; v=1/);
      expect(marks?.match(/genkan-\w+/g)?.length).toBeGreaterThanOrEqual(2);
    },
  },
};
