import { expect, test } from "vitest";
import type { AppSettings } from "./settings.ts";
import { parseZone, withZone } from "./zone.ts";

test.each([
  ["box.home.arpa", "box.home.arpa"],
  ["Box.Lan.", "box.lan"],
  ["home.yourdomain.example", "home.yourdomain.example"],
])("%s can be a zone", (text, zone) => {
  expect(parseZone(text)).toBe(zone);
});

test.each([
  ["home.arpa", /names of other machines/],
  ["lan", /names of other machines/],
  ["box.local", /mDNS's/],
  ["box.localhost", /never leave a machine/],
])("%s cannot, and the reason is said", (text, why) => {
  expect(() => parseZone(text)).toThrow(why);
});

test("every app gets its name in the zone beside those it has", () => {
  const upstream = { scheme: "http", host: "localhost", port: 1, insecure: false } as const;
  const wiki: AppSettings = {
    name: "wiki",
    hosts: ["wiki.lan"],
    upstream,
    access: "open",
    openPaths: [],
    origins: [],
  };
  expect(withZone([wiki], "box.home.arpa")[0]?.hosts).toEqual(["wiki.lan", "wiki.box.home.arpa"]);
  expect(withZone([wiki], undefined)).toEqual([wiki]);
});
