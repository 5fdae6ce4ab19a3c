/*
 * http-proxy-3, the maintained heir of Node's best known proxy library, with a keep-alive agent.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readFile } from "node:fs/promises";
import { PROXY_CORE, start } from "../machine.ts";
import type { Peer } from "../peer.ts";

const PROGRAM = join(import.meta.dirname, "../programs/http-proxy-3.mjs");

export const httpProxy3: Peer = {
  name: "http-proxy-3",
  hasHttp2: true,
  async version() {
    const main = createRequire(import.meta.url).resolve("http-proxy-3");
    const manifest = join(dirname(main), "../../package.json");
    return String(JSON.parse(await readFile(manifest, "utf8")).version);
  },
  start: async ({ port, appPort, files }) =>
    start([process.execPath, PROGRAM, String(port), String(appPort), files.cert, files.key], {
      core: PROXY_CORE,
    }),
};
