import type { NginxFacts } from "../../../src/engines/nginx/facts.ts";
import { NGINX_LIMITS } from "../../../src/engines/nginx/limits.ts";
import { render } from "../../../src/engines/nginx/render.ts";
import { holdToGoldenFiles, planIn } from "../golden.ts";

/*
 * Each file is a specification: genkan.yaml, a line of hyphens, the nginx.conf it becomes. `npm run golden`
 * writes them anew; what changed is to be read before it is kept. A first line `# nginx 1.27.0` says for
 * which nginx; a line `# sandboxes /api/*` says on which paths the apps' answers name ports of sandboxes.
 */
holdToGoldenFiles(import.meta.dirname, rendering);

function rendering(text: string): string {
  const version = /^# nginx (\d+)\.(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number);
  const plan = planIn(text);
  const [major = 1, minor = 22, patch = 1] = version ?? [];
  const files = render(plan, { ...FACTS, version: [major, minor, patch] });
  return `${files.main}\n# shared.conf\n${files.shared}`;
}

const FACTS: NginxFacts = {
  version: [1, 22, 1],
  paths: {
    dir: "/state/nginx",
    run: "/run",
    config: "/state/nginx/nginx.conf",
    shared: "/state/nginx/shared.conf",
    pid: "/state/nginx/nginx.pid",
    errorLog: "/state/nginx/error.log",
    accessLog: "/run/access.log",
    pagesSocket: "/run/pages.sock",
    relaySocket: "/run/relay.sock",
    gate: "/run/gate",
    trusted: "/state/nginx/trusted.pem",
  },
  places: [{ address: "::", httpsPort: 443, httpPort: 80 }],
  limits: NGINX_LIMITS,
  workers: { user: "www-data", group: "www-data" },
  processes: 2,
  token: "genkan-0123456789abcdef",
  secret: "SECRET",
  generation: 1,
  addresses: new Map([
    ["localhost", ["127.0.0.1", "::1"]],
    ["nas", ["192.168.1.7"]],
    ["nowhere", []],
  ]),
  leafFile: (name) => `/state/nginx/leaves/${name === "" ? "addresses" : `leaf.${name}`}.pem`,
};
