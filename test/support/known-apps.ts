/*
 * What apps answer to strangers, as their sources say (each preset's file in src/apps/presets names them): enough of it
 * to recognise them by. `trapped` is the app before anybody told it of a door.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { PresetName } from "../../src/model/preset.ts";

interface Told {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export type KnownApp = (path: string, headers: IncomingHttpHeaders) => Told;

function app(routes: Readonly<Record<string, unknown>>, page: string): KnownApp {
  return (path) => {
    const told = routes[path];
    if (path === "/") return { body: page };
    if (told === undefined) return { status: 404, body: "not found" };
    return { body: typeof told === "string" ? told : JSON.stringify(told) };
  };
}

function page(title: string, more = ""): string {
  return `<!doctype html><html><head><title>${title}</title>${more}</head></html>`;
}

/** Behind a reverse proxy it was not told of it refuses everything (http/forwarded.py). */
const homeAssistant = app(
  { "/manifest.json": { name: "Home Assistant", start_url: "/?homescreen=1" } },
  page("Home Assistant"),
);

const CODER =
  '<meta id="coder-options" data-settings="{&quot;base&quot;:&quot;.&quot;,&quot;codeServerVersion&quot;:&quot;4.102.3&quot;}" />';

const n8nPage = page("n8n.io", '<meta name="n8n:config:rest-endpoint" content="cmVzdA==">');

/** By the preset that is to be found. */
export const KNOWN_APPS: Readonly<Partial<Record<PresetName, KnownApp>>> = {
  "open-webui": app(
    {
      "/api/config": {
        status: true,
        name: "Open WebUI",
        version: "0.6.26",
        features: { auth: true, enable_signup: false, enable_websocket: true },
      },
    },
    page("Open WebUI"),
  ),
  "code-server": (path) => {
    if (path === "/") return { status: 302, headers: { location: "./login" }, body: "" };
    if (path === "/login") return { body: page("code-server login", CODER) };
    if (path !== "/healthz") return { status: 404, body: "" };
    return { body: JSON.stringify({ status: "expired", lastHeartbeat: 0 }) };
  },
  jupyter: (path, { host = "" }) => {
    const isLocal = /^(?:localhost|127\.0\.0\.1)(?::|$)/.test(host);
    if (!isLocal) return { status: 403, body: page("Jupyter Server", "403 : Forbidden") };
    if (path === "/") return { status: 302, headers: { location: "/login?next=%2F" }, body: "" };
    if (path === "/login?next=%2F") return { body: page("Jupyter Server") };
    return path === "/api" ? { body: '{"version": "2.14.2"}' } : { status: 404, body: "" };
  },
  n8n: app(
    {
      "/rest/settings": {
        data: {
          settingsMode: "public",
          versionCli: "1.110.1",
          userManagement: { showSetupOnFirstLoad: true, authenticationMethod: "email" },
          authCookie: { secure: true },
          oauthCallbackUrls: { oauth2: "http://localhost:5678/rest/oauth2-credential/callback" },
        },
      },
    },
    n8nPage,
  ),
  "home-assistant": (path, headers) =>
    headers["x-forwarded-for"] === undefined
      ? homeAssistant(path, headers)
      : { status: 400, body: "400: Bad Request" },
  comfyui: app(
    {
      "/system_stats": {
        system: { os: "posix", comfyui_version: "0.3.40", python_version: "3.12.3" },
        devices: [{ name: "cpu", type: "cpu" }],
      },
    },
    page("ComfyUI"),
  ),
  ollama: (path, { host = "" }) => {
    const name = host.replace(/:\d+$/, "");
    if (!/^127\.|(?:^|\.)(?:localhost|local|internal)$/.test(name))
      return { status: 403, body: "" };
    return app({ "/api/version": { version: "0.12.3" } }, "Ollama is running")(path, {});
  },
  grafana: (path) => {
    if (path === "/") return { status: 302, headers: { location: "/login" }, body: "" };
    const settings = '{"appSubUrl":"","appUrl":"http://localhost:3000/"}';
    const boot = `<script>window.grafanaBootData = { user: {}, settings: ${settings} };</script>`;
    if (path === "/login") return { body: page("Grafana", boot) };
    if (path !== "/api/health") return { status: 404, body: '{"message":"Not found"}' };
    return { body: '{\n  "database": "ok",\n  "version": "11.2.0",\n  "commit": "2a88694"\n}' };
  },
  gitea: app(
    {
      "/api/healthz": {
        status: "pass",
        description: "Gitea: Git with a cup of tea",
        checks: { "database:ping": [{ status: "pass" }] },
      },
    },
    page(
      "Gitea: Git with a cup of tea",
      String.raw`<script>window.config = { appUrl: 'http:\/\/localhost:3000\/', appSubUrl: '' };</script>`,
    ),
  ),
  immich: app(
    {
      "/.well-known/immich": { api: { endpoint: "/api" } },
      "/api/server/version": { major: 1, minor: 142, patch: 1 },
    },
    page("Immich"),
  ),
};
