import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { AppStatus, DoorStatus } from "../../src/daemon/control/protocol.ts";
import { startControl } from "../../src/daemon/control/server.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { commandLine } from "../support/cli.ts";
import { UNASKED } from "../support/control.ts";

test("add does not say that the door follows where its own command line has another app of that name", async () => {
  const line = commandLine();
  const wiki = {
    name: "wiki",
    url: "https://wiki.local:8443",
    upstream: "http://localhost:4000",
  } as AppStatus; // what add reads of it
  const control = await startControl(
    join(line.home, "state", "control.sock"),
    {
      status: () =>
        Promise.resolve({
          apps: [wiki],
          portal: "https://genkan.local:8443",
        } as unknown as DoorStatus),
      reload: () => Promise.resolve({ trouble: undefined, waiting: [] }),
      stop: () => undefined,
      access: UNASKED,
    },
    silentLog,
  );
  onTestFinished(() => control.stop());
  expect(await line.genkan("add wiki 1 --access household")).toMatchInlineSnapshot(`
    "$ genkan add wiki 1 --access household
    wiki is at https://wiki.local:8443 -> http://localhost:1
    Nothing answers at http://localhost:1 yet.
    The open door was started with another wiki (http://localhost:4000), which stays until it is closed: genkan stop"
  `);
  expect(await line.genkan("add wiki 1 --access household --json")).toContain('"following":false');
});
