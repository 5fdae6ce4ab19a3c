import { expect, test } from "vitest";
import { welcome, type WelcomeMore } from "../../src/cli/welcome.ts";
import type { AppStatus, DoorStatus } from "../../src/daemon/control/protocol.ts";

const status = (...apps: { name: string; access: AppStatus["access"] }[]): DoorStatus => ({
  version: "0.1.0",
  pid: 1,
  since: "2026-11-25T10:00:00.000Z",
  engine: "node",
  engineTrouble: undefined,
  portal: "https://genkan.local",
  listening: [],
  apps: apps.map(({ name, access }) => ({
    name,
    access,
    url: `https://${name}.local`,
    hosts: [`${name}.local`, `${name}.localhost`],
    upstream: "http://localhost:3000",
    preset: undefined,
    reachable: true,
    requests: 0,
    active: 0,
    webSockets: 0,
    trouble: undefined,
    sandboxes: [],
    sandboxTrouble: undefined,
  })),
  root: { path: "/root.pem", fingerprint: "AA:BB", words: "one two three four" },
  config: "/genkan.yaml",
  devices: [],
  names: { by: undefined, links: [], names: [], notCarried: [], trouble: undefined },
  accessTrouble: undefined,
  trouble: undefined,
  waiting: [],
});

const more: WelcomeMore = {
  advice: undefined,
  found: [],
  extra: [],
  place: { origin: "http://192.168.1.5", code: undefined, portal: "https://genkan.local" },
  invitation: undefined,
};

const invitation = {
  id: "1",
  digits: "123456",
  expires: "2026-11-25T10:10:00.000Z",
  role: "owner",
  guestUntil: null,
} as const;

test("a door without an owner lets the first device in", () => {
  const openhands = { name: "openhands", access: "household" } as const;
  const place = { ...more.place, code: "(a code)" };
  expect(welcome(status(openhands), { ...more, place, invitation })).toMatchInlineSnapshot(`
    "The door is open.

      openhands  https://openhands.local  -> http://localhost:3000
      portal     https://genkan.local     the door's own page

    On this machine:  https://openhands.localhost
    Only devices that were let in can open openhands. To let one in: genkan pair

    To let a device in, point its camera here, or type the address:

    (a code)

      http://192.168.1.5

    Then type these six digits at https://genkan.local/pair, and nowhere else:  123 456
    They are good for ten minutes and for one device, which becomes an owner and may let others in.

    Its certificates come from this home's own authority:
      root         /root.pem
      fingerprint  AA:BB
      four words   one two three four

    Next:
      genkan trust          make this machine trust it
      genkan add NAME 3000  give your own app a name
      genkan doctor         if anything does not work
      Ctrl-C                close the door"
  `);
});

test("a door with an owner says how to let more in", () => {
  const said = welcome(status({ name: "wiki", access: "household" }), more);
  expect(said).toContain("Only devices that were let in can open wiki. To let one in: genkan pair");
  expect(said).not.toContain("Anyone");
});

test("an app that is open is said to be, by its name, and nothing is said of others", () => {
  const said = welcome(
    status(
      { name: "hello", access: "open" },
      { name: "nas", access: "owner" },
      { name: "blog", access: "open" },
      { name: "wiki", access: "household" },
    ),
    more,
  );
  expect(said).toContain("Anyone on this network can open hello and blog: nobody is asked");
  expect(said).toContain("Only devices that were let in can open nas and wiki.");
  expect(said).not.toContain("WARNING");
});

test("an open app that is known to run code is warned of", () => {
  const said = welcome(status({ name: "openhands", access: "open" }), more);
  expect(said).toContain("WARNING: openhands runs code.");
});

test("where nobody can be let in, it says why", () => {
  const accessTrouble = {
    code: "ACCESS_STATE_DAMAGED",
    message: "It is damaged.",
    fix: "Mend it.",
  };
  const closed = { ...status({ name: "wiki", access: "household" }), accessTrouble };
  expect(welcome(closed, more)).toContain("It is damaged.\n  -> Mend it.");
});

test("a door of one machine leads its own browser in", () => {
  const place = { origin: undefined, code: undefined, portal: "https://genkan.localhost" };
  const said = welcome(status({ name: "wiki", access: "open" }), { ...more, place, invitation });
  expect(said).toContain("To let this machine's browser in, open https://genkan.localhost/pair");
  expect(said).not.toContain("Anyone on this network");
});

test("a door that no other device reaches says whether a network or a choice is why", () => {
  const place = { ...more.place, origin: undefined };
  const at = (address: string): string =>
    welcome({ ...status(), listening: [{ address, port: 443, secure: true }] }, { ...more, place });
  expect(at("127.0.0.1")).toContain("it listens on this machine's own address only");
  expect(at("::")).toContain("while this machine is on no network");
  expect(at("::")).not.toContain("own address only");
});
