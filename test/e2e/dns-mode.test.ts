import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { freePort, openDoor } from "../support/genkan.ts";
import { tempFolder } from "../support/temp.ts";
import { describeWithTools } from "../support/tools.ts";

describeWithTools("a door with a zone", ["dig"], () => {
  const dig = async (port: number, name: string): Promise<string> => {
    const args = ["@127.0.0.1", "-p", String(port), "+short", "+tries=1", "+time=10", name];
    return (await promisify(execFile)("dig", args)).stdout.trim();
  };

  test("answers for every app in it, follows the configuration, and serves those names", async () => {
    const home = tempFolder();
    const port = await freePort();
    const zone = `dns: { zone: box.home.arpa, port: ${port} }\n`;
    writeFileSync(join(home, "genkan.yaml"), zone);
    const door = await openDoor(home);
    expect(await dig(port, "hello.box.home.arpa")).toBe("127.0.0.1");
    // Where its people sign in.
    expect(await dig(port, "genkan.box.home.arpa")).toBe("127.0.0.1");
    await door.genkan("add", "wiki", "3000");
    expect(await dig(port, "wiki.box.home.arpa")).toBe("127.0.0.1");
    expect(await dig(port, "hello.box.home.arpa")).toBe("");
    const { stdout } = await door.genkan("status", "--json");
    expect(stdout).toContain("wiki.box.home.arpa");
    const doctor = await door.genkan("doctor", "--json");
    expect(doctor.stdout).toMatch(/"dns\.answers","title":"[^"]+","state":"well"/);
  });

  test("opens all the same where the port is taken, and says so", async () => {
    const home = tempFolder();
    const port = await freePort();
    const other = createSocket("udp4");
    other.bind(port, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => void other.close());
    writeFileSync(join(home, "genkan.yaml"), `dns: { zone: box.home.arpa, port: ${port} }\n`);
    const door = await openDoor(home);
    expect(door.stderr()).toContain(
      `The door answers no DNS on 127.0.0.1 port ${port}: another program has that port.`,
    );
  });
});
