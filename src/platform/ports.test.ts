import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { describeHost } from "../../test/support/host.ts";
import { recordingRun } from "../../test/support/run.ts";
import { detectHost } from "./host.ts";
import { listListening } from "./listening.ts";
import { describeHolder, howToBind, mayBind, mayBindLowPorts, whoHolds } from "./ports.ts";
import { runProgram } from "./run.ts";

const linux = existsSync("/proc/net/tcp");
const here = { host: detectHost(), run: runProgram };

async function listen(address: string): Promise<number> {
  const server: Server = createServer().listen(0, address);
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** A program of ours that listens, so that it is not this process. */
async function startListener(address: string): Promise<{ pid: number; port: number }> {
  const code = `const s = require("net").createServer().listen(0, ${JSON.stringify(address)}, () => console.log(s.address().port))`;
  const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  return { pid: child.pid ?? 0, port: Number(said.toString()) };
}

test.runIf(linux).each(["127.0.0.1", "::1", "::", "0.0.0.0"])(
  "who listens on %s is found: this very process",
  async (address) => {
    const port = await listen(address);
    const holder = await whoHolds(port, here);
    expect(holder).toMatchObject({ pid: process.pid, program: "node", user: here.host.user });
    expect(holder?.says).toMatch(
      new RegExp(`^node \\(process ${process.pid} of ${here.host.user}: .*\\)$`),
    );
  },
);

test.runIf(linux)("nobody holds a port that is free", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  expect(await whoHolds(port, here)).toBeUndefined();
});

test.runIf(linux)(
  "what others listen on is listed with its reach, and we ourselves are not",
  async () => {
    const own = await listen("127.0.0.1");
    const local = await startListener("127.0.0.1");
    const open = await startListener("0.0.0.0");
    const found = await listListening(here);
    expect(found.find(({ port }) => port === own)).toBeUndefined();
    expect(found.find(({ port }) => port === local.port)).toEqual({
      port: local.port,
      addresses: ["127.0.0.1"],
      isLocalOnly: true,
      pid: local.pid,
      program: "node",
    });
    expect(found.find(({ port }) => port === open.port)).toMatchObject({ isLocalOnly: false });
  },
);

test("on macOS lsof and ps are asked", async () => {
  const { run, started } = recordingRun((line) =>
    line.startsWith("/bin/ps")
      ? "/opt/nginx -g daemon off;\n"
      : "p77\ncnginx\nLroot\nf6\ntIPv4\nn*:443\n",
  );
  const holder = await whoHolds(443, { host: describeHost({ os: "macos" }), run });
  expect(holder?.says).toBe("nginx (process 77 of root: /opt/nginx -g daemon off;)");
  expect(started).toEqual([
    "/usr/sbin/lsof -nP +c0 -iTCP:443 -sTCP:LISTEN -F pcLtn",
    "/bin/ps -p 77 -o command=",
  ]);
});

test("lsof that ends with 1 and no word has found nobody", async () => {
  const { run } = recordingRun(() => 1);
  expect(await whoHolds(443, { host: describeHost({ os: "macos" }), run })).toBeUndefined();
});

test("on Windows netstat and tasklist are asked, by their full paths", async () => {
  const { run, started } = recordingRun((line) =>
    line.includes("netstat")
      ? "  TCP    0.0.0.0:443   0.0.0.0:0   LISTENING   4812\r\n  TCP    0.0.0.0:80   0.0.0.0:0   LISTENING   5\r\n"
      : '"nginx.exe","4812","Console","1","1 K"\r\n',
  );
  const host = describeHost({ os: "windows", env: { SystemRoot: "D:\\Win" } });
  expect((await whoHolds(443, { host, run }))?.says).toBe("nginx (process 4812)");
  expect(started).toEqual([
    "D:\\Win\\System32\\netstat.exe -ano",
    "D:\\Win\\System32\\tasklist.exe /fo csv /nh",
  ]);
});

