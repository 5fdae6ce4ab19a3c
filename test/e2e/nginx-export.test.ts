import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { commandLine } from "../support/cli.ts";
import { realApp } from "../contract/websocket-scene.ts";
import { freePort } from "../support/genkan.ts";
import { answering, rawApp, SOON } from "../support/raw-app.ts";
import { tempFolder } from "../support/temp.ts";
import { describeWithTools, toolPath } from "../support/tools.ts";

const run = promisify(execFile);

interface OwnNginx {
  readonly httpsPort: number;
  readonly httpPort: number;
  readonly root: string;
  readonly rootPem: string;
  /** Asks it with curl, as a device that trusts the root alone. */
  curl(...args: string[]): Promise<string>;
}

/** This machine's nginx with exactly the exported site, and the certificates it asks for. */
async function ownNginx(port: number): Promise<OwnNginx> {
  const line = commandLine();
  const dir = tempFolder();
  const site = join(dir, "site.conf");
  const [httpsPort, httpPort] = [await freePort(), await freePort()];
  // The app is told of no visitor but the tests': what is not to be recognised is not asked.
  const app = ["wiki", `127.0.0.1:${port}`, "--host", "wiki.home.arpa", "--preset", "none"];
  await line.run("add", ...app);
  const ports = ["--https-port", `${httpsPort}`, "--http-port", `${httpPort}`];
  const version = /nginx\/([\d.]+)/.exec((await run(nginx(), ["-v"])).stderr)?.[1] ?? "";
  const exported = await line.run(
    "export",
    "nginx",
    "--out",
    site,
    "--nginx-version",
    version,
    "--json",
    ...ports,
  );
  const { commands } = JSON.parse(exported.stdout) as { commands: string[] };
  for (const command of commands) await line.run(...command.split(" ").slice(1));
  const rootPem = (await line.run("root", "--pem")).stdout;
  const root = join(dir, "root.pem");
  writeFileSync(root, rootPem);
  await startNginx(dir, site);
  await expect.poll(() => isOpen(httpsPort), SOON).toBe(true);
  const to = ["--resolve", `wiki.local:${httpsPort}:127.0.0.1`];
  const own = ["-q", "-sS", "--noproxy", "*", "--max-time", "30", "--cacert", root, ...to];
  return {
    httpsPort,
    httpPort,
    root,
    rootPem,
    curl: async (...args) => (await run(toolPath("curl") ?? "curl", [...own, ...args])).stdout,
  };
}

async function startNginx(dir: string, site: string): Promise<void> {
  mkdirSync(join(dir, "tmp"));
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const temporary = kinds.map((kind) => `${kind}_temp_path ${dir}/tmp/${kind};`).join("\n");
  writeFileSync(
    join(dir, "nginx.conf"),
    `daemon off;\npid ${dir}/pid;\nevents {}\nhttp {\naccess_log off;\n${temporary}\ninclude ${site};\n}\n`,
  );
  const args = ["-e", join(dir, "error.log"), "-p", dir, "-c", join(dir, "nginx.conf")];
  await run(nginx(), ["-t", ...args]);
  const child = spawn(nginx(), args, { stdio: "ignore" });
  onTestFinished(async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "close");
  });
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const opened = new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
  });
  return opened.finally(() => socket.destroy());
}

function nginx(): string {
  return toolPath("nginx") ?? "nginx";
}

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

describeWithTools("the site genkan export nginx makes", ["nginx", "curl"], () => {
  test.each(["--http1.1", "--http2"])("passes requests on with %s", async (protocol) => {
    const app = await rawApp(answering(OK));
    const own = await ownNginx(app.to.port);
    const url = `https://wiki.local:${own.httpsPort}/a/..%2Fb?c`;
    const forged = ["-H", "X-Forwarded-For: 9.9.9.9", "-H", "Remote-User: root"];
    const said = await own.curl(
      protocol,
      "--retry-connrefused",
      "--retry",
      "5",
      "-i",
      ...forged,
      url,
    );
    expect(said).toMatch(protocol === "--http2" ? /^HTTP\/2 200/ : /^HTTP\/1\.1 200/);
    expect(app.received[0]).toContain("GET /a/..%2Fb?c HTTP/1.1\r\n");
    expect(app.received[0]).toContain("X-Forwarded-For: 127.0.0.1\r\n");
    expect(app.received[0]).toContain(`Host: wiki.local:${own.httpsPort}\r\n`);
    expect(app.received[0]).not.toMatch(/9\.9\.9\.9|remote-user/i);
  });

  test("sends the plain port on, and answers to no other name", async () => {
    const app = await rawApp(answering(OK));
    const own = await ownNginx(app.to.port);
    const plain = `http://127.0.0.1:${own.httpPort}/a?b`;
    expect(await own.curl("-i", "-H", "Host: wiki.local", plain)).toContain(
      `Location: https://wiki.local:${own.httpsPort}/a?b\r\n`,
    );
    expect(await own.curl("-i", "-H", "Host: evil.example", plain)).toMatch(/^HTTP\/1\.1 421 /);
    const url = `https://wiki.local:${own.httpsPort}/`;
    expect(await own.curl("-i", "-H", "Host: evil.example", url)).toMatch(/^HTTP\/2 421/);
    expect(app.connections).toEqual([]);
  });

  test("lets events through one by one", async () => {
    let say: (text: string) => void = () => undefined;
    const app = await rawApp((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
      say = (text) => void socket.write(text);
    });
    const own = await ownNginx(app.to.port);
    const to = `wiki.local:${own.httpsPort}`;
    const trust = ["-q", "-sSN", "--noproxy", "*", "--cacert", own.root];
    const where = ["--resolve", `${to}:127.0.0.1`];
    const curl = spawn(toolPath("curl") ?? "curl", [...trust, ...where, `https://${to}/events`]);
    onTestFinished(() => void curl.kill());
    await expect.poll(() => app.connections.length, SOON).toBe(1);
    for (const event of ["data: one\n\n", "data: two\n\n"]) {
      const heard = once(curl.stdout, "data");
      say(event);
      expect(String((await heard)[0])).toBe(event);
    }
  });

  test("carries WebSockets both ways", async () => {
    const app = await realApp();
    const own = await ownNginx(app);
    const client = new WebSocket(`wss://wiki.local:${own.httpsPort}/ws`, {
      ca: own.rootPem,
      lookup: (_name, _options, found) => found(null, [{ address: "127.0.0.1", family: 4 }]),
    });
    onTestFinished(() => client.terminate());
    await once(client, "open");
    client.send("anyone there?");
    expect(String((await once(client, "message"))[0])).toBe("anyone there?");
  });
});
