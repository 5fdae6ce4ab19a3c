import { expect } from "vitest";
import { answering } from "../../support/raw-app.ts";
import { ask } from "../ask.ts";
import { OK, PROTOCOLS, scene, type Topic } from "../contract.ts";
import { answeredBy, NAMED } from "../sandbox-scene.ts";

/** What a browser says of a page that is asked for. */
const asking = (dest: string, site: string): Record<string, string> => {
  return { "sec-fetch-dest": dest, "sec-fetch-site": site, "sec-fetch-mode": "navigate" };
};
const FRAMED = ["iframe", "frame", "object", "embed"].flatMap((dest) => [
  asking(dest, "same-site"),
  asking(dest, "cross-site"),
]);
const WELCOME = [
  asking("iframe", "same-origin"),
  asking("iframe", "none"),
  asking("document", "cross-site"),
  asking("image", "same-site"),
  {},
];

export const framing: Topic = {
  title: "Frames around an app with sandboxes",
  proofs: {
    "no page of another origin shows it in a frame, not even one of its own sandboxes": async (
      open,
    ) => {
      const { app, door } = await answeredBy(open, OK);
      for (const fields of FRAMED) {
        for (const path of ["/", NAMED, "/.genkan/enter"]) {
          for (const protocol of PROTOCOLS) {
            const { status } = await ask(door, protocol, { path, fields });
            expect([protocol, path, fields, status]).toEqual([protocol, path, fields, 403]);
          }
        }
      }
      expect(app.connections).toEqual([]);
    },

    "its own page, links to it and what browsers say nothing of are welcome": async (open) => {
      const { door } = await answeredBy(open, OK);
      for (const fields of WELCOME) {
        for (const protocol of PROTOCOLS) {
          const { status } = await ask(door, protocol, { fields });
          expect([protocol, fields, status]).toEqual([protocol, fields, 200]);
        }
      }
    },

    "none but the cookies it is known to use reach it, as pages of its sandboxes can set any":
      async (open) => {
        for (const [cookies, reaches] of [
          [[], undefined],
          [["own_session"], "own_session=1"],
        ] as const) {
          const terms = { sandboxes: { named: [NAMED], origins: "ports", cookies } } as const;
          const { app, door } = await scene(open, answering(OK), { terms });
          for (const protocol of PROTOCOLS) {
            const cookie = "tossed=x; own_session=1; sandbox-41234-t=2; __Host-genkan=s";
            await ask(door, protocol, { fields: { cookie } });
          }
          for (const received of app.received.join("").split(/(?=GET \/)/)) {
            const sent = /^cookie: (.*?)(?:; )?\r$/im.exec(received)?.[1];
            expect(sent).toBe(reaches);
          }
        }
      },

    "an app without sandboxes is shown wherever people like": async (open) => {
      const { door } = await scene(open, answering(OK));
      for (const protocol of PROTOCOLS) {
        const { status } = await ask(door, protocol, { fields: asking("iframe", "cross-site") });
        expect([protocol, status]).toEqual([protocol, 200]);
      }
    },
  },
};
