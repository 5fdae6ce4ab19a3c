import { expect, test } from "vitest";
import { parseProcNet } from "./parse-proc-net.ts";

const HEAD =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const row = (local: string, state = "0A", inode = 1597): string =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 00000000b4fa2e44 100 0 0 10 0`;

test("a listening socket is read with its owner and inode", () => {
  const text = [HEAD, row("0100007F:1F90"), ""].join("\n");
  expect(parseProcNet(text, "LE")).toEqual([
    { address: "127.0.0.1", port: 8080, uid: 1000, inode: "1597" },
  ]);
});

test("connections, the heading and broken lines are passed over", () => {
  const text = [HEAD, row("0100007F:1F90", "01"), row("0100007F:1F90").slice(0, 40), "junk"];
  expect(parseProcNet(text.join("\n"), "LE")).toEqual([]);
});

test.each([
  ["00000000:01BB", "0.0.0.0"],
  ["0201A8C0:01BB", "192.168.1.2"],
  ["00000000000000000000000000000000:01BB", "::"],
  ["00000000000000000000000001000000:01BB", "::1"],
  ["000080FE00000000FF00FC00010000FE:01BB", "fe80::fc:ff:fe00:1"],
  ["B80D012000000000000000000100FF00:01BB", "2001:db8::ff:1"],
  ["0000000000000000FFFF00000100007F:01BB", "127.0.0.1"],
  ["0000000000000000FFFF0000020011AC:01BB", "172.17.0.2"],
])("%s is %s on a little-endian machine", (local, address) => {
  const rem = "0".repeat(local.length - 5);
  const text = row(local).replace("00000000:0000", `${rem}:0000`);
  expect(parseProcNet(text, "LE")).toMatchObject([{ address, port: 443 }]);
});

test.each([
  ["7F000001:0050", "127.0.0.1"],
  ["FE800000000000000000000000000001:0050", "fe80::1"],
])("%s is %s on a big-endian machine", (local, address) => {
  expect(parseProcNet(row(local), "BE")).toMatchObject([{ address, port: 80 }]);
});
