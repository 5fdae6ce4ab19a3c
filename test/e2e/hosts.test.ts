import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { AVAHI_TOOLS, startAvahi } from "../support/avahi.ts";
import { buildNetwork, describeWithHosts, makeHosts, writeIn } from "../support/namespaces.ts";

describeWithHosts("hosts made of namespaces", AVAHI_TOOLS, () => {
  it("reach each other, have names and files of their own, and leave this machine alone", async () => {
    const { home, laptop } = await makeHosts({ home: {}, laptop: {} });
    writeIn(laptop, "/etc/hosts", "10.77.0.1 somewhere\n");
    const name = await laptop.run("getent", ["hosts", "somewhere"]);
    const box = await home.run("hostname", []);
    expect(name.stdout).toContain("10.77.0.1");
    expect(box.stdout.trim()).toBe("home");
    expect(readFileSync("/etc/hosts", "utf8")).not.toContain("somewhere");
  });

  it("take what runs in them along when they are removed", async () => {
    const { hosts, remove } = await buildNetwork({ home: {} });
    const { process: child, ended } = hosts.home.start("sleep", ["1000"]);
    await remove();
    await ended;
    expect(child.signalCode ?? child.exitCode).not.toBe(0);
    expect(existsSync(`/proc/${hosts.home.pid}`)).toBe(false);
  });

  it("find each other by mDNS where both run Avahi", async () => {
    const { home, laptop } = await makeHosts({ home: {}, laptop: {} });
    await Promise.all([startAvahi(home), startAvahi(laptop)]);
    const found = await laptop.run("getent", ["ahosts", "home.local"]);
    expect(found.stdout + found.stderr).toContain("10.77.0.1");
  });
});
