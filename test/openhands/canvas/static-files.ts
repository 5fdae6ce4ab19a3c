/*
 * The UI's files as Canvas' own server gives them: the page with what it must know written into it, every
 * unknown path the page (AC:scripts/static-server.mjs).
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import type { Answer, Ask } from "../stand-in.ts";

export interface StaticSpec {
  /** With index.html. */
  readonly folder: string;
  /** Written into the page, for everyone who can open it (section 2C.4), where it is. */
  readonly key: string | undefined;
  readonly editorPath: string;
}

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "application/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

/** @param path without `..`: URL parsing saw to that, and encoded names there are none. */
export function staticFile(spec: StaticSpec, { method, path }: Ask): Answer {
  if (method !== "GET" && method !== "HEAD") return { status: 404, text: "Not Found" };
  const extension = extname(path);
  const file = join(spec.folder, path);
  if (path !== "/index.html" && isFile(file)) {
    const cache = path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
    const type = TYPES[extension] ?? "application/octet-stream";
    return { bytes: readFileSync(file), headers: { "content-type": type, "cache-control": cache } };
  }
  if (extension in TYPES && extension !== ".html") return { status: 404, text: "Not Found" };
  return { html: pageWith(spec), headers: { "cache-control": "no-store" } };
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

function pageWith({ folder, key, editorPath }: StaticSpec): string {
  const page = readFileSync(join(folder, "index.html"), "utf8");
  const known = {
    ...(key === undefined ? {} : { __AGENT_CANVAS_SESSION_API_KEY__: key }),
    __AGENT_CANVAS_VSCODE_BASE_PATH__: editorPath,
    __AGENT_CANVAS_DO_NOT_TRACK__: true,
  };
  const lines = Object.entries(known).map(
    ([name, value]) =>
      `window.${name}=${JSON.stringify(value).replaceAll("<", String.raw`\u003c`)};`,
  );
  return page.replace("<head>", () => `<head><script>(function(){${lines.join("")}}());</script>`);
}
