import { expect, test } from "vitest";
import { parseLsof, parseNetstat, parseTasklist } from "./parse-listeners.ts";

test("lsof's fields become listeners, one for each socket of each process", () => {
  const text = `p501
cnode
Lada
f21
tIPv4
n*:3000
f22
tIPv6
n*:3000
f23
tIPv6
n[::1]:3001
p812
cGoogle Chrome Helper
Lada
f40
tIPv4
n127.0.0.1:9222
`;
  const node = { pid: 501, program: "node", user: "ada" };
  expect(parseLsof(text)).toEqual([
    { address: "0.0.0.0", port: 3000, ...node },
    { address: "::", port: 3000, ...node },
    { address: "::1", port: 3001, ...node },
    { address: "127.0.0.1", port: 9222, pid: 812, program: "Google Chrome Helper", user: "ada" },
  ]);
});

test("a scope is no part of an address, and what names no port is passed over", () => {
  expect(parseLsof("p1\ncx\nf3\ntIPv6\nn[fe80::1%en0]:80\nf4\ntIPv4\nn*:*\n")).toEqual([
    { address: "fe80::1", port: 80, pid: 1, program: "x", user: undefined },
  ]);
  expect(parseLsof("")).toEqual([]);
});

test.each(["LISTENING", "ABHÖREN", "À L’ÉCOUTE"])(
  "netstat's listeners are found in any language: %s",
  (word) => {
    const text = `\r
Active Connections\r
\r
  Proto  Local Address          Foreign Address        State           PID\r
  TCP    0.0.0.0:443            0.0.0.0:0              ${word}       4812\r
  TCP    [::1]:3000             [::]:0                 ${word}       77\r
  TCP    192.168.1.5:52100      203.0.113.9:443        ESTABLISHED     900\r
  UDP    0.0.0.0:5353           *:*                                    1200\r
`;
    expect(parseNetstat(text)).toMatchObject([
      { address: "0.0.0.0", port: 443, pid: 4812 },
      { address: "::1", port: 3000, pid: 77 },
    ]);
  },
);

test("tasklist gives program names by pid, without their ending", () => {
  const text = `"System Idle Process","0","Services","0","8 K"\r\n"node.exe","4812","Console","1","61,204 K"\r\n`;
  expect([...parseTasklist(text)]).toEqual([
    [0, "System Idle Process"],
    [4812, "node"],
  ]);
});