test("a tool that is not there does not hide the trouble it was asked about", async () => {
  const { run } = recordingRun(() => "missing");
  const holder = await whoHolds(443, { host: describeHost({ os: "other" }), run });
  expect(holder?.says).toMatch(/^a program that could not be named \(.*lsof is not installed/);
});

test("another user's program is told with the command that names it", () => {
  const nobody = { pid: undefined, program: undefined, command: undefined };
  expect(describeHolder({ ...nobody, user: "root" }, 443, describeHost())).toBe(
    "a program of root (see which: sudo ss -ltnp 'sport = :443')",
  );
  expect(describeHolder({ ...nobody, user: undefined }, 80, describeHost({ os: "macos" }))).toBe(
    "a program (see which: sudo lsof -nP -iTCP:80)",
  );
});

test("a program's name cannot play tricks on the terminal", async () => {
  const { run } = recordingRun((line) =>
    line.startsWith("/bin/ps")
      ? "\u001b]0;owned\u0007 x"
      : "p77\nc\u001b[2Jevil\nf6\ntIPv4\nn*:443\n",
  );
  const holder = await whoHolds(443, { host: describeHost({ os: "macos" }), run });
  expect(holder?.says).toBe("[2Jevil (process 77: ]0;owned x)");
});

test.each([
  ["any high port, for anyone", 8443, describeHost({ os: "other" }), "::", true],
  ["a port chosen by the system", 0, describeHost({ os: "other" }), "::", true],
  ["a low port on macOS, on all addresses", 443, describeHost({ os: "macos" }), "::", true],
  ["a low port on macOS, on one address", 443, describeHost({ os: "macos" }), "10.0.0.2", false],
  [
    "the same for the administrator",
    443,
    describeHost({ os: "macos", isRoot: true }),
    "10.0.0.2",
    true,
  ],
  ["a low port on Windows", 80, describeHost({ os: "windows" }), "::", true],
  ["a low port on some other Unix", 80, describeHost({ os: "other" }), "::", false],
])("may it be had? %s", async (...[, port, host, address, expected]) => {
  expect(await mayBind(port, host, address)).toBe(expected);
});

test.each([
  ["CapEff:\t0000000000000400\n", true],
  ["CapEff:\t000001fffeffffff\n", true],
  ["CapEff:\t0000000000000000\n", false],
  ["CapEff:\tfffffffffffffbff\n", false],
])("the right to low ports is read from the process's capabilities: %j", (status, expected) => {
  expect(mayBindLowPorts(`Name:\tnode\nCapInh:\t0000000000000400\n${status}`, describeHost())).toBe(
    expected,
  );
});

/** Asks mayBind, and then tries, in a process with other rights than ours. */
async function askAndTry(prefix: string[]): Promise<{ may: boolean; tried: string }> {
  const folder = mkdtempSync(join(tmpdir(), "genkan-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const script = join(folder, "ask.mjs");
  const contents = `
    import { createServer } from "node:net";
    import { mayBind } from "./ports.ts";
    import { detectHost } from "./host.ts";
    const port = 1; // tcpmux: nobody uses it
    const may = await mayBind(port, detectHost());
    const end = (tried) => { console.log(JSON.stringify({ may, tried })); server.close(); };
    const server = createServer().on("error", (e) => end(e.code)).listen(port, "127.0.0.1", () => end("listening"));
  `;
  const stdin = { contents, resolveDir: import.meta.dirname };
  await build({ stdin, bundle: true, platform: "node", format: "esm", outfile: script });
  spawnSync("chmod", ["-R", "a+rX", folder]);
  const [program, ...args] = [...prefix, process.execPath, script];
  const { stdout, stderr } = spawnSync(program ?? "", args, { encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as { may: boolean; tried: string };
}

test.runIf(linux)("what is said of this process is what happens to it", async () => {
  const { may, tried } = await askAndTry([]);
  expect(may).toBe(tried === "listening");
});

test.runIf(linux && here.host.isRoot && existsSync("/usr/bin/setpriv"))(
  "without the capability even root is refused, and we know before",
  async () => {
    const drop = ["setpriv", "--bounding-set=-net_bind_service", "--inh-caps=-net_bind_service"];
    expect(await askAndTry(drop)).toEqual({ may: false, tried: "EACCES" });
    const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    expect(await askAndTry(nobody)).toEqual({ may: false, tried: "EACCES" });
  },
);

test("the way to a low port on Linux is a command, with what else it changes", () => {
  expect(howToBind(443, describeHost())).toMatchInlineSnapshot(`
    "Let programs of every user of this machine listen from port 80 up, for good:
      echo 'net.ipv4.ip_unprivileged_port_start=80' | sudo tee /etc/sysctl.d/50-genkan.conf && sudo sysctl -w net.ipv4.ip_unprivileged_port_start=80
    Or let this Node alone do it (every Node program then may, and an update of Node takes it away again):
      sudo setcap 'cap_net_bind_service=+ep' "$(readlink -f "$(command -v node)")""
  `);
});

test.each([
  ["macos", "leave --address out"],
  ["windows", "netsh interface ipv4 show excludedportrange protocol=tcp"],
  ["other", "sudo genkan up"],
] as const)("on %s the advice is its own", (os, expected) => {
  expect(howToBind(443, describeHost({ os }))).toContain(expected);
});
