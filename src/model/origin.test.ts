import { expect, test } from "vitest";
import { type Claim, isForeign, parseOrigin } from "./origin.ts";

const claim = (more: Partial<Claim>): Claim => ({
  method: "POST",
  isWebSocket: false,
  authority: "wiki.local:8443",
  origins: [],
  fetchSite: undefined,
  ...more,
});
const own = ["https://wiki.local:8443"];
const evil = ["https://evil.example"];

test.each<[string, Partial<Claim>, boolean]>([
  ["a program that says nothing", {}, false],
  ["the app's own page", { origins: own, fetchSite: "same-origin" }, false],
  ["an address typed by hand", { fetchSite: "none" }, false],
  ["another site's form", { origins: evil, fetchSite: "cross-site" }, true],
  ["another site whose browser sends no Origin", { fetchSite: "cross-site" }, true],
  ["a neighbour below the same domain", { fetchSite: "same-site" }, true],
  ["a sandboxed frame", { origins: ["null"] }, true],
  ["another port of the same name", { origins: ["https://wiki.local:9999"] }, true],
  ["the same name over plain http", { origins: ["http://wiki.local:8443"] }, true],
  ["two origins, one of them the app's", { origins: [...own, ...evil] }, true],
  ["an origin with something behind it", { origins: ["https://wiki.local:8443/"] }, true],
  ["an empty origin", { origins: [""] }, true],
  ["another site that only reads", { method: "GET", origins: evil }, false],
  ["another site's preflight", { method: "OPTIONS", origins: evil }, false],
  ["another site's WebSocket", { method: "GET", isWebSocket: true, origins: evil }, true],
  ["the app's own WebSocket", { method: "GET", isWebSocket: true, origins: own }, false],
  ["a WebSocket over HTTP/2", { method: "CONNECT", isWebSocket: true, origins: own }, false],
])("%s: foreign is %3$s", (_, more, foreign) => {
  expect(isForeign(claim(more), [])).toBe(foreign);
});

test("the standard port may be written or left out", () => {
  const at = (authority: string, origin: string) =>
    isForeign(claim({ authority, origins: [origin] }), []);
  expect(at("wiki.local", "https://wiki.local")).toBe(false);
  expect(at("wiki.local:443", "https://wiki.local")).toBe(false);
  expect(at("[::1]:8443", "https://[::1]:8443")).toBe(false);
  expect(at("WIKI.local", "https://wiki.local")).toBe(false);
});

test("an origin the app trusts passes, and only that one", () => {
  const allowed = [parseOrigin("https://Board.local/")];
  expect(isForeign(claim({ origins: ["https://board.local"] }), allowed)).toBe(false);
  expect(isForeign(claim({ origins: ["https://board.local.evil.example"] }), allowed)).toBe(true);
});

test.each([
  "*",
  "null",
  "board.local",
  "ftp://board.local",
  "https://board.local/path",
  "https://u@board.local",
  "https://",
])("%s is no origin", (text) => {
  expect(() => parseOrigin(text)).toThrow(expect.objectContaining({ code: "ORIGIN_INVALID" }));
});
