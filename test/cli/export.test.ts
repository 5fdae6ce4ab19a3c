import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandLine } from "../support/cli.ts";
import { tempFolder } from "../support/temp.ts";

test("what there is to export, and what not", async () => {
  const line = commandLine();
  expect(await line.genkan("export nginx")).toMatchInlineSnapshot(`
    "$ genkan export nginx
    genkan: There are no apps in ~/home/genkan.yaml, so there is no site to export.
      -> Add one: genkan add openhands 3000
      (EXPORT_EMPTY)
    [exit 1]"
  `);
  await line.genkan("add openhands 3000");
  expect(await line.genkan("export caddy")).toMatchInlineSnapshot(`
    "$ genkan export caddy
    genkan: "caddy" is nothing genkan can export to. There is, so far: nginx.
      -> Print a site for an nginx of your own: genkan export nginx
      (EXPORT_UNKNOWN)
    [exit 2]"
  `);
  expect(await line.genkan("export nginx --nginx-version new")).toMatchInlineSnapshot(`
    "$ genkan export nginx --nginx-version new
    genkan: --nginx-version new is no version: it looks like 1.26.0 (see nginx -v).
      -> See what it takes: genkan export --help
      (USAGE)
    [exit 2]"
  `);
});

test("a site is printed, for the nginx that was named", async () => {
  const line = commandLine();
  await line.genkan("add openhands 3000 --host openhands.yourdomain.local");
  const older = await line.run("export", "nginx", "--nginx-version", "1.22.1");
  expect(older.stdout).toMatch(/^# Made by genkan export nginx for nginx 1\.22\.1\.\n/);
  expect(older.stdout).toContain("  listen 443 ssl http2;\n");
  const newer = await line.run("export", "nginx", "--nginx-version", "1.28");
  expect(newer.stdout).toContain("  http2 on;\n");
  expect(newer.stdout).toContain(
    "# Written by: genkan cert openhands.local openhands.yourdomain.local openhands.localhost --out /etc/nginx/genkan\n",
  );
});

test("a site is written beside its certificates, and the commands that make them are told", async () => {
  const line = commandLine();
  const file = join(tempFolder(), "my sites", "genkan.conf");
  await line.genkan("add wiki 8080");
  const ports = ["--https-port", "8443", "--http-port", "8080"];
  const { stdout } = await line.run("export", "nginx", "--out", file, ...ports);
  const folder = join(file, "..");
  expect(stdout).toBe(
    `Written: ${file}\nIts certificates:\n  genkan cert wiki.local wiki.localhost --out '${folder}'\n`,
  );
  const site = readFileSync(file, "utf8");
  expect(site).toContain(`ssl_certificate "${folder}/wiki.local+1.pem";`);
  expect(site).toContain('return 308 "https://$host:8443$request_uri";');
});
