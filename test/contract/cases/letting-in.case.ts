import { createHash } from "node:crypto";
import { expect } from "vitest";
import { parseOpenPath } from "../../../src/model/open-paths.ts";
import { ROTATE_AFTER } from "../../../src/access/sessions.ts";
import { CLOSED_GATE } from "../../support/household.ts";
import { answering, rawApp } from "../../support/raw-app.ts";
import { ask } from "../ask.ts";
import { OK, PROTOCOLS, type Topic } from "../contract.ts";
import { atHome, PAGE, SCRIPT } from "../home-scene.ts";

const WITHOUT_OURS = "cookie: a=1; b=2";

export const lettingIn: Topic = {
  title: "Letting in",
  proofs: {
    "a visitor nobody let in is sent to the portal, with the way back": async (open) => {
      const { app, door } = await atHome(open);
      for (const protocol of PROTOCOLS) {
        const place = `wiki.local:${door.httpsPort}`;
        const fields = { ...PAGE, [protocol === "h2" ? ":authority" : "host"]: place };
        const { status, headers } = await ask(door, protocol, { path: "/a?b=c&d", fields });
        expect([protocol, status]).toEqual([protocol, 303]);
        const way = new URL(headers["location"] ?? "");
        const nonce = /^__Host-genkan-nonce=([^;]+);/.exec(headers["set-cookie"]?.[0] ?? "")?.[1];
        expect(way.origin + way.pathname).toBe(`https://genkan.local:${door.httpsPort}/enter`);
        expect(Object.fromEntries(way.searchParams)).toEqual({
          to: place,
          n: createHash("sha256").update(String(nonce)).digest("base64url"),
          path: "/a?b=c&d",
        });
      }
      expect(app.connections).toEqual([]);
    },

    "a script of a visitor nobody let in is told so in JSON": async (open) => {
      const { app, door } = await atHome(open);
      for (const protocol of PROTOCOLS) {
        const { status, headers, body } = await ask(door, protocol, { fields: SCRIPT });
        expect([protocol, status, headers["content-type"]]).toEqual([
          protocol,
          401,
          "application/json",
        ]);
        expect(JSON.parse(body)).toMatchObject({
          error: { code: "DOOR_SIGN_IN_NEEDED", signIn: "https://wiki.local/" },
        });
        expect(headers["access-control-allow-origin"]).toBeUndefined();
      }
      expect(app.connections).toEqual([]);
    },

    "what a visitor nobody let in sends is kept from the app, and not sent later": async (open) => {
      const { app, door } = await atHome(open);
      for (const protocol of PROTOCOLS) {
        const fields = { ...PAGE, "content-length": "0", origin: "https://wiki.local" };
        const asked = await ask(door, protocol, { method: "POST", path: "/save", fields });
        expect([protocol, asked.status]).toEqual([protocol, 401]);
        expect(asked.body).toContain("https://wiki.local/");
      }
      expect(app.connections).toEqual([]);
    },

    "a device that was let in passes, and the app is told which it is": async (open) => {
      const { app, door, device } = await atHome(open);
      for (const protocol of PROTOCOLS) {
        const asked = await ask(door, protocol, { fields: { cookie: device.cookie } });
        expect([protocol, asked.status]).toEqual([protocol, 200]);
      }
      const told = app.received.join("").match(/^x-genkan-.*(?=\r$)/gim);
      const each = [
        `X-Genkan-Device: ${device.id}`,
        "X-Genkan-Name: Ada's%20phone",
        "X-Genkan-Role: owner",
      ];
      expect(told).toEqual([...each, ...each]);
    },

    "nobody says for the door who a visitor is": async (open) => {
      const { app, door, device } = await atHome(open);
      const said = { "x-genkan-role": "emperor", "X-Genkan_Device": "6", "x-genkan-new": "6" };
      for (const protocol of PROTOCOLS) {
        await ask(door, protocol, { fields: { cookie: device.cookie, ...said } });
      }
      expect(app.received.join("")).not.toMatch(/emperor|: 6\r\n/);
    },

    "the door's cookie never reaches an app": async (open) => {
      const { app, door, device } = await atHome(open);
      const cookie = `a=1; ${device.cookie}; b=2; __Host-genkan-nonce=n`;
      for (const protocol of PROTOCOLS) await ask(door, protocol, { fields: { cookie } });
      const cookies = app.received.join("").match(/^cookie: .*(?=\r$)/gim);
      expect(cookies?.map((line) => line.toLowerCase())).toEqual([WITHOUT_OURS, WITHOUT_OURS]);
    },

    "an app cannot set the door's cookie": async (open) => {
      const sets = ["__Host-genkan=evil; Path=/; Secure", "=__Host-genkan=evil", "a=1; Path=/"];
      const fields = sets.map((value) => `Set-Cookie: ${value}\r\n`).join("");
      const { door, device } = await atHome(open, {
        play: answering(OK.replace("\r\n\r\n", `\r\n${fields}\r\n`)),
      });
      for (const protocol of PROTOCOLS) {
        const { headers } = await ask(door, protocol, { fields: { cookie: device.cookie } });
        expect([protocol, headers["set-cookie"]]).toEqual([protocol, ["a=1; Path=/"]]);
      }
    },

    "a cookie opens the host it was given for, and no other": async (open) => {
      const { app, door, household } = await atHome(open);
      const { cookie } = await household.pair("Bob's tablet", "chat.local");
      for (const protocol of PROTOCOLS) {
        const asked = await ask(door, protocol, { fields: { ...SCRIPT, cookie } });
        expect([protocol, asked.status]).toEqual([protocol, 401]);
      }
      expect(app.connections).toEqual([]);
    },

    "a program with a token gets in, and its token stays at the door": async (open) => {
      const { app, door, household } = await atHome(open);
      const tokens = household.access.tokens;
      const token = await tokens.create({ name: "backup", apps: ["wiki"], expires: null });
      const fields = { authorization: `Bearer ${token}` };
      for (const protocol of PROTOCOLS) {
        expect([protocol, (await ask(door, protocol, { fields })).status]).toEqual([protocol, 200]);
      }
      expect(app.received.join("")).toContain("X-Genkan-Name: backup\r\nX-Genkan-Role: program");
      expect(app.received.join("")).not.toMatch(/authorization|genkan_/i);
    },

    "what an app itself takes as a token goes through": async (open) => {
      const { app, door, device } = await atHome(open);
      const fields = { authorization: "Bearer its-own", cookie: device.cookie };
      for (const protocol of PROTOCOLS) await ask(door, protocol, { fields });
      expect(app.received.join("").match(/^authorization: Bearer its-own\r$/gim)).toHaveLength(2);
    },

    "a token for another app is refused, and a cookie does not make up for it": async (open) => {
      const { app, door, household, device } = await atHome(open);
      const tokens = household.access.tokens;
      const other = await tokens.create({ name: "other", apps: ["chat"], expires: null });
      for (const protocol of PROTOCOLS) {
        const statusOf = async (token: string): Promise<number> => {
          const fields = { cookie: device.cookie, authorization: `Bearer ${token}` };
          return (await ask(door, protocol, { fields })).status;
        };
        expect([await statusOf(other), await statusOf("genkan_guessed")]).toEqual([403, 401]);
      }
      expect(app.connections).toEqual([]);
    },

    "an app for owners is closed to everybody else": async (open) => {
      const { door, device, household } = await atHome(open, { access: "owner" });
      const member = await household.pair("Bob's phone", "wiki.local");
      for (const protocol of PROTOCOLS) {
        const statusOf = async ({ cookie }: { cookie: string }): Promise<number> =>
          (await ask(door, protocol, { fields: { ...PAGE, cookie } })).status;
        expect([await statusOf(device), await statusOf(member)]).toEqual([200, 403]);
      }
    },

    "open paths are open, and nothing beside them": async (open) => {
      const openPaths = ["/webhook/*", "/health"].map(parseOpenPath);
      const { door } = await atHome(open, { openPaths });
      for (const protocol of PROTOCOLS) {
        const statusOf = async (path: string): Promise<number> =>
          (await ask(door, protocol, { path, fields: SCRIPT })).status;
        expect([await statusOf("/webhook/a?b"), await statusOf("/health")]).toEqual([200, 200]);
        for (const path of [
          "/webhook",
          "/webhook/../x",
          "/webhook/%2e%2e/x",
          "/health/",
          "//health",
        ]) {
          expect([protocol, path, await statusOf(path)]).toEqual([protocol, path, 401]);
        }
      }
    },

    "a session that grew old is renewed with the next page, and with that alone": async (open) => {
      const { door, device, household } = await atHome(open);
      household.world.pass(ROTATE_AFTER + 1);
      const { cookie } = device;
      const script = await ask(door, "http/1.1", { fields: { ...SCRIPT, cookie } });
      expect([script.status, script.headers["set-cookie"]]).toEqual([200, undefined]);
      const page = await ask(door, "http/1.1", { fields: { ...PAGE, cookie } });
      const [renewed = ""] = page.headers["set-cookie"]?.[0]?.split(";") ?? [];
      expect(renewed).toMatch(/^__Host-genkan=[A-Za-z0-9_-]{43}$/);
      const after = await ask(door, "h2", { fields: { ...SCRIPT, cookie: renewed } });
      expect([renewed === cookie, after.status]).toEqual([false, 200]);
    },

    "what lies under /.genkan/ never reaches an app": async (open) => {
      const { app, door, device } = await atHome(open);
      for (const protocol of PROTOCOLS) {
        for (const fields of [{}, { cookie: device.cookie }]) {
          const { body } = await ask(door, protocol, { path: "/.genkan/enter?code=x", fields });
          expect([protocol, body]).toEqual([protocol, "the door's, at wiki.local"]);
        }
      }
      expect(app.connections).toEqual([]);
    },

    "where nobody can tell who may come in, nobody comes in": async (open) => {
      const app = await rawApp(answering(OK));
      const door = await open(
        { wiki: app.to },
        { gate: CLOSED_GATE, terms: { access: "household" } },
      );
      for (const protocol of PROTOCOLS) {
        const { status, body } = await ask(door, protocol, { fields: SCRIPT });
        expect([protocol, status]).toEqual([protocol, 503]);
        expect(body).toContain("DOOR_CLOSED");
      }
      expect(app.connections).toEqual([]);
    },
  },
};
