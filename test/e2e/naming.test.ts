import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { AVAHI_TOOLS, startAvahi } from "../support/avahi.ts";
import { openDoorIn } from "../support/door-in-host.ts";
import { announced, askPlainly, openPage, resolve, SLOW, statusOf } from "../support/names.ts";
import { describeWithHosts, makeHosts } from "../support/namespaces.ts";
import { tempFolder } from "../support/temp.ts";

describeWithHosts("names by multicast DNS", [...AVAHI_TOOLS, "curl"], () => {
  it("are found from a device that knows nothing but the root", async () => {
    const { home, laptop } = await makeHosts({ home: {}, laptop: {} });
    await startAvahi(laptop);
    const door = await openDoorIn(home, tempFolder());
    await announced(door, "hello.local");
    expect(await resolve(laptop, "hello.local")).toEqual(
      expect.arrayContaining(["10.77.0.1", "fd77::1"]),
    );
    expect(await openPage(laptop, door, "hello.local")).toContain("<html");
    expect(await openPage(laptop, door, "genkan.local")).toContain("<html");
    const { names } = await statusOf(door);
    expect(names.by).toBe("own");
    expect(names.trouble).toBeUndefined();
  });

  it("follow a change of address, and open connections do not notice", async () => {
    const { home, laptop } = await makeHosts({ home: {}, laptop: {} });
    await startAvahi(laptop);
    const door = await openDoorIn(home, tempFolder());
    await announced(door, "hello.local");
    const stream = laptop.start("curl", [
      "-q",
      "-sSN",
      "--cacert",
      door.ready.root.path,
      "--resolve",
      "hello.local:443:[fd77::1]",
      "https://hello.local/events",
    ]);
    await vi.waitFor(() => expect(stream.stdout()).toContain("data:"), SLOW);
    expect(await resolve(laptop, "hello.local")).toContain("10.77.0.1");
    await home.ip("addr", "del", "10.77.0.1/24", "dev", "eth0");
    await home.ip("addr", "add", "10.77.0.50/24", "dev", "eth0");
    await home.ip("route", "replace", "224.0.0.0/4", "dev", "eth0");
    await vi.waitFor(async () => {
      const found = await resolve(laptop, "hello.local");
      expect(found).toContain("10.77.0.50");
      expect(found).not.toContain("10.77.0.1");
    }, SLOW);
    const heard = stream.stdout().length;
    await vi.waitFor(() => expect(stream.stdout().length).toBeGreaterThan(heard), SLOW);
  });

  it("are taken back when the door closes", async () => {
    const { home, laptop } = await makeHosts({ home: {}, laptop: {} });
    await startAvahi(laptop);
    const door = await openDoorIn(home, tempFolder());
    await announced(door, "hello.local");
    expect(await resolve(laptop, "hello.local")).toContain("10.77.0.1");
    const { code } = await door.program.end("SIGTERM");
    expect(code).toBe(0);
    // Without a goodbye the laptop would remember it for two minutes.
    await vi.waitFor(async () => expect(await resolve(laptop, "hello.local")).toEqual([]), SLOW);
  });

  it("work where there is only IPv6", async () => {
    const { home, laptop } = await makeHosts({
      home: { addresses: ["fd77::1/64"] },
      laptop: { addresses: ["fd77::2/64"] },
    });
    await startAvahi(laptop);
    const door = await openDoorIn(home, tempFolder());
    await announced(door, "hello.local");
    expect(await resolve(laptop, "hello.local")).toEqual(["fd77::1"]);
    expect(await openPage(laptop, door, "hello.local")).toContain("<html");
  });

  it("may be more than fifty", async () => {
    const { home, laptop } = await makeHosts({ home: {}, laptop: {} });
    await startAvahi(laptop);
    const folder = tempFolder();
    const apps = Array.from({ length: 60 }, (_, i) => `  app${i}: 3000`);
    writeFileSync(join(folder, "genkan.yaml"), `apps:\n${apps.join("\n")}\n`);
    const door = await openDoorIn(home, folder);
    await vi.waitFor(async () => {
      const { names } = await statusOf(door);
      expect(names.names.filter(({ state }) => state === "announced")).toHaveLength(61);
    }, SLOW);
    expect(await resolve(laptop, "app0.local")).toContain("10.77.0.1");
    expect(await resolve(laptop, "app59.local")).toContain("10.77.0.1");
  });

  it("answer devices that ask without a responder of their own", async () => {
    const { home, laptop } = await makeHosts({ home: {}, laptop: {} });
    const door = await openDoorIn(home, tempFolder());
    await announced(door, "hello.local");
    const ipv4 = await askPlainly(laptop, "HELLO.local", "A");
    const ipv6 = await askPlainly(laptop, "hello.local", "AAAA");
    const id = 4242;
    expect(ipv4).toMatchObject({
      id,
      questions: [{ name: "hello.local", type: "A" }],
      answers: [{ type: "A", ttl: 10, flush: false, data: "10.77.0.1" }],
    });
    expect(ipv6).toMatchObject({ id, answers: [{ type: "AAAA", ttl: 10, data: "fd77::1" }] });
  });
});
