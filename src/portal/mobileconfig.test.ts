import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp.ts";
import { describeWithTools, toolPath } from "../../test/support/tools.ts";
import { HOME_SCOPE } from "../model/scope.ts";
import { mobileconfig } from "./mobileconfig.ts";
import type { RootSource } from "./needs.ts";

const root: RootSource = {
  pem: "",
  der: Uint8Array.from({ length: 700 }, (_, i) => i % 256),
  fingerprint256: Array.from({ length: 32 }, () => "A1").join(":"),
  words: [],
  scope: HOME_SCOPE,
  notAfter: 0,
};
const other = { ...root, fingerprint256: root.fingerprint256.replace("A1", "B2") };
const uuids = (text: string) =>
  [...text.matchAll(/<key>PayloadUUID<\/key><string>(.*?)<\/string>/g)].map((found) => found[1]);

/** What libplist makes of it: to its binary form and back, so that nothing passes that it did not understand. */
function read(profile: string): string {
  const folder = tempFolder();
  const [given, binary] = [join(folder, "genkan.mobileconfig"), join(folder, "binary")];
  writeFileSync(given, profile);
  const plistutil = (...args: string[]) =>
    execFileSync(toolPath("plistutil") ?? "plistutil", args, { encoding: "utf8" });
  plistutil("-i", given, "-f", "bin", "-o", binary);
  return plistutil("-i", binary, "-f", "xml").replace(/\s+/g, "");
}

describeWithTools("the profile, read by libplist", ["plistutil"], () => {
  test("is a configuration with one root certificate, byte for byte", () => {
    const plist = read(mobileconfig(root));
    expect(plist).toContain("<key>PayloadType</key><string>Configuration</string>");
    const data = Buffer.from(root.der).toString("base64");
    expect(plist.match(/<data>.*?<\/data>/g)).toEqual([`<data>${data}</data>`]);
    const certificate = /<array><dict>(.*)<\/dict><\/array>/.exec(plist)?.[1];
    expect(certificate).toContain("<key>PayloadType</key><string>com.apple.security.root</string>");
    expect(certificate).toContain(`<key>PayloadContent</key><data>${data}</data>`);
  });
});

test("the same root makes the same profile, and another root one beside it", () => {
  expect(mobileconfig(root)).toBe(mobileconfig({ ...root, notAfter: 5 }));
  const all = [...uuids(mobileconfig(root)), ...uuids(mobileconfig(other))];
  expect(new Set(all).size).toBe(4);
  const form = /^[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/;
  expect(all.filter((uuid) => !form.test(uuid ?? ""))).toEqual([]);
});
