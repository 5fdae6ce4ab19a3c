/*
 * Immich. immich-app/immich:server/src/controllers/app.controller.ts: `/.well-known/immich` names its API;
 * server.controller.ts: `/api/server/ping` is {"res":"pong"}, `/api/server/version` has major, minor and patch, all for
 * everybody. repositories/config.repository.ts: proxies at link-local and private addresses are trusted unless told.
 */
import { jsonOf, valueAt, versionAt } from "../recognise/answer.ts";
import { programsTrap } from "./common.ts";
import type { Preset } from "./preset.ts";

const VERSION = "/api/server/version";

export const IMMICH: Preset = {
  name: "immich",
  title: "Immich",
  ports: [2283],
  hint: /Immich/,
  asks: ["/.well-known/immich", VERSION],
  recognise: (answers) => {
    const known = jsonOf(answers.get("/.well-known/immich"));
    if (typeof valueAt(known, "api", "endpoint") !== "string") return undefined;
    const version = jsonOf(answers.get(VERSION));
    const parts = ["major", "minor", "patch"].map((key) => String(valueAt(version, key)));
    return { preset: "immich", version: versionAt({ version: parts.join(".") }, "version") };
  },
  webSockets: [],
  runsCode: false,
  signIn: "own",
  traps: [programsTrap("Immich's app for phones")],
};
