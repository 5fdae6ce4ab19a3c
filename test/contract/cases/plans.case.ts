import { once } from "node:events";
import { expect } from "vitest";
import type { WebSocket } from "ws";
import { planOf } from "../../support/door.ts";
import { answering, rawApp, SOON } from "../../support/raw-app.ts";
import { GET, OK, scene, type Topic } from "../contract.ts";
import { echo, realApp, realClient, shaken, shakenOver } from "../websocket-scene.ts";

const SOCKETS = 1000;

/** Sends one numbered message on each, and gives how many came back as they were. */
async function exchanged(clients: readonly WebSocket[], round: number): Promise<number> {
  const came = clients.map(async (client, i) => {
    const message = `${round}:${i}`;
    client.send(message);
    return String((await once(client, "message"))[0]) === message;
  });
  return (await Promise.all(came)).filter(Boolean).length;
}

export const plans: Topic = {
  title: "Plans that change",
  proofs: {
    "a new plan is followed by every new connection": async (open) => {
      const [one, two] = [await rawApp(answering(OK)), await rawApp(answering(OK))];
      const door = await open({ wiki: one.to });
      await door.engine.apply(planOf({ wiki: two.to }));
      const talk = await door.raw("wiki.local");
      talk.say(`${GET}\r\n`);
      await talk.until("ok");
      expect([one.connections.length, two.connections.length]).toEqual([0, 1]);
      await door.engine.apply(planOf({ chat: two.to }));
      const other = await door.raw("", { checkServerIdentity: () => undefined });
      other.say(`${GET}\r\n`);
      expect(await other.until("\r\n\r\n")).toMatch(/^HTTP\/1.1 421 /);
    },

    "a new plan is followed by the next request of an open connection": async (open) => {
      const [one, two] = [await rawApp(answering(OK)), await rawApp(answering(OK))];
      const door = await open({ wiki: one.to });
      const talk = await door.raw("wiki.local");
      talk.say(`${GET}\r\n`);
      await talk.until("ok");
      await door.engine.apply(planOf({ wiki: two.to }));
      talk.say(`${GET}\r\n`);
      await talk.until(/ok.*ok/s);
      await door.engine.apply(planOf({}));
      talk.say(`${GET}\r\n`);
      await talk.until(/ok.*ok.*421/s);
      expect([one.connections.length, two.connections.length]).toEqual([1, 1]);
    },

    "a plan without an app lets its answers end that are under way": async (open) => {
      const { app, door } = await scene(open, (socket) => {
        socket.once("data", () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha"));
      });
      const talk = await door.raw("wiki.local");
      talk.say(`${GET}\r\n`);
      await talk.until("ha");
      await door.engine.apply(planOf({}));
      app.connections[0]?.write("lf");
      expect(await talk.until("half")).toMatch(/\r\n\r\nhalf$/);
    },

    "WebSockets stay open when other apps come, move and go": async (open) => {
      const { app, door } = await scene(open, echo);
      const other = await rawApp(echo);
      const talk = await shaken(door);
      for (const apps of [{ chat: other.to }, { notes: other.to }, { last: other.to }]) {
        await door.engine.apply(planOf({ wiki: app.to, ...apps }));
        const [message = ""] = Object.keys(apps);
        talk.say(message);
        await talk.until(message);
      }
      expect(talk.heard()).toMatch(/\r\n\r\nchatnoteslast$/);
    },

    "WebSockets stay open when their own app moves": async (open) => {
      const { door } = await scene(open, echo);
      const other = await rawApp(echo);
      const talk = await shaken(door);
      await door.engine.apply(planOf({ wiki: other.to }));
      talk.say("one");
      await talk.until("one");
    },

    "a plan without an app ends its WebSockets properly": async (open) => {
      const { app, door } = await scene(open, echo);
      const talk = await shaken(door);
      const proper = once(talk.socket, "end");
      await door.engine.apply(planOf({}));
      await proper;
      await expect.poll(() => app.connections[0]?.destroyed, SOON).toBe(true);
    },

    "over HTTP/2 WebSockets stay open when other apps come and go": async (open) => {
      const { app, door } = await scene(open, echo);
      const stream = await shakenOver(door);
      for (const apps of [{ chat: app.to }, {}]) {
        await door.engine.apply(planOf({ wiki: app.to, ...apps }));
        stream.write("one");
        expect(String((await once(stream, "data"))[0])).toBe("one");
      }
    },

    "1,000 WebSockets lose no message while other apps come and go": async (open) => {
      const app = await realApp({ perMessageDeflate: false });
      const door = await open({ wiki: app }, { limits: "wide" });
      const clients: WebSocket[] = [];
      while (clients.length < SOCKETS) {
        const some = Array.from({ length: 50 }, () =>
          realClient(door, { options: { perMessageDeflate: false } }),
        );
        clients.push(...(await Promise.all(some)));
      }
      let closed = 0;
      for (const client of clients) client.on("close", () => (closed += 1));
      const counts: number[] = [];
      for (let round = 0; round < 6; round += 1) {
        const others = Object.fromEntries(
          Array.from({ length: round % 3 }, (_, i) => [`other${round}${i}`, app]),
        );
        const change = door.engine.apply(planOf({ wiki: app, ...others }));
        counts.push(await exchanged(clients, round)); // while it changes
        await change;
        counts.push(await exchanged(clients, round + 100));
      }
      expect(counts).toEqual(Array.from({ length: 12 }, () => SOCKETS));
      expect(closed).toBe(0);
    },

    "traffic counts what passes and what is under way": async (open) => {
      const { app, door } = await scene(open, () => undefined);
      const talk = await door.raw("wiki.local");
      talk.say(`${GET}\r\n`);
      await expect.poll(() => app.connections.length, SOON).toBe(1);
      app.connections[0]?.write(OK);
      await talk.until("ok");
      await expect
        .poll(() => door.engine.traffic(), SOON)
        .toMatchObject([{ app: "wiki", requests: 1, webSockets: 0 }]);
      // An engine that cannot tell what is under way says so, and no number.
      expect([0, undefined]).toContain(door.engine.traffic()[0]?.active);
    },

    "a door that stops takes nobody new, lets answers end, and closes what is idle": async (
      open,
    ) => {
      const { app, door } = await scene(open, () => undefined);
      const idle = await door.raw("wiki.local");
      const busy = await door.raw("wiki.local");
      busy.say(`${GET}\r\n`);
      await expect.poll(() => app.received[0], SOON).toContain("GET /");
      const stopped = door.engine.stop(10_000);
      const isTaken = (): Promise<boolean> =>
        door.raw("wiki.local").then(
          () => true,
          () => false,
        );
      await expect.poll(isTaken, SOON).toBe(false);
      app.connections[0]?.write(OK);
      expect(await busy.end()).toMatch(/ok$/);
      await idle.end();
      await stopped;
    },

    "a door that stops ends what outlasts its patience": async (open) => {
      const { app, door } = await scene(open, () => undefined);
      const talk = await door.raw("wiki.local");
      talk.say(`${GET}\r\n`);
      await expect.poll(() => app.connections.length, SOON).toBe(1);
      await door.engine.stop(100);
      await talk.end();
      await expect.poll(() => app.connections[0]?.destroyed, SOON).toBe(true);
    },
  },
};
