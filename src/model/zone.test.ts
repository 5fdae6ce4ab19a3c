import { expect, test } from "vitest";
import { compile } from "./compile.ts";
import { portalHost, portalNear } from "./plan.ts";
import type { AppSettings } from "./settings.ts";
import { parseZone, withPortalInZone, withZone } from "./zone.ts";

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

test("the portal has a name in the zone, for those who come by one, and is shown by its own", () => {
  const plan = compile([], undefined);
  const zoned = withPortalInZone(plan, "box.home.arpa");
  expect(portalNear(zoned, "wiki.box.home.arpa")).toBe("genkan.box.home.arpa");
  expect(portalNear(zoned, "wiki.localhost")).toBe("genkan.localhost");
  expect(portalNear(zoned, "wiki.yourdomain.example")).toBe("genkan.local");
  expect(portalHost(zoned)).toBe("genkan.local");
  expect(withPortalInZone(plan, undefined)).toBe(plan);
});
