import { renderSite } from "../../../src/engines/nginx/site/site.ts";
import { holdToGoldenFiles, planIn } from "../golden.ts";

/*
 * Each file is a specification, as in ../nginx: genkan.yaml, a line of hyphens, the site `genkan export nginx`
 * makes of it. A first line `# nginx 1.27.0` says for which nginx; without one it is not known. `# sandboxes`: planIn.
 */
holdToGoldenFiles(import.meta.dirname, rendering);

function rendering(text: string): string {
  const [, major, minor, patch] = /^# nginx (\d+)\.(\d+)\.(\d+)/.exec(text) ?? [];
  return renderSite(planIn(text), {
    version: patch === undefined ? undefined : [Number(major), Number(minor), Number(patch)],
    httpsPort: 443,
    httpPort: 80,
    certOf: ({ name, hosts }) => ({
      cert: `/etc/nginx/genkan/${name}.pem`,
      key: `/etc/nginx/genkan/${name}-key.pem`,
      command: `genkan cert ${hosts.join(" ")} --out /etc/nginx/genkan`,
    }),
  });
}
