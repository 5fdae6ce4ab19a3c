import { expect, test, vi } from "vitest";
import { pairDevice, wish } from "../support/access.ts";
import { commandLine } from "../support/cli.ts";
import { openControl } from "../support/control.ts";

/** Digits are drawn by lot. */
const hide = (text: string): string =>
  text.replaceAll(/\b\d{3} \d{3}\b/g, "### ###").replaceAll(/"\d{6}"/g, '"######"');

test("pair says where to go, what to type there, and what becomes of it", async () => {
  const { line } = await openControl();
  expect(hide(await line.genkan("pair"))).toMatchInlineSnapshot(`
    "$ genkan pair
    To let a device in, open http://192.168.1.5 there

    Then type these six digits at https://genkan.local/pair, and nowhere else:  ### ###
    They are good for ten minutes and for one device, which becomes an owner and may let others in."
  `);
});

test("the first device is the owner's, whatever was asked for; the next is one of the household", async () => {
  const { line, access } = await openControl();
  await pairDevice(access, "Ada's phone");
  expect(hide(await line.genkan("pair"))).toContain("which becomes one of the household.");
  expect(hide(await line.genkan("pair --owner"))).toContain("an owner and may let others in");
});

test("a guest's time begins with the invitation", async () => {
  const { line, world, access } = await openControl();
  await pairDevice(access, "Ada's phone");
  world.clock.set(Date.parse("2026-11-25T10:00:00Z"));
  expect(hide(await line.genkan("pair --guest 36h"))).toContain(
    "which becomes a guest until 2026-11-26 22:00 UTC.",
  );
});

test("a guest before there is an owner is let in, and the owner's place is named", async () => {
  const { line, access } = await openControl();
  const { stdout, stderr } = await line.run("pair", "--guest", "2d", "--json");
  expect(stderr).toContain("This door has no owner yet.");
  const { digits } = JSON.parse(stdout) as { digits: string };
  expect(await access.pair(wish(digits))).toMatchObject({ device: { role: "guest" } });
});

test("as JSON: the digits, how long they are good, and the pages", async () => {
  const { line, world, access } = await openControl();
  world.clock.set(Date.parse("2026-11-25T10:00:00Z"));
  await pairDevice(access, "Ada's phone");
  const words = ["pair", "--guest", "2d", "--name", "kitchen tablet", "--json"];
  const { stdout } = await line.run(...words);
  expect(hide(stdout)).toMatchInlineSnapshot(`
    "{"digits":"######","expires":"2026-11-25T10:10:00.000Z","role":"guest","guestUntil":"2026-11-27T10:00:00.000Z","page":"https://genkan.local/pair","firstPage":"http://192.168.1.5"}
    "
  `);
  const { digits } = JSON.parse(stdout) as { digits: string };
  expect(await access.pair(wish(digits))).toMatchObject({
    device: { role: "guest", name: "kitchen tablet", expires: world.clock.now() + 48 * 3_600_000 },
  });
});

test("a door of one machine leads its own browser in", async () => {
  const { line } = await openControl({ address: "127.0.0.1" });
  expect(hide(await line.genkan("pair"))).toMatchInlineSnapshot(`
    "$ genkan pair
    To let this machine's browser in, open https://genkan.localhost/pair

    Then type these six digits at https://genkan.localhost/pair, and nowhere else:  ### ###
    They are good for ten minutes and for one device, which becomes an owner and may let others in."
  `);
});

test("with --wait it stays until the device is in, and says which", async () => {
  const { line, access, invited } = await openControl();
  const waiting = line.genkan("pair --wait");
  const digits = await vi.waitUntil(() => invited[0]?.digits);
  await pairDevice(access, "Somebody else"); // an invitation of its own: that is not whom it waits for
  await access.pair(wish(digits, { name: "Ada's phone" }));
  expect(hide(await waiting)).toMatch(
    /Ada's phone is in, as a member, from 192[.]168[.]1[.]20[.]$/,
  );
});

test("with --wait it says so when nobody came", async () => {
  const { line, invited, world } = await openControl();
  const waiting = line.genkan("pair --wait");
  await vi.waitUntil(() => invited[0]);
  world.pass(10 * 60_000);
  expect(hide(await waiting)).toMatchInlineSnapshot(`
    "$ genkan pair --wait
    genkan: Nobody took the digits in time, or newer ones took their place.
      -> Make new ones: genkan pair
      (INVITATION_OVER)
    To let a device in, open http://192.168.1.5 there

    Then type these six digits at https://genkan.local/pair, and nowhere else:  ### ###
    They are good for ten minutes and for one device, which becomes an owner and may let others in.
    [exit 1]"
  `);
});

test.each([
  ["pair --guest 2w", "DURATION_INVALID"],
  ["pair --guest 0d", "DURATION_INVALID"],
  ["pair --guest 2d --owner", "--guest or --owner"],
  ["pair --name=", "1 to 60 letters"],
  ["pair phone", "USAGE"],
])("%s is refused, and nobody is invited", async (words, why) => {
  const { line, access } = await openControl();
  const said = await line.genkan(words);
  expect(said).toContain(why);
  expect(said).toContain("[exit 2]");
  expect(access.isInviting()).toBe(false);
});

test("without an open door nobody can be let in", async () => {
  expect(await commandLine().genkan("pair")).toMatchInlineSnapshot(`
    "$ genkan pair
    genkan: No door is open here (looked in ~/home/state).
      -> Open it: genkan up
      (DOOR_CLOSED)
    [exit 1]"
  `);
});
