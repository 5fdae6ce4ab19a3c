import { expect } from "vitest";
import { planOf } from "../../support/door.ts";
import { answering, rawApp } from "../../support/raw-app.ts";
import { answerOf, forwarded, get } from "../ask.ts";
import { OK, scene, type Topic } from "../contract.ts";

const GET_FROM = (host: string): string => `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`;

export const routing: Topic = {
  title: "Names and routes",
  proofs: {
    "a request reaches the app its host names, and no other": async (open) => {
      const [wiki, chat] = [await rawApp(answering(OK)), await rawApp(answering(OK))];
      const door = await open({ wiki: wiki.to, chat: chat.to });
      const talk = await door.raw("chat.local");
      talk.say(GET_FROM("chat.local"));
      await talk.until("ok");
      const session = await door.http2("chat.local");
      expect(await answerOf(get(session, { ":authority": "chat.local" }))).toMatchObject({
        status: 200,
      });
      expect(wiki.connections).toEqual([]);
      expect(chat.received.join("").match(/^GET /gm)).toHaveLength(2);
    },

    "an app answers to every name it has": async (open) => {
      const app = await rawApp(answering(OK));
      const door = await open({});
      const plan = planOf({ wiki: app.to });
      const [planned] = plan.apps;
      if (!planned) throw new Error("planOf makes a plan of its apps");
      const wiki = { ...planned, hosts: ["wiki.local", "wiki.home.arpa"] };
      const route = { kind: "app", host: "wiki.home.arpa", app: wiki } as const;
      await door.engine.apply({
        apps: [wiki],
        routes: new Map([
          ...plan.routes,
          ["wiki.local", { ...route, host: "wiki.local" }],
          ["wiki.home.arpa", route],
        ]),
      });
      for (const host of wiki.hosts) {
        const talk = await door.raw(host);
        talk.say(GET_FROM(host));
        await talk.until("ok");
      }
    },

    "a host in other letters, with a port or a closing dot is the same host": async (open) => {
      const { door } = await scene(open, answering(OK));
      for (const host of ["WIKI.local", "wiki.local:443", "wiki.local.", "wiki.local.:8443"]) {
        const talk = await door.raw("wiki.local");
        talk.say(GET_FROM(host));
        await talk.until("ok");
      }
    },

    "an unknown host is told 421, and no app's name": async (open) => {
      const { app, door } = await scene(open, answering(OK));
      for (const name of ["", "evil.example"]) {
        const talk = await door.raw(name, { checkServerIdentity: () => undefined });
        talk.say("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
        const heard = await talk.end();
        expect(heard).toMatch(/^HTTP\/1.1 421 /);
        expect(heard).toContain("DOOR_UNKNOWN_HOST");
        expect(heard).not.toMatch(/wiki/);
      }
      expect(app.connections).toEqual([]);
    },

    "a connection made for one name carries no request for another": async (open) => {
      const { app, door } = await scene(open, answering(OK));
      await door.engine.apply(planOf({ wiki: app.to, chat: app.to }));
      const talk = await door.raw("wiki.local");
      talk.say(GET_FROM("chat.local"));
      expect(await talk.until(/\r\n\r\n/)).toMatch(/^HTTP\/1.1 421 /);
      const session = await door.http2("wiki.local");
      const stream = get(session, { ":authority": "chat.local" });
      expect(await answerOf(stream)).toMatchObject({ status: 421 });
      expect(app.connections).toEqual([]);
    },

    "an absolute target with the same host reaches the app as a path": async (open) => {
      const target = "https://wiki.local/a?b";
      const lines = await forwarded(open, `GET ${target} HTTP/1.1\r\nHost: wiki.local\r\n\r\n`);
      expect(lines[0]).toBe("GET /a?b HTTP/1.1");
    },

    "path and query arrive as they were written": async (open) => {
      const { app, door } = await scene(open, answering(OK));
      const path = "/a%2Fb//c/%E7%8E%84/%2e%2e/;p=1?x=%20&y=a+b&&z=//";
      const talk = await door.raw("wiki.local");
      talk.say(`GET ${path} HTTP/1.1\r\nHost: wiki.local\r\n\r\n`);
      await talk.until("ok");
      await answerOf(get(await door.http2("wiki.local"), { ":path": path }));
      const asked = app.received.join("").match(/^GET .*(?=\r$)/gm);
      expect(asked).toEqual([`GET ${path} HTTP/1.1`, `GET ${path} HTTP/1.1`]);
    },

    "an app on localhost is found on either loopback address": async (open) => {
      const [v4, v6] = [await rawApp(answering(OK)), await rawApp(answering(OK), "::1")];
      const door = await open({ v4: { ...v4.to, host: "localhost" } });
      await door.engine.apply(
        planOf({ v4: { ...v4.to, host: "localhost" }, v6: { ...v6.to, host: "localhost" } }),
      );
      for (const name of ["v4.local", "v6.local"]) {
        const talk = await door.raw(name);
        talk.say(GET_FROM(name));
        expect(await talk.until(/ok|502/)).toContain("ok");
      }
    },

    "the door's own names are answered by the door": async (open) => {
      const { app, door } = await scene(open, answering(OK));
      for (const [name, host] of [
        ["genkan.local", "genkan.local"],
        ["", "127.0.0.1"],
      ] as const) {
        const talk = await door.raw(name);
        talk.say(GET_FROM(host));
        expect(await talk.until(/\r\n\r\n/)).toMatch(/^HTTP\/1.1 200 /);
      }
      expect(app.connections).toEqual([]);
    },
  },
};
