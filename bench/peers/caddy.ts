/*
 * Caddy with the certificate it is given and its defaults otherwise.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PROXY_CORE, run, start } from "../machine.ts";
import { HOST, type Peer, type Stage, versionBy } from "../peer.ts";

export const caddy: Peer = {
  name: "Caddy",
  hasHttp2: true,
  version: () => versionBy(["caddy", "version"], /v?(\d[\d.]*)/),
  start: (stage) => launch(stage, [HOST]),
  routes: {
    start: launch,
    async add(stage, hosts) {
      await writeFile(fileOf(stage), configOf(stage, hosts));
      await run(["caddy", "reload", "--config", fileOf(stage), "--adapter", "caddyfile"]);
    },
  },
};

const fileOf = ({ dir }: Stage): string => join(dir, "Caddyfile");

function configOf(
  { dir, port, plainPort, appPort, files }: Stage,
  hosts: readonly string[],
): string {
  return `{
  admin unix/${dir}/admin.sock
  auto_https off
  http_port ${plainPort}
  https_port ${port}
}
${hosts.map((host) => `https://${host}:${port}`).join(", ")} {
  bind 127.0.0.1
  tls ${files.cert} ${files.key}
  reverse_proxy 127.0.0.1:${appPort}
}
`;
}

async function launch(stage: Stage, hosts: readonly string[]) {
  await writeFile(fileOf(stage), configOf(stage, hosts));
  return start(["caddy", "run", "--config", fileOf(stage), "--adapter", "caddyfile"], {
    core: PROXY_CORE,
    env: { HOME: stage.dir, XDG_DATA_HOME: stage.dir, XDG_CONFIG_HOME: stage.dir, GOMAXPROCS: "1" },
  });
}
