import { expect, it, vi } from "vitest";
import { AVAHI_TOOLS, startAvahi } from "../support/avahi.ts";
import { openDoorIn } from "../support/door-in-host.ts";
import {
  announced,
  askPlainly,
  NAME_TAKER,
  openPage,
  resolve,
  SLOW,
  statusOf,
} from "../support/names.ts";
import { describeWithHosts, makeHosts, writeIn } from "../support/namespaces.ts";
import { tempFolder } from "../support/temp.ts";

describeWithHosts(
  "names by multicast DNS, with Avahi beside the door",
  [...AVAHI_TOOLS, "curl"],
  () => {
    it("are Avahi's to announce where it runs", async () => {
      const { home, laptop } = await makeHosts({ home: {}, laptop: {} });
      await Promise.all([startAvahi(home), startAvahi(laptop)]);
      const door = await openDoorIn(home, tempFolder());
      await announced(door, "hello.local");
      expect((await statusOf(door)).names.by).toBe("avahi");
      expect(await resolve(laptop, "hello.local")).toEqual(
        expect.arrayContaining(["10.77.0.1", "fd77::1"]),
      );
      expect(await openPage(laptop, door, "hello.local")).toContain("<html");
      // The machine's own name stays what its address is called by.
      const back = await laptop.run("avahi-resolve", ["-a", "10.77.0.1"]);
      expect(back.stdout).toMatch(/home\.local/);
    });

    it("survive Avahi's death and its return", async () => {
      const { home, laptop } = await makeHosts({ home: {}, laptop: {} });
      const [avahi] = await Promise.all([startAvahi(home), startAvahi(laptop)]);
      const door = await openDoorIn(home, tempFolder());
      await announced(door, "hello.local");
      await avahi.daemon().end("SIGKILL");
      await vi.waitFor(async () => {
        expect((await statusOf(door)).names.by).toBe("own");
      }, SLOW);
      await announced(door, "hello.local");
      expect(await askPlainly(laptop, "hello.local", "A")).toMatchObject({
        answers: [{ data: "10.77.0.1" }],
      });
      await avahi.restart();
      await vi.waitFor(async () => {
        expect((await statusOf(door)).names.by).toBe("avahi");
      }, SLOW);
      await announced(door, "hello.local");
      expect(await resolve(laptop, "hello.local")).toContain("10.77.0.1");
    });

    it("give way to another machine's through Avahi, too", async () => {
      const { home, office, laptop } = await makeHosts({ home: {}, office: {}, laptop: {} });
      await Promise.all([startAvahi(office), startAvahi(laptop)]);
      const first = await openDoorIn(home, tempFolder());
      await announced(first, "hello.local");
      const second = await openDoorIn(office, tempFolder());
      await announced(second, "hello-office.local");
      expect((await statusOf(second)).names.by).toBe("avahi");
      expect(await openPage(laptop, first, "hello.local")).toContain("<html");
      expect(await openPage(laptop, second, "hello-office.local")).toContain("<html");
    });

    it("are not fought for through Avahi with a device that takes them all", async () => {
      const { home, rogue } = await makeHosts({ home: {}, rogue: {} });
      await startAvahi(home);
      const door = await openDoorIn(home, tempFolder());
      await announced(door, "hello.local");
      expect((await statusOf(door)).names.by).toBe("avahi");
      const taker = rogue.start(process.execPath, ["-e", NAME_TAKER]);
      await vi.waitFor(async () => {
        const { names } = await statusOf(door);
        expect(names.names).toContainEqual({
          name: "hello.local",
          state: "taken",
          owner: "10.77.0.66",
          instead: undefined,
        });
      }, SLOW);
      // Nobody argues any more: what the rogue goes on hearing is not about these names.
      const heard = taker.stdout().length;
      await new Promise((resume) => setTimeout(resume, 3_000));
      expect(taker.stdout().length).toBe(heard);
      expect(door.program.stderr()).toContain("announces none");
      // The rest of the door does not suffer.
      await announced(door, "genkan.local");
      const { stdout } = await rogue.run("curl", ["-q", "-sSk", "https://10.77.0.1/"]);
      expect(stdout).toContain("<html");
    });

    it("outlive the bus Avahi was asked on", async () => {
      const { home } = await makeHosts({ home: {} });
      await startAvahi(home);
      const door = await openDoorIn(home, tempFolder());
      await announced(door, "hello.local");
      const { stdout } = await home.run("pgrep", ["-x", "dbus-daemon"]);
      await home.run("kill", ["-9", ...stdout.trim().split("\n")]);
      await vi.waitFor(async () => expect((await statusOf(door)).names.by).toBe("own"), SLOW);
      await announced(door, "hello.local");
    });

    it("are announced by the door where Avahi is told to take no names", async () => {
      const { home } = await makeHosts({ home: {} });
      const avahi = await startAvahi(home);
      await avahi.daemon().end();
      const refusing = "[publish]\ndisable-user-service-publishing=yes\n";
      writeIn(home, "/etc/avahi/avahi-daemon.conf", refusing);
      await avahi.restart();
      const door = await openDoorIn(home, tempFolder());
      await announced(door, "hello.local");
      expect((await statusOf(door)).names.by).toBe("own");
    });
  },
);
