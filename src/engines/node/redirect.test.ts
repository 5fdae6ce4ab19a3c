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
  ["the portal", "HEAD / HTTP/1.1\r\nHost: genkan.local\r\n\r\n", "genkan.local", "/"],
  ["an IPv4 address", "GET / HTTP/1.1\r\nHost: 192.168.1.5\r\n\r\n", "192.168.1.5", "/"],
  ["an IPv6 address", "GET / HTTP/1.1\r\nHost: [fd00::1]:80\r\n\r\n", "[fd00::1]", "/"],
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
