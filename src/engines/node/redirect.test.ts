import { expect, test } from "vitest";
import { openDoor } from "../../../test/support/door.ts";

async function asked(request: string): Promise<{ heard: string; port: number }> {
  const door = await openDoor({ wiki: 1 });
  const talk = await door.plain();
  talk.say(request);
  return { heard: await talk.end(), port: door.httpsPort };
}

function location(heard: string): string | undefined {
  return /\r\nlocation: (.*)\r\n/i.exec(heard)?.[1];
}

test.each([
  ["a name of the plan", "GET /a?b=c HTTP/1.1\r\nHost: wiki.local\r\n\r\n", "wiki.local", "/a?b=c"],
  ["another port", "GET / HTTP/1.1\r\nHost: WIKI.local:8080\r\n\r\n", "wiki.local", "/"],
  [
    "what else the portal has",
    "HEAD /check?a HTTP/1.1\r\nHost: genkan.local\r\n\r\n",
    "genkan.local",
    "/check?a",
  ],
  ["an IPv4 address", "GET /a HTTP/1.1\r\nHost: 192.168.1.5\r\n\r\n", "192.168.1.5", "/a"],
  ["an IPv6 address", "GET /a HTTP/1.1\r\nHost: [fd00::1]:80\r\n\r\n", "[fd00::1]", "/a"],
  [
    "a post",
    "POST /p HTTP/1.1\r\nHost: wiki.local\r\nContent-Length: 3\r\n\r\nabc",
    "wiki.local",
    "/p",
  ],
  [
    "one who waits for 100",
    "POST /p HTTP/1.1\r\nHost: wiki.local\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n",
    "wiki.local",
    "/p",
  ],
  [
    "an absolute target",
    "GET http://wiki.local/a HTTP/1.1\r\nHost: wiki.local\r\n\r\n",
    "wiki.local",
    "/a",
  ],
  [
    "a path that looks like a host",
    "GET //evil.example/ HTTP/1.1\r\nHost: wiki.local\r\n\r\n",
    "wiki.local",
    "//evil.example/",
  ],
  [
    "a portal's path in other letters",
    "GET /root%2Ecrt HTTP/1.1\r\nHost: genkan.local\r\n\r\n",
    "genkan.local",
    "/root%2Ecrt",
  ],
  ["the asterisk", "OPTIONS * HTTP/1.1\r\nHost: wiki.local\r\n\r\n", "wiki.local", "/"],
])("%s is sent to the same place over https", async (...[, request, host, path]) => {
  const { heard, port } = await asked(request);
  expect(heard).toMatch(/^HTTP\/1.1 308 Permanent Redirect\r\n/);
  expect(location(heard)).toBe(`https://${host}:${port}${path}`);
});

test.each([
  ["an unknown host", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421],
  ["no host", "GET / HTTP/1.1\r\n\r\n", 400],
  ["two hosts", "GET / HTTP/1.1\r\nHost: wiki.local\r\nHost: evil.example\r\n\r\n", 400],
  ["a host that is none", "GET / HTTP/1.1\r\nHost: evil.example/\r\n\r\n", 400],
  [
    "an upgrade",
    "GET / HTTP/1.1\r\nHost: wiki.local\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    400,
  ],
  ["CONNECT", "CONNECT wiki.local:443 HTTP/1.1\r\nHost: wiki.local\r\n\r\n", 405],
  ["TRACE", "TRACE / HTTP/1.1\r\nHost: wiki.local\r\n\r\n", 405],
  ["TLS", "\x16\x03\x01\x02\0", 400],
  ["bytes above ASCII", "GET /\xff HTTP/1.1\r\nHost: wiki.local\r\n\r\n", 400],
  ["a folded field", "GET / HTTP/1.1\r\nHost: wiki.local\r\nX: a\r\n b\r\n\r\n", 400],
])("%s is refused in plain text that names nobody", async (_title, request, status) => {
  const { heard } = await asked(request);
  expect(heard).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(heard).toMatch(/\r\nconnection: close\r\n/i);
  expect(heard).not.toMatch(/wiki|genkan/i);
  expect(location(heard)).toBeUndefined();
});

test.each([
  ["the portal's name", "GET / HTTP/1.1\r\nHost: genkan.local\r\n\r\n"],
  ["an IPv4 address", "GET /?lang=ja HTTP/1.1\r\nHost: 192.168.1.5:8080\r\n\r\n"],
  ["an IPv6 address", "GET /root.crt HTTP/1.1\r\nHost: [fd00::1]\r\n\r\n"],
  ["an absolute target", "GET http://genkan.local/trust.sh HTTP/1.1\r\nHost: genkan.local\r\n\r\n"],
])("%s is shown the door's pages, and the connection ends", async (_title, request) => {
  const { heard } = await asked(request);
  expect(heard).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect(heard).toMatch(/\r\nconnection: close\r\n/i);
  expect(heard).toMatch(/portal/);
});

test("bytes behind a request do not get into the page that answers it", async () => {
  const { heard } = await asked("GET / HTTP/1.1\r\nHost: genkan.local\r\n\r\n\0\0\r\n\r\n");
  expect(heard).not.toContain("DOOR_BAD_REQUEST");
});

test("a page that fails is broken off, and the log has the reason", async () => {
  const portal = async (): Promise<void> => {
    throw new Error("the disk is gone");
  };
  const door = await openDoor({ wiki: 1 }, { portal });
  const talk = await door.plain();
  talk.say("GET / HTTP/1.1\r\nHost: genkan.local\r\n\r\n");
  expect(await talk.end()).toBe("");
  expect(door.log).toMatchObject([{ event: "page.failed", why: "the disk is gone" }]);
});
