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
import { describeWithHosts, makeHosts } from "../support/namespaces.ts";
import { tempFolder } from "../support/temp.ts";

describeWithHosts(
  "names by multicast DNS, where others are in the way",
  [...AVAHI_TOOLS, "curl"],
  () => {
    it("end with both doors reachable where two have the same", async () => {
      const { home, office, laptop } = await makeHosts({ home: {}, office: {}, laptop: {} });
      await startAvahi(laptop);
      const first = await openDoorIn(home, tempFolder());
      await announced(first, "hello.local");
      const second = await openDoorIn(office, tempFolder());
      await announced(second, "hello-office.local");
      await announced(second, "genkan-office.local");
      const { names, apps, portal } = await statusOf(second);
      expect(names.names).toContainEqual({
        name: "hello.local",
        state: "taken",
        owner: expect.stringMatching(/^(10\.77\.0\.1|fd77::1)$/) as string,
        instead: "hello-office.local",
      });
      expect(apps[0]?.url).toBe("https://hello-office.local");
      expect(portal).toBe("https://genkan-office.local");
      expect(second.program.stderr()).toContain("hello-office.local");
      expect(await openPage(laptop, first, "hello.local")).toContain("<html");
      expect(await openPage(laptop, second, "hello-office.local")).toContain("<html");
      expect(await openPage(laptop, second, "genkan-office.local")).toContain("<html");
      expect((await statusOf(first)).names.names).not.toContainEqual(
        expect.objectContaining({ state: "taken" }),
      );
    });

    it("come with the network where there is none at first", async () => {
      const { home, laptop } = await makeHosts({ home: { addresses: [] }, laptop: {} });
      await home.ip("link", "set", "eth0", "down");
      await startAvahi(laptop);
      const door = await openDoorIn(home, tempFolder());
      const before = await door.genkan("status");
      expect(before.stdout).toContain("announced nowhere: no network leads to this door");
      const { stdout } = await home.run("curl", ["-qsSk", "https://hello.localhost/"]);
      expect(stdout).toContain("<html");
      await home.ip("link", "set", "eth0", "up");
      await home.ip("addr", "add", "10.77.0.1/24", "dev", "eth0");
      await home.ip("route", "replace", "224.0.0.0/4", "dev", "eth0");
      await announced(door, "hello.local");
      await vi.waitFor(async () => {
        expect(await resolve(laptop, "hello.local")).toContain("10.77.0.1");
      }, SLOW);
      expect(await openPage(laptop, door, "hello.local")).toContain("<html");
    });

    it("come back with the network", async () => {
      const { home, laptop } = await makeHosts({ home: {}, laptop: {} });
      await startAvahi(laptop);
      const door = await openDoorIn(home, tempFolder());
      await announced(door, "hello.local");
      await home.cable("out");
      await vi.waitFor(async () => expect((await statusOf(door)).names.links).toEqual([]), SLOW);
      await home.cable("in");
      await announced(door, "hello.local");
      await vi.waitFor(async () => {
        expect(await resolve(laptop, "hello.local")).toContain("10.77.0.1");
      }, SLOW);
    });

    it("are nobody's business where the door listens on this machine only", async () => {
      const { home, laptop } = await makeHosts({ home: {}, laptop: {} });
      const door = await openDoorIn(home, tempFolder(), ["--address", "127.0.0.1"]);
      const { names } = await statusOf(door);
      expect(names.by).toBeUndefined();
      expect(names.links).toEqual([]);
      await expect(askPlainly(laptop, "hello.local", "A")).rejects.toThrow("no answer");
    });

    it("wait while another program has the port for itself", async () => {
      const { home } = await makeHosts({ home: {} });
      const rude = home.start(process.execPath, [
        "-e",
        `for (const type of ["udp4", "udp6"]) require("node:dgram").createSocket({ type, ipv6Only: type === "udp6" })
        .bind(5353, () => console.log("here"));`,
      ]);
      await vi.waitFor(() => expect(rude.stdout()).toBe("here\nhere\n"), SLOW);
      const door = await openDoorIn(home, tempFolder());
      await vi.waitFor(async () => {
        expect((await statusOf(door)).names.trouble?.code).toBe("NAMING_PORT_TAKEN");
      }, SLOW);
      await rude.end("SIGKILL");
      await announced(door, "hello.local");
      expect((await statusOf(door)).names.trouble).toBeUndefined();
    });

    it("are not fought for with a device that takes them all", async () => {
      const { home, rogue } = await makeHosts({ home: {}, rogue: {} });
      const door = await openDoorIn(home, tempFolder());
      await announced(door, "hello.local");
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
      const { stdout } = await rogue.run("curl", ["-q", "-sSk", "https://10.77.0.1/"]);
      expect(stdout).toContain("<html");
    });
  },
);
