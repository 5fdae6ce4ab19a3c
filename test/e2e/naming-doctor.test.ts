import { expect, it, vi } from "vitest";
import { AVAHI_TOOLS, startAvahi } from "../support/avahi.ts";
import { openDoorIn } from "../support/door-in-host.ts";
import { announced, askPlainly, namesLooked, resolve, SLOW, statusOf } from "../support/names.ts";
import { describeWithHosts, makeHosts, makeNetwork } from "../support/namespaces.ts";
import { tempFolder } from "../support/temp.ts";

describeWithHosts("what is told of names", [...AVAHI_TOOLS], () => {
  it("is well where they are announced and resolve", async () => {
    const { home } = await makeHosts({ home: {} });
    await startAvahi(home);
    const door = await openDoorIn(home, tempFolder());
    await announced(door, "hello.local");
    const looked = await namesLooked(door);
    const { stdout } = await door.genkan("status");
    expect(looked.map(({ id, state }) => `${id} ${state}`)).toEqual([
      "names.announced well",
      "names.ours well",
      "names.on-the-wire well",
      "names.resolve-here well",
      "names.carried well",
    ]);
    expect(stdout).toContain("announced by Avahi on eth0 (10.77.0.1, fd77::1)");
  });

  it("names what this machine and its network lack", async () => {
    const { home, office } = await makeHosts({ home: {}, office: {} });
    const first = await openDoorIn(home, tempFolder());
    await announced(first, "genkan.local");
    const second = await openDoorIn(office, tempFolder(), ["openhands=3000"]);
    await announced(second, "genkan-office.local");
    const looked = await namesLooked(second);
    const { stdout } = await second.genkan("status");
    const byId = new Map(looked.map((look) => [look.id, look]));
    expect(byId.get("names.ours")).toMatchObject({
      state: "unwell",
      says: expect.stringContaining("genkan.local already belongs to another machine") as string,
    });
    expect(byId.get("names.on-the-wire")).toMatchObject({ state: "well" });
    // Nothing on this machine resolves multicast names: no Avahi runs beside the door.
    expect(byId.get("names.resolve-here")).toMatchObject({ state: "unwell" });
    expect(stdout).toMatch(/genkan\.local belongs to another machine \(.+\); genkan-office\.local/);
  });

  it("comes on every interface with the addresses of that one", async () => {
    const network = await makeNetwork({ home: {}, laptop: {}, den: {} });
    const { home, laptop, den } = network.hosts;
    await network.connect("home", "den", "eth1");
    await home.ip("link", "set", "eth1", "up");
    await home.ip("addr", "add", "10.88.0.1/24", "dev", "eth1");
    await den.ip("link", "set", "eth0", "down");
    await den.ip("link", "set", "eth1", "up");
    await den.ip("addr", "add", "10.88.0.2/24", "dev", "eth1");
    await den.ip("route", "add", "224.0.0.0/4", "dev", "eth1");
    await Promise.all([startAvahi(laptop), startAvahi(den)]);
    const door = await openDoorIn(home, tempFolder());
    await announced(door, "hello.local");
    expect(await resolve(laptop, "hello.local")).toEqual(
      expect.arrayContaining(["10.77.0.1", "fd77::1"]),
    );
    await vi.waitFor(async () => {
      expect(await resolve(den, "hello.local")).toEqual(["10.88.0.1"]);
    }, SLOW);
    expect(await askPlainly(laptop, "hello.local", "A")).toMatchObject({
      answers: [{ data: "10.77.0.1" }],
    });
    expect((await statusOf(door)).names.links).toHaveLength(2);
  });

  it("is settled between two doors that open at once", async () => {
    const { home, office } = await makeHosts({ home: {}, office: {} });
    const doors = await Promise.all([
      openDoorIn(home, tempFolder()),
      openDoorIn(office, tempFolder()),
    ]);
    await vi.waitFor(async () => {
      const told = await Promise.all(doors.map(statusOf));
      const owned = told.flatMap(({ names }) =>
        names.names.filter(({ state }) => state === "announced").map(({ name }) => name),
      );
      const hellos = owned.filter((name) => name.startsWith("hello")).toSorted();
      expect(hellos).toHaveLength(2);
      expect(hellos[1]).toBe("hello.local");
      expect(hellos[0]).toMatch(/^hello-(home|office)\.local$/);
    }, SLOW);
  });
});
