/*
 * HAProxy: one thread, HTTP/2, connections to the app kept and shared.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PROXY_CORE, start, type Started } from "../machine.ts";
import { HOST, type Peer, type Stage, versionBy } from "../peer.ts";

export const haproxy: Peer = {
  name: "HAProxy",
  hasHttp2: true,
  version: () => versionBy(["haproxy", "-v"], /version ([\d.]+)/),
  start: (stage) => launch(stage, [HOST]),
  routes: {
    start: launch,
    async add(stage, hosts, started) {
      await writeConfig(stage, hosts);
      process.kill(started.pid, "SIGUSR2");
    },
  },
};

const fileOf = ({ dir }: Stage): string => join(dir, "haproxy.cfg");

async function writeConfig(
  { dir, port, appPort, files }: Stage,
  hosts: readonly string[],
): Promise<void> {
  const pem = join(dir, "leaf.pem");
  await writeFile(pem, (await readFile(files.cert, "utf8")) + (await readFile(files.key, "utf8")));
  await writeFile(join(dir, "hosts.map"), hosts.map((host) => `${host} app\n`).join(""));
  await writeFile(
    join(dir, "haproxy.cfg"),
    `global
  nbthread 1
  maxconn 9000
defaults
  mode http
  timeout connect 5s
  timeout client 1h
  timeout server 1h
  timeout tunnel 1h
  http-reuse always
frontend door
  bind 127.0.0.1:${port} ssl crt ${pem} alpn h2,http/1.1
  option forwardfor
  http-request set-header X-Forwarded-Proto https
  use_backend %[req.hdr(host),field(1,:),lower,map(${dir}/hosts.map,none)]
backend app
  server app 127.0.0.1:${appPort}
backend none
  http-request return status 421
`,
  );
}

async function launch(stage: Stage, hosts: readonly string[]): Promise<Started> {
  await writeConfig(stage, hosts);
  return start(["haproxy", "-W", "-f", fileOf(stage)], { core: PROXY_CORE });
}
