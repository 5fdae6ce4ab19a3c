import { describe, expect, test } from "vitest";
import { NONCE_COOKIE, ownCookie, sessionCookie } from "./cookies.ts";
import { SESSION_COOKIE } from "../model/own-fields.ts";
import { newSecret } from "./secrets.ts";

const token = newSecret();

describe("the door's cookie", () => {
  test("is found among others, in one header or several", () => {
    expect(ownCookie([`a=1; ${SESSION_COOKIE}=${token}; b=2`], SESSION_COOKIE)).toBe(token);
    expect(ownCookie(["a=1", `${SESSION_COOKIE}=${token}`], SESSION_COOKIE)).toBe(token);
  });
  test("is not mistaken for its neighbours", () => {
    const headers = [
      `${NONCE_COOKIE}=${token}; x${SESSION_COOKIE}=${token}; ${SESSION_COOKIE}x=${token}`,
    ];
    expect(ownCookie(headers, SESSION_COOKIE)).toBeUndefined();
    expect(ownCookie(headers, NONCE_COOKIE)).toBe(token);
  });
  test.each([
    ["twice", `${SESSION_COOKIE}=${token}; ${SESSION_COOKIE}=${newSecret()}`],
    ["twice the same", `${SESSION_COOKIE}=${token}; ${SESSION_COOKIE}=${token}`],
    ["in other capitals", `${SESSION_COOKIE.toLowerCase()}=${token}`],
    ["empty", `${SESSION_COOKIE}=`],
    ["without a value", SESSION_COOKIE],
    ["of ten million letters", `${SESSION_COOKIE}=${"x".repeat(10_000_000)}`],
    ["of letters we never use", `${SESSION_COOKIE}="${token}"`],
  ])("%s is none", (_, header) => {
    expect(ownCookie([header], SESSION_COOKIE)).toBeUndefined();
  });
});

test("a session's cookie is for this very host, https and no script", () => {
  expect(sessionCookie(token, 60)).toBe(
    `__Host-genkan=${token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60`,
  );
});
