import { expect, test } from "vitest";
import { describeHost } from "../../test/support/host.ts";
import { pathsOf } from "./paths.ts";

test("an ordinary Linux user has XDG's places", () => {
  expect(pathsOf(describeHost())).toEqual({
    config: "/home/ada/.config/genkan/genkan.yaml",
    state: "/home/ada/.local/share/genkan",
    pki: "/home/ada/.local/share/genkan/pki",
    log: "/home/ada/.local/share/genkan/genkan.log",
    socket: "/home/ada/.local/share/genkan/control.sock",
    access: "/home/ada/.local/share/genkan/access",
    audit: "/home/ada/.local/share/genkan/audit.log",
    lock: "/home/ada/.local/share/genkan/door.lock",
  });
});

test("GENKAN_HOME takes everything", () => {
  const paths = pathsOf(describeHost({ env: { GENKAN_HOME: "/srv/door", XDG_DATA_HOME: "/x" } }));
  expect(paths.config).toBe("/srv/door/genkan.yaml");
  expect(paths.lock).toBe("/srv/door/state/door.lock");
});

test("a relative GENKAN_HOME means the same place for everyone who is started from here", () => {
  const paths = pathsOf(describeHost({ env: { GENKAN_HOME: "door" } }));
  expect(paths.state).toBe(`${process.cwd()}/door/state`);
});

test.each([
  [{ XDG_CONFIG_HOME: "/c", XDG_DATA_HOME: "/d" }, "/c/genkan/genkan.yaml", "/d/genkan"],
  [
    { XDG_CONFIG_HOME: "", XDG_DATA_HOME: "d" },
    "/home/ada/.config/genkan/genkan.yaml",
    "/home/ada/.local/share/genkan",
  ],
  [{ GENKAN_HOME: "" }, "/home/ada/.config/genkan/genkan.yaml", "/home/ada/.local/share/genkan"],
])("XDG's variables are followed where they are whole paths: %j", (env, config, state) => {
  expect(pathsOf(describeHost({ env }))).toMatchObject({ config, state });
});

test("macOS has its own place", () => {
  const paths = pathsOf(describeHost({ os: "macos", home: "/Users/ada" }));
  expect(paths.config).toBe("/Users/ada/Library/Application Support/genkan/genkan.yaml");
  expect(paths.socket).toBe("/Users/ada/Library/Application Support/genkan/state/control.sock");
});

test("Windows has its own place, its own slashes, and a named pipe", () => {
  const env = { LOCALAPPDATA: "C:\\Users\\ada\\AppData\\Local" };
  const paths = pathsOf(describeHost({ os: "windows", home: "C:\\Users\\ada", env }));
  expect(paths.config).toBe("C:\\Users\\ada\\AppData\\Local\\genkan\\genkan.yaml");
  expect(paths.socket).toMatch(/^\\\\\.\\pipe\\genkan-[0-9a-f]{16}$/);
  expect(pathsOf(describeHost({ os: "windows", home: "C:\\Users\\ada", env: {} }))).toEqual(paths);
});

test("a home too deep for a socket gets one in the temporary folder, its own for each home", () => {
  const deep = (name: string) =>
    pathsOf(describeHost({ env: { GENKAN_HOME: `/${"d".repeat(100)}/${name}` } })).socket;
  expect(deep("one")).toMatch(/^\/tmp\/genkan-1000-[0-9a-f]{16}\/control\.sock$/);
  expect(deep("one")).not.toBe(deep("two"));
});
