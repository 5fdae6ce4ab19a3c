/*
 * A hostile device on the network speaks HTTP/1.1 to the door in ways two programs could read in two
 * ways. Whatever the door lets through, the app behind it reads; so it lets through nothing of the kind.
 */
import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { get, post, REFUSED, SMUGGLED, type Story } from "./request-stories.ts";
import { targetsOf } from "./reading.ts";
import { type EngineName, onEveryEngine, plainAnswer, setStage } from "./stage.ts";
import { heardOut, talkSecurely } from "./talk.ts";

/** The app is an ordinary one, made with Node. */
const app = createServer((request, response) => {
  request.resume();
  response.end("ok");
});

/** nginx has statuses of its own for these, HTTP/0.9 it answers in kind, and not behind each it ends the connection. */
const NO_OF_NGINX = /^HTTP\/1\.1 (?:400|405|414|421|431|501|505) |^<html>|^$/;

/** HTTP/0.9 has no status. */
function isRefused(status: number | undefined): boolean {
  return [308, 400, 405, 414, 421, 431, 501, 505, undefined].includes(status);
}

/** The door's own page, with the reason's code, and the end of the connection. */
function noOf(engine: EngineName, status: number): RegExp {
  if (engine === "nginx") return NO_OF_NGINX;
  return new RegExp(`^HTTP/1\\.1 ${status} (?=[^]*\r\nconnection: close\r\n)[^]*DOOR_[A-Z_]+`, "i");
}

onEveryEngine((engine) => {
  const isTaken = ({ nginx }: Story): boolean => engine === "nginx" && nginx !== undefined;
  const stage = setStage(engine, (socket) => void app.emit("connection", socket));

  describe("refused, without a byte of it at the app", () => {
    test.each(REFUSED.filter((story) => !isTaken(story)))("$tells", async ({ bytes, hears }) => {
      const talk = await talkSecurely(stage.door, "wiki.local");
      talk.say(bytes);
      const heard = engine === "node" ? await talk.end() : await heardOut(talk);
      expect(heard).toMatch(noOf(engine, hears));
      expect(heard.match(/HTTP\/1\.1 \d/g)?.length ?? 1).toBe(1);
      expect(await stage.quiet()).toBe("");
    });
  });

  describe.runIf(engine === "nginx")("read in one way only, and written anew for the app", () => {
    test.each(REFUSED.filter(isTaken))("$tells: $nginx.reason", async ({ bytes, nginx }) => {
      const talk = await talkSecurely(stage.door, "wiki.local");
      talk.say(bytes);
      await heardOut(talk);
      const seen = await stage.quiet();
      expect(targetsOf(seen)).toEqual(nginx?.sees);
    });
  });

  describe("the plain port refuses it or sends it on to https, and asks no app", () => {
    test.each(REFUSED)("$tells", async ({ bytes }) => {
      expect(await plainAnswer(stage.door, bytes)).toSatisfy(isRefused);
      expect(await stage.quiet()).toBe("");
    });

    test("and neither does a proper request, nor what comes behind it", async () => {
      expect(await plainAnswer(stage.door, get("") + SMUGGLED)).toBe(308);
      expect(await plainAnswer(stage.door, post("Content-Length: 3\r\n", `abc${SMUGGLED}`))).toBe(
        308,
      );
      expect(await plainAnswer(stage.door, get("Expect: 100-continue\r\n"))).toBe(308);
      expect(await stage.quiet()).toBe("");
    });
  });
});
