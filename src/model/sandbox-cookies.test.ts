import { describe, expect, test } from "vitest";
import {
  cookieFromSandbox,
  cookiesForSandbox,
  cookiesNamed,
  tokenForScripts,
} from "./sandbox-cookies.ts";

const FIELD =
  "__Host-genkan=secret; ui=1; sandbox-41234-vscode-tkn=a=b; sandbox-41235-vscode-tkn=c; sandbox-4123-x=d";

describe("towards a sandbox", () => {
  test("go the cookies of its own port, under the names it gave them", () => {
    expect(cookiesForSandbox(FIELD, 41_234)).toBe("vscode-tkn=a=b");
    expect(cookiesForSandbox(`${FIELD}; sandbox-41234-t=2`, 41_234)).toBe("vscode-tkn=a=b; t=2");
  });

  test("goes nothing where it has set none: not the door's, the app's, or another port's", () => {
    expect(cookiesForSandbox(FIELD, 40_000)).toBeUndefined();
    expect(cookiesForSandbox("", 40_000)).toBeUndefined();
  });
});

describe("towards a browser", () => {
  test("a cookie bears its port in its name, is kept to this host and to https, and stays as it was otherwise", () => {
    expect(
      cookieFromSandbox("vscode-tkn=a=b; Path=/; Domain=local; HttpOnly; SameSite=Lax", 41_234),
    ).toBe("sandbox-41234-vscode-tkn=a=b; Path=/; HttpOnly; SameSite=Lax; Secure");
    expect(cookieFromSandbox("vscode-tkn=a; Max-Age=604800", 41_234)).toBe(
      "sandbox-41234-vscode-tkn=a; Max-Age=604800; Secure; HttpOnly",
    );
    expect(cookieFromSandbox("a=1; secure; DOMAIN = openhands.local", 41_234)).toBe(
      "sandbox-41234-a=1; Secure",
    );
  });

  test("a sandbox cannot set the door's cookie, the app's, or another port's", () => {
    expect(cookieFromSandbox("__Host-genkan=mine; Path=/", 41_234)).toMatch(
      /^sandbox-41234-__Host/,
    );
    expect(cookieFromSandbox("ui=mine", 41_234)).toMatch(/^sandbox-41234-ui=/);
    expect(cookieFromSandbox("sandbox-41235-t=mine", 41_234)).toMatch(/^sandbox-41234-sandbox/);
  });

  test.each(["", "__Host-genkan", "=__Host-genkan=mine", " =x", "; Path=/"])(
    "one without a name is none: %j",
    (field) => {
      expect(cookieFromSandbox(field, 41_234)).toBeUndefined();
    },
  );
});

test("an app's own page gets the cookies it is known to use, whatever pages on its sandboxes' ports have set", () => {
  const field = "oh_workspace_session_key=k; tossed=x; sandbox-41234-a=1";
  expect(cookiesNamed(field, ["oh_workspace_session_key"])).toBe("oh_workspace_session_key=k");
  expect(cookiesNamed(field, [])).toBeUndefined();
});

test("a page of the editor finds its own port's token among many, for a moment", () => {
  expect(tokenForScripts(FIELD, 41_235)).toBe(
    "vscode-tkn=c; Path=/; Max-Age=60; SameSite=Lax; Secure",
  );
  expect(tokenForScripts(FIELD, 41_236)).toBeUndefined();
  expect(tokenForScripts("vscode-tkn=stale", 41_234)).toBeUndefined();
});
