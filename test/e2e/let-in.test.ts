/*
 * Letting in and putting out with the real program: from the digits in the terminal to the audit log.
 */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { request } from "node:https";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import { genkan, openDoor, openDoorAt, type OpenDoor } from "../support/genkan.ts";
import { tempFolder } from "../support/temp.ts";

interface Heard {
  readonly status: number;
  readonly cookie: string;
  readonly body: string;
}

/** One request as a browser of this machine sends it; a form where there are fields. */
async function ask(
  door: OpenDoor,
  address: string,
  { headers = {}, fields }: { headers?: Record<string, string>; fields?: Record<string, string> },
): Promise<Heard> {
  const { hostname, pathname } = new URL(`https://${address}`);
  const origin = `https://${hostname}:${door.httpsPort}`;
  const form = { "content-type": "application/x-www-form-urlencoded", origin };
  const asked = request({
    host: "127.0.0.1",
    port: door.httpsPort,
    servername: hostname,
    path: pathname,
    method: fields ? "POST" : "GET",
    headers: { host: `${hostname}:${door.httpsPort}`, ...(fields ? form : {}), ...headers },
    ca: readFileSync(door.ready.root.path),
    agent: false,
  });
  asked.end(fields && new URLSearchParams(fields).toString());
  const [response] = await once(asked, "response");
  const [cookie = ""] = (response.headers["set-cookie"] ?? []) as string[];
  const { statusCode } = response;
  return { status: statusCode, cookie: cookie.split(";")[0] ?? "", body: await text(response) };
}

async function startWiki(): Promise<number> {
  const server: Server = createServer((_request, response) => response.end("I am the wiki"));
  onTestFinished(() => server.close().closeAllConnections());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port was given");
  return address.port;
}

const json = (output: { stdout: string }): Record<string, unknown> =>
  JSON.parse(output.stdout) as Record<string, unknown>;

function auditOf(home: string): Record<string, unknown>[] {
  const lines = readFileSync(join(home, "state", "audit.log"), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test("the first device is let in by the digits of genkan up, and put out by genkan revoke", async () => {
  const home = tempFolder();
  await genkan(home, ["add", "wiki", String(await startWiki()), "--access", "household"]);
  const door = await openDoor(home);
  const digits = door.ready.pairing?.digits ?? "";
  expect(digits).toMatch(/^\d{6}$/);

  const waiting = door.genkan(
    "pair",
    "--name",
    "kitchen tablet",
    "--guest",
    "2h",
    "--wait",
    "--json",
  );
  const paired = await ask(door, "genkan.localhost/pair", { fields: { digits, name: "Laptop" } });
  expect(paired).toMatchObject({ status: 303, cookie: expect.stringContaining("__Host-genkan=") });
  await vi.waitFor(() => {
    expect(door.stderr()).toContain("Laptop was let in (owner, from 127.0.0.1).");
  });
  const { devices } = json(await door.genkan("devices", "--json"));
  expect(devices).toMatchObject([{ name: "Laptop", role: "owner", addresses: ["127.0.0.1"] }]);
  const known = await ask(door, "genkan.localhost/devices", { headers: { cookie: paired.cookie } });
  expect(known.status).toBe(200);

  expect((await door.genkan("revoke", "laptop")).stdout).toContain("Laptop is out");
  const out = await ask(door, "genkan.localhost/devices", { headers: { cookie: paired.cookie } });
  expect(out.status).not.toBe(200);
  await door.end();
  expect((await waiting).stderr).toMatch(/DOOR_CLOSED|DOOR_SILENT/);

  const audit = auditOf(home);
  const events = audit.map(({ event }) => event);
  expect(events).toEqual(
    expect.arrayContaining(["pairing.opened", "device.paired", "device.revoked"]),
  );
  expect(JSON.stringify(audit)).not.toContain(digits);
  expect(JSON.stringify(audit)).not.toContain(paired.cookie.split("=")[1]);
  expect(statSync(join(home, "state", "audit.log")).mode & 0o777).toBe(0o600);
});

test("a door with an owner opens without digits, and devices are told of while it is closed", async () => {
  const home = tempFolder();
  const door = await openDoor(home);
  const fields = { digits: door.ready.pairing?.digits ?? "", name: "Laptop" };
  expect(await ask(door, "genkan.localhost/pair", { fields })).toMatchObject({ status: 303 });
  await door.end();
  expect((await genkan(home, ["devices"])).stdout).toMatch(/^Laptop .* owner /m);
  const again = await openDoorAt(door);
  expect(again.ready.pairing).toBeNull();
});

test("a token opens its app, for as long as it is there; changes of the file are audited", async () => {
  const home = tempFolder();
  const wiki = String(await startWiki());
  const door = await openDoor(home);
  await door.genkan("add", "wiki", wiki, "--access", "owner");
  const token = (await door.genkan("token", "backup", "--app", "wiki")).stdout.trim();
  const headers = { authorization: `Bearer ${token}` };
  expect(await ask(door, "wiki.localhost/", { headers })).toMatchObject({
    status: 200,
    body: "I am the wiki",
  });
  await door.genkan("token", "backup", "--remove");
  expect((await ask(door, "wiki.localhost/", { headers })).status).toBe(401);
  await vi.waitFor(() =>
    expect(auditOf(home)).toContainEqual(
      expect.objectContaining({ event: "configuration.changed", access: { wiki: "owner" } }),
    ),
  );
  expect(readFileSync(join(home, "state", "audit.log"), "utf8")).not.toContain(token);
});

test("what was kept and cannot be read closes the door to all but open apps, and is said", async () => {
  const home = tempFolder();
  const first = await openDoor(home);
  const fields = { digits: first.ready.pairing?.digits ?? "", name: "Laptop" };
  await ask(first, "genkan.localhost/pair", { fields });
  await first.end();
  writeFileSync(join(home, "state", "access", "devices.json"), "{");
  const door = await openDoorAt(first);
  expect(door.ready.pairing).toBeNull();
  expect((await door.genkan("pair")).stderr).toContain("(ACCESS_STATE_DAMAGED)");
  expect((await door.genkan("status")).stdout).toContain("devices.json");
  const doctor = await door.genkan("doctor");
  expect(doctor.stdout).toMatch(/FIX .*devices[.]json.*\[access[.]state\]/);
});
