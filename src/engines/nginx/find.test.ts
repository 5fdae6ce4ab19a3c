import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeHost } from "../../../test/support/host.ts";
import { tempFolder } from "../../../test/support/temp.ts";
import { runProgram } from "../../platform/run.ts";
import { findNginx } from "./find.ts";

const WHOLE =
  "configure arguments: --with-http_ssl_module --with-http_v2_module --with-http_auth_request_module";

/** A folder with a program called nginx that says this when it is asked what it is. */
function fakeNginx(says: string): string {
  const folder = join(tempFolder(), "bin");
  mkdirSync(folder);
  const path = join(folder, "nginx");
  writeFileSync(path, `#!/bin/sh\ncat >&2 <<'END'\n${says}\nEND\n`);
  chmodSync(path, 0o755);
  return folder;
}

const find = (folder: string) =>
  findNginx(describeHost({ env: { PATH: `/nowhere:${folder}` } }), runProgram);

test("the first nginx on PATH is taken, with its version", async () => {
  const folder = fakeNginx(`nginx version: nginx/1.29.1 (Ubuntu)\n${WHOLE}`);
  expect(await find(folder)).toEqual({ path: join(folder, "nginx"), version: [1, 29, 1] });
});

test.each([
  ["1.20.2", WHOLE, "NGINX_TOO_OLD", "1.20.2; the door needs 1.22 or newer"],
  ["1.22.1", WHOLE.replace("--with-http_v2_module", ""), "NGINX_LACKS_MODULE", "http_v2_module"],
  ["1.22.1", WHOLE.replace("--with-http_ssl_module", ""), "NGINX_LACKS_MODULE", "http_ssl_module"],
  ["1.22.1", `${WHOLE} --without-http_map_module`, "NGINX_LACKS_MODULE", "http_map_module"],
  ["1.22.1", `${WHOLE} --without-http-cache`, "NGINX_LACKS_MODULE", "http-cache"],
])("nginx %s with '%s' is refused: %s", async (version, built, ...[code, words]) => {
  const found = find(fakeNginx(`nginx version: nginx/${version}\n${built}`));
  await expect(found).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
});

test("a program that is no nginx is told so", async () => {
  await expect(find(fakeNginx("I am a teapot"))).rejects.toMatchObject({ code: "NGINX_UNKNOWN" });
});
