/*
 * Which apps run what their visitor types, as far as a name tells: whoever opens one of them has the rights it
 * has. Asked where an app is open to everyone, so that the person hears what that means. Pure.
 */

/** Agents, notebooks, editors with a terminal, consoles of machines and of containers. */
const KNOWN: ReadonlySet<string> = new Set([
  "openhands",
  "jupyter",
  "jupyterlab",
  "jupyterhub",
  "notebook",
  "code-server",
  "vscode",
  "openvscode",
  "rstudio",
  "ttyd",
  "wetty",
  "cockpit",
  "webmin",
  "portainer",
  "n8n",
]);

/** @param name an app's name: `openhands`, or with more to it, `openhands-2`. */
export function runsCode(name: string): boolean {
  return [...KNOWN].some((known) => `-${name}-`.includes(`-${known}-`));
}
