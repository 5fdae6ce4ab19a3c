import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readConfig } from "../../../src/config/load.ts";
import { renderSite } from "../../../src/engines/nginx/site/site.ts";
import { compile } from "../../../src/model/compile.ts";

/*
 * Each file is a specification, as in ../nginx: genkan.yaml, a line of hyphens, the site `genkan export nginx`
 * makes of it. A first line `# nginx 1.27.0` says for which nginx; without one it is not known.
 */
const RULE = "----------\n";
const cases = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".txt"));

test.each(cases)("%s", (name) => {
  const path = join(import.meta.dirname, name);
  const text = readFileSync(path, "utf8");
  const [settings = ""] = text.split(RULE);
  const rendered = [settings, RULE, rendering(settings)].join("");
  if (process.env["GOLDEN"] === "write") writeFileSync(path, rendered);
  expect(readFileSync(path, "utf8")).toBe(rendered);
});

function rendering(text: string): string {
  const [, major, minor, patch] = /^# nginx (\d+)\.(\d+)\.(\d+)/.exec(text) ?? [];
  return renderSite(compile(readConfig("genkan.yaml", text).settings.apps, undefined), {
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
