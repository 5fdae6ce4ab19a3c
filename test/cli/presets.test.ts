import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startOpenHands1 } from "../openhands/v1/openhands-1.ts";
import { commandLine } from "../support/cli.ts";
import { KNOWN_APPS } from "../support/known-apps.ts";
import { listContainers } from "../support/listed-containers.ts";
import { serveKnownApp, serveRaw } from "../support/serve-app.ts";
import { tempFolder } from "../support/temp.ts";

type Line = ReturnType<typeof commandLine>;

/** A command's transcript, the test's own port left out. */
async function transcript(line: Line, words: string, port: number): Promise<string> {
  return (await line.genkan(words)).replaceAll(String(port), "PORT");
}

function fileOf(line: Line): string {
  return readFileSync(join(line.home, "genkan.yaml"), "utf8");
}

test("an app is recognised as it is added, and its traps are said with the way out", async () => {
  const line = commandLine();
  const { port } = await serveKnownApp(KNOWN_APPS["home-assistant"] ?? (() => ({ body: "" })));
  expect(await transcript(line, `add home 127.0.0.1:${port}`, port)).toMatchInlineSnapshot(`
    "$ genkan add home 127.0.0.1:PORT
    home is at https://home.local -> http://127.0.0.1:PORT
    What answers there is Home Assistant (preset: home-assistant).
    Home Assistant answers 400 to everything that comes through a proxy it was not told of.
      -> Write into its configuration.yaml  http: { use_x_forwarded_for: true, trusted_proxies: [127.0.0.1, "::1"] }  and restart it (in a container the proxy's address is another; its log names it)
    Home Assistant's app for phones cannot sign in at the door.
      -> Open the app to everyone on this network, who then meet its own sign-in: --access open
    Open the door to use it: genkan up"
  `);
  expect(fileOf(line)).toContain("preset: home-assistant");
});

test("OpenHands is recognised with its generation; comments of the file stay", async () => {
  const app = await startOpenHands1();
  onTestFinished(() => app.stop());
  const line = commandLine();
  const before = "# mine\napps:\n  # the wiki\n  wiki: 8080   # port of the container\n";
  writeFileSync(join(line.home, "genkan.yaml"), before);
  expect(await transcript(line, `add openhands 127.0.0.1:${app.port}`, app.port))
    .toMatchInlineSnapshot(`
    "$ genkan add openhands 127.0.0.1:PORT
    openhands is at https://openhands.local -> http://127.0.0.1:PORT
    What answers there is OpenHands 1.x (preset: openhands@1).
    Open the door to use it: genkan up"
  `);
  expect(fileOf(line)).toBe(
    `${before}  openhands:\n    target: 127.0.0.1:${app.port}\n    preset: openhands@1\n`,
  );
});

test("the person's word goes over what is found", async () => {
  const line = commandLine();
  const { port, asked } = await serveKnownApp(KNOWN_APPS.grafana ?? (() => ({ body: "" })));
  expect(await transcript(line, `add charts 127.0.0.1:${port} --preset none`, port))
    .toMatchInlineSnapshot(`
      "$ genkan add charts 127.0.0.1:PORT --preset none
      charts is at https://charts.local -> http://127.0.0.1:PORT
      Open the door to use it: genkan up"
    `);
  expect(asked).toEqual([]);
  expect(await line.genkan(`add other 127.0.0.1:${port} --preset immich`)).toContain("other is at");
  expect(fileOf(line)).toContain("preset: immich");
  expect(await line.genkan("add third 1 --preset grafanna")).toMatchInlineSnapshot(`
    "$ genkan add third 1 --preset grafanna
    genkan: "grafanna" is no app that Genkan knows. Did you mean grafana? There are: openhands, openhands@0.36, openhands@1, openhands@canvas, open-webui, code-server, jupyter, n8n, home-assistant, comfyui, ollama, grafana, gitea, immich.
      -> Leave --preset out, and Genkan looks by itself; or say --preset none.
      (PRESET_UNKNOWN)
    [exit 2]"
  `);
});

test("what answers and is none of them gets no preset, whatever its name", async () => {
  const line = commandLine();
  const { port } = await serveRaw((_request, response) => void response.end("hello"));
  expect(await transcript(line, `add wiki 127.0.0.1:${port}`, port)).toMatchInlineSnapshot(`
    "$ genkan add wiki 127.0.0.1:PORT
    wiki is at https://wiki.local -> http://127.0.0.1:PORT
    Open the door to use it: genkan up"
  `);
  expect(await transcript(line, `add grafana 127.0.0.1:${port}`, port)).toMatchInlineSnapshot(`
    "$ genkan add grafana 127.0.0.1:PORT
    grafana is at https://grafana.local -> http://127.0.0.1:PORT
    What answers there does not look like Grafana. If it is: genkan remove grafana && genkan add grafana 127.0.0.1:PORT --preset grafana
    Open the door to use it: genkan up"
  `);
  expect(fileOf(line)).not.toContain("preset");
});

test("an app that is down keeps its name's promise", async () => {
  const line = commandLine();
  expect(await line.genkan("add grafana 127.0.0.1:1 --json")).toContain('"preset":"grafana"');
  expect(await line.genkan("add wiki 127.0.0.1:1 --json")).toContain('"preset":null');
});

test("up by a preset's name says where it looked", async () => {
  const line = commandLine();
  expect(await line.genkan("up immich")).toMatchInlineSnapshot(`
    "$ genkan up immich
    genkan: No Immich answers on this machine: not at 2283, where it usually is.
      -> Start it, or say where it is: genkan up immich=PORT
      (PRESET_NOT_FOUND)
    [exit 1]"
  `);
});

test("up by OpenHands' name says where it looked in vain, and how to start one", async () => {
  const stranger = await serveRaw((_request, response) => void response.end("hello"));
  const image = "ghcr.io/openhands/agent-canvas:1.20.0";
  const at = { IP: "127.0.0.1", PrivatePort: 8000, PublicPort: stranger.port };
  // Made of OpenHands' image, and something else answers: what answers counts.
  const docker = await listContainers({ name: "canvas", image, ports: [at] });
  const env = { PATH: process.env["PATH"], DOCKER_HOST: docker };
  const folder = tempFolder();
  const line = commandLine({
    folder,
    host: { env: { ...env, GENKAN_HOME: join(folder, "home") } },
  });
  expect(await line.genkan("up openhands@canvas")).toMatchInlineSnapshot(`
    "$ genkan up openhands@canvas
    genkan: No OpenHands Agent Canvas answers on this machine: not at 3000 or 8000, where it usually is. Docker publishes none either.
      -> Start it: genkan openhands start --generation canvas; or, where it runs already, say where it is: genkan up openhands=PORT
      (PRESET_NOT_FOUND)
    [exit 1]"
  `);
  expect(stranger.asked).toContain("/server_info");
});

test("up by OpenHands' name says that Docker could not be asked", async () => {
  const folder = tempFolder();
  const env = { GENKAN_HOME: join(folder, "home"), DOCKER_HOST: `unix://${folder}/none.sock` };
  const line = commandLine({ folder, host: { env } });
  expect(await line.genkan("up openhands")).toMatchInlineSnapshot(`
    "$ genkan up openhands
    genkan: No OpenHands answers on this machine: not at 3000 or 8000, where it usually is. Docker cannot be asked: nobody listens at ~/none.sock.
      -> Start it: genkan openhands start; or, where it runs already, say where it is: genkan up openhands=PORT
      (PRESET_NOT_FOUND)
    [exit 1]"
  `);
});
