/*
 * Ollama. ollama/ollama:server/routes.go: `/` is "Ollama is running", `/api/version` has version; while it listens on
 * loopback only it refuses with 403 names that are not localhost, the machine's own, or under localhost, local or internal
 * (allowedHostsMiddleware); no route asks who somebody is. OLLAMA_HOST, OLLAMA_ORIGINS: docs/faq.mdx.
 */
import { jsonOf, versionAt } from "../recognise/answer.ts";
import type { Preset } from "./preset.ts";

export const OLLAMA: Preset = {
  name: "ollama",
  title: "Ollama",
  ports: [11434],
  hint: /^Ollama is running/,
  asks: ["/api/version"],
  recognise: (answers) => {
    const version = versionAt(jsonOf(answers.get("/api/version")), "version");
    const isIt = (answers.get("/")?.text ?? "").startsWith("Ollama is running");
    return isIt && version !== undefined ? { preset: "ollama", version } : undefined;
  },
  webSockets: [],
  runsCode: false,
  signIn: "none",
  traps: [
    {
      id: "host-names",
      says: "Ollama answers 403 to names outside local and internal.",
      remedy: ({ hosts }) =>
        `Use ${hosts.find((host) => host.endsWith(".local")) ?? "its name under local"}; there it answers`,
      look: {
        path: "/",
        isRemedied: ({ text, status }) =>
          text.startsWith("Ollama is running") || (status === 403 ? false : undefined),
      },
    },
  ],
};
