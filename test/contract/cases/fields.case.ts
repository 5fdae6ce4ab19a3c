import { expect } from "vitest";
import { answering } from "../../support/raw-app.ts";
import { answered, answerOf, forwarded, get } from "../ask.ts";
import { GET, OK, scene, type Topic } from "../contract.ts";

export const fields: Topic = {
  title: "Header fields",
  proofs: {
    "order, case and duplicates of a visitor's fields are kept": async (open) => {
      const lines = await forwarded(
        open,
        `${GET}X-b: 1\r\nx-A: 2\r\nX-b: 3\r\nX-last: a=b\r\n\r\n`,
      );
      const at = lines.indexOf("X-b: 1");
      expect(lines.slice(at, at + 4)).toEqual(["X-b: 1", "x-A: 2", "X-b: 3", "X-last: a=b"]);
    },

    "order, case and duplicates of an app's fields are kept, Set-Cookie too": async (open) => {
      const own = ["Set-Cookie: a=1", "X-One: 1", "set-cookie: b=2", "x-One: 2", "Set-Cookie: c=3"];
      const answer = `HTTP/1.1 200 OK\r\n${own.join("\r\n")}\r\nContent-Length: 2\r\n\r\nok`;
      const heard = (await answered(open, answer, { last: /ok/ })).split("\r\n");
      expect(heard.filter((line) => own.includes(line))).toEqual(own);
    },

    "cookies an app sets arrive one by one over HTTP/2": async (open) => {
      const { door } = await scene(
        open,
        answering(
          "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n",
        ),
      );
      const { headers } = await answerOf(get(await door.http2("wiki.local")));
      expect(headers["set-cookie"]).toEqual(["a=1", "b=2"]);
    },

    "Server, Date and the like are the app's own, and nothing is added to an answer": async (
      open,
    ) => {
      const own = ["Server: mine/1", "Date: Thu, 01 Jan 2026 00:00:00 GMT", "Content-Length: 2"];
      const answer = `HTTP/1.1 200 OK\r\n${own.join("\r\n")}\r\n\r\nok`;
      const request = `${GET}Connection: close\r\n\r\n`;
      const heard = await answered(open, answer, { request, last: /ok$/ });
      const lines = heard.split("\r\n").slice(1, -2);
      expect(lines.toSorted()).toEqual(["Connection: close", ...own].toSorted());
    },

    "a status and its words are passed on": async (open) => {
      const heard = await answered(open, "HTTP/1.1 299 Fine Enough\r\nContent-Length: 0\r\n\r\n");
      expect(heard).toMatch(/^HTTP\/1.1 299 Fine Enough\r\n/);
    },

    "fields about the visitor's connection stay at the door": async (open) => {
      const lines = await forwarded(
        open,
        `${GET}Connection: keep-alive\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\nProxy-Connection: keep-alive\r\nProxy-Authorization: x\r\n\r\n`,
      );
      const rest = lines.filter((line) => !/^connection: (keep-alive|close)?$/i.test(line));
      expect(rest.join("\n")).not.toMatch(/^(connection|keep-alive|te|proxy-.*):/im);
      expect(lines).toContain("Host: wiki.local");
    },

    "fields a visitor's Connection names stay at the door, but the host": async (open) => {
      const request = `${GET}Connection: X-Mine, host\r\nX-Mine: 1\r\n\r\n`;
      const lines = await forwarded(open, request);
      expect(lines.join("\n")).not.toMatch(/x-mine/i);
      expect(lines).toContain("Host: wiki.local");
    },

    "fields about the app's connection stay at the door": async (open) => {
      const heard = await answered(
        open,
        "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=1\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n",
      );
      expect(heard).not.toMatch(/upgrade|timeout=1\r/i);
    },

    "fields an app's Connection names stay at the door": async (open) => {
      const heard = await answered(
        open,
        "HTTP/1.1 200 OK\r\nConnection: X-Mine\r\nX-Mine: 1\r\nContent-Length: 0\r\n\r\n",
      );
      expect(heard).not.toMatch(/x-mine/i);
    },

    "what an app is told about the visitor is said by the door alone": async (open) => {
      const { app, door } = await scene(open, answering(OK));
      const port = door.httpsPort;
      const talk = await door.raw("wiki.local");
      talk.say(
        `GET / HTTP/1.1\r\nHost: wiki.local:${port}\r\nX-Forwarded-For: 6.6.6.6\r\nx-forwarded-host: evil\r\nX_Forwarded_For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nX-Genkan-Device: evil\r\nProxy: http://evil\r\n\r\n`,
      );
      await talk.until("ok");
      const lines = app.received.join("").split("\r\n");
      expect(lines.join("\n")).not.toMatch(/evil|6\.6\.6\.6/);
      const told = lines.filter((line) => line.startsWith("X-Forwarded-"));
      expect(told.toSorted()).toEqual([
        "X-Forwarded-For: 127.0.0.1",
        `X-Forwarded-Host: wiki.local:${port}`,
        `X-Forwarded-Port: ${port}`,
        "X-Forwarded-Proto: https",
      ]);
    },

    "whatever else calls itself forwarded does not reach an app": async (open) => {
      const names = ["User", "Prefix", "Server", "Ssl", "Email", "Groups", "Client-Cert"];
      const untrue = names.map((name) => `X-Forwarded-${name}: evil\r\n`).join("");
      expect((await forwarded(open, `${GET}${untrue}\r\n`)).join("\n")).not.toContain("evil");
    },

    "crumbs of cookies over HTTP/2 reach the app as one field": async (open) => {
      const { app, door } = await scene(open, answering(OK));
      const session = await door.http2("wiki.local");
      await answerOf(get(session, { cookie: ["a=1", "b=2"] }));
      expect(app.received[0]?.match(/^cookie: .*(?=\r$)/gim)).toEqual([
        expect.stringMatching(/^cookie: a=1; b=2$/i),
      ]);
    },

    "values of 8 kB, empty ones, and bytes above ASCII pass unharmed, both ways": async (open) => {
      const cookie = `Cookie: ${"a".repeat(7000)}`;
      const { app, door } = await scene(
        open,
        answering(
          `HTTP/1.1 200 OK\r\nX-Large: ${"b".repeat(7000)}\r\nX-Empty:\r\nX-Name: \xe9\r\nContent-Length: 2\r\n\r\nok`,
        ),
      );
      const talk = await door.raw("wiki.local");
      talk.say(`${GET}${cookie}\r\nX-Empty:\r\nX-Name: \xe9\r\n\r\n`);
      const heard = await talk.until(/ok$/);
      expect(app.received[0]).toContain(`${cookie}\r\n`);
      expect(app.received[0]).toMatch(/\r\nX-Empty: ?\r\n/);
      expect(app.received[0]).toContain("X-Name: \xe9\r\n");
      expect(heard).toContain(`X-Large: ${"b".repeat(7000)}\r\n`);
      expect(heard).toMatch(/\r\nX-Empty: ?\r\n/);
      expect(heard).toContain("X-Name: \xe9\r\n");
    },

    "a hundred fields pass, both ways": async (open) => {
      const lines = Array.from({ length: 100 }, (_, i) => `X-Field-${i}: ${i}\r\n`);
      const { app, door } = await scene(
        open,
        answering(`HTTP/1.1 200 OK\r\n${lines.join("")}Content-Length: 2\r\n\r\nok`),
      );
      const talk = await door.raw("wiki.local");
      talk.say(`${GET}${lines.join("")}\r\n`);
      expect(await talk.until(/ok$/)).toContain(lines.join(""));
      expect(app.received[0]).toContain(lines.join(""));
    },
  },
};
