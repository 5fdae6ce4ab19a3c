/*
 * Whether the app's own page asks: the one origin besides its own that a sandbox's port takes orders from. Pure.
 */
import { valuesOf } from "../fields.ts";
import type { RawHeaders } from "../upstream/upstream.ts";

const HTTPS_PORT = 443;

/**
 * Origins the app's page may have: its names at the door's own port, and without a port, as a router may lead 443 to
 * that one. No sandbox is ever at either (listen-for.ts), so none of them can be a sandbox's page.
 */
export function pageOrigins(hosts: readonly string[], mainPort: number): string[] {
  const plain = hosts.map((host) => `https://${host}`);
  return mainPort === HTTPS_PORT ? plain : [...plain, ...plain.map((one) => `${one}:${mainPort}`)];
}

/** The origin of the app's page where that is who asks (RFC 6454 section 7); undefined for everybody else. */
export function askingPage(headers: RawHeaders, origins: readonly string[]): string | undefined {
  const [origin, ...more] = valuesOf(headers, "origin");
  return origin !== undefined && more.length === 0 && origins.includes(origin) ? origin : undefined;
}
