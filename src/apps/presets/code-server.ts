/*
 * code-server. coder/code-server:src/node/routes/health.ts: `/healthz` has status and lastHeartbeat;
 * src/browser/pages/login.html: `<meta id="coder-options">`, in the workbench page too. It compares a page's Origin with
 * X-Forwarded-Host (src/node/http.ts, authenticateOrigin), which the door sends: nothing is to be set. Its WebSockets
 * are below a path with its version in it.
 */
import { jsonOf, valueAt, versionAt } from "../recognise/answer.ts";
import type { Preset } from "./preset.ts";

export const CODE_SERVER: Preset = {
  name: "code-server",
  title: "code-server",
  ports: [8080],
  hint: /id="coder-options"/,
  asks: ["/healthz"],
  recognise: (answers) => {
    const health = jsonOf(answers.get("/healthz"));
    const status = valueAt(health, "status");
    const isIt =
      (status === "alive" || status === "expired") &&
      typeof valueAt(health, "lastHeartbeat") === "number";
    if (!isIt) return undefined;
    const page = answers.get("/")?.text ?? "";
    const [, version] =
      /&quot;codeServerVersion&quot;:&quot;([\w.+-]{1,40})&quot;/.exec(page) ?? [];
    return { preset: "code-server", version: versionAt({ version }, "version") };
  },
  webSockets: [],
  runsCode: true,
  signIn: "as set", // AuthType in src/node/cli.ts: password or none
  traps: [],
};
