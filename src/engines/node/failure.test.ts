import { expect, test } from "vitest";
import { refusalFor } from "./failure.ts";
import {
  type FailureKind,
  UnsendableRequestError,
  UpstreamFailureError,
} from "./upstream/upstream.ts";

test.each<[FailureKind, number, string]>([
  ["unreachable", 502, "APP_UNREACHABLE"],
  ["closed", 502, "APP_CLOSED"],
  ["garbage", 502, "APP_GARBAGE"],
  ["tls", 502, "APP_TLS"],
  ["silent", 504, "APP_SILENT"],
])("an app that is %s is a %i, and the app's to mend", (kind, status, code) => {
  const thrown = new UpstreamFailureError(kind, "it said so");
  expect(refusalFor(thrown, "head")).toEqual({ status, code, blame: "app", why: "it said so" });
});

test("an app that fails behind its answer's head broke off, whatever it was", () => {
  const thrown = new UpstreamFailureError("garbage", "a broken chunk");
  expect(refusalFor(thrown, "content")).toMatchObject({ code: "APP_BROKE_OFF", blame: "app" });
});

test("a visitor who left is nobody's failure", () => {
  expect(refusalFor(new UpstreamFailureError("aborted", "left"), "head")).toBeUndefined();
});

test("a request that cannot be written as one is the visitor's", () => {
  expect(refusalFor(new UnsendableRequestError("target"), "head")).toMatchObject({
    status: 400,
    code: "DOOR_BAD_REQUEST",
    blame: "visitor",
  });
});

test("anything else is our own", () => {
  expect(refusalFor(new TypeError("no such thing"), "head")).toEqual({
    status: 500,
    code: "DOOR_ERROR",
    blame: "door",
    why: "no such thing",
  });
});
