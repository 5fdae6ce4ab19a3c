import { expect, test } from "vitest";
import { describeHost } from "../../test/support/host.ts";
import { recordingRun } from "../../test/support/run.ts";
import { systemClock } from "../kernel/clock.ts";
import { pathsOf } from "../platform/paths.ts";
import { mkcertFolder } from "../pki/mkcert.ts";
import { contextOfPerson } from "./trust-world.ts";

test("under sudo both kinds of authority are looked for in the home of the person who called", async () => {
  const env = { SUDO_UID: "1000" };
  const host = describeHost({ isRoot: true, uid: 0, user: "root", home: "/root", env });
  const { run } = recordingRun(() => "ada:x:1000:1000::/home/ada:/bin/bash\n");
  const { context, isBorrowed } = await contextOfPerson({
    host,
    paths: pathsOf(host),
    run,
    clock: systemClock,
    json: false,
    note: () => undefined,
    progress: () => false,
    say: () => undefined,
    terminal: undefined,
    signal: new AbortController().signal,
    askSecret: () => Promise.resolve(""),
  });
  expect(isBorrowed).toBe(true);
  expect(context.paths.pki).toBe("/home/ada/.local/share/genkan/pki");
  expect(mkcertFolder(context.host)).toBe("/home/ada/.local/share/mkcert");
  expect(context.host.isRoot).toBe(true);
});
