/*
 * systemd-resolved on both sides: on a device that looks for the door, and beside the door, where it has the port
 * of multicast DNS, too.
 */
import { describe, expect, it, vi } from "vitest";
import { AVAHI_TOOLS, startAvahi } from "../support/avahi.ts";
import { openDoorIn } from "../support/door-in-host.ts";
import { announced, namesLooked, openPage, resolve, SLOW, statusOf } from "../support/names.ts";
import { describeWithHosts, makeHosts } from "../support/namespaces.ts";
import { RESOLVED, startResolved } from "../support/resolved.ts";
import { tempFolder } from "../support/temp.ts";

const WHY = RESOLVED === undefined ? " [not installed]" : "";

describe.skipIf(RESOLVED === undefined)(`systemd-resolved${WHY}`, () => {
  describeWithHosts("names by multicast DNS", [...AVAHI_TOOLS, "curl"], () => {
    it("are found, and are gone with the door", async () => {
      const { home, laptop } = await makeHosts({ home: {}, laptop: {} });
      await startResolved(laptop);
      const door = await openDoorIn(home, tempFolder());
      await announced(door, "hello.local");
      await vi.waitFor(async () => {
        const found = await resolve(laptop, "hello.local");
        expect(found).toEqual(expect.arrayContaining(["10.77.0.1", "fd77::1"]));
      }, SLOW);
      expect(await openPage(laptop, door, "hello.local")).toContain("<html");
      await door.program.end("SIGTERM");
      await vi.waitFor(async () => expect(await resolve(laptop, "hello.local")).toEqual([]), SLOW);
    });

    it("are announced beside it", async () => {
      const { home, laptop } = await makeHosts({ home: {}, laptop: {} });
      await Promise.all([startResolved(home), startAvahi(laptop)]);
      const door = await openDoorIn(home, tempFolder());
      await announced(door, "hello.local");
      const { names } = await statusOf(door);
      expect(names.by).toBe("own");
      expect(names.trouble).toBeUndefined();
      expect(await resolve(laptop, "hello.local")).toContain("10.77.0.1");
      // It hears nothing of its own machine: the name is for others, and doctor says so.
      const byId = new Map((await namesLooked(door)).map((look) => [look.id, look]));
      expect(byId.get("names.on-the-wire")).toMatchObject({ state: "well" });
      expect(byId.get("names.resolve-here")).toMatchObject({
        state: "unwell",
        says: expect.stringContaining("other devices are not concerned") as string,
      });
    });
  });
});
