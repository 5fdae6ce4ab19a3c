/*
 * What holds for every server of the http block: logs, limits and TLS.
 */
import { join } from "node:path";
import { type Argument, comment, directive, live } from "../directives.ts";
import type { NginxFacts } from "../facts.ts";

export function basics({ paths }: NginxFacts): string[] {
  const format = `{"app":"$genkan_app","status":"$status","ws":"$genkan_upgrade"}`;
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return [
    directive("log_format", "genkan", "escape=json", live(format)),
    directive("access_log", paths.accessLog, "genkan", "buffer=64k", "flush=1s"),
    ...temporary.map((kind) => directive(`${kind}_temp_path`, join(paths.run, kind))),
    directive("server_tokens", "off"),
    directive("default_type", live("")),
    directive("merge_slashes", "off"),
    directive("absolute_redirect", "off"),
  ];
}

export function limits({ limits: of }: NginxFacts): string[] {
  return [
    directive("client_header_buffer_size", "4k"),
    directive("large_client_header_buffers", 4, of.headerBytes),
    directive("client_header_timeout", `${of.headerDeadline}s`),
    directive("client_body_timeout", `${of.bodyIdle}s`),
    comment("A paused video is a visitor who does not read."),
    directive("send_timeout", "1h"),
    directive("keepalive_timeout", `${of.keepAliveIdle}s`),
    directive("keepalive_requests", 1_000_000),
    directive("client_max_body_size", 0),
    directive("http2_max_concurrent_streams", of.streams),
    directive("http2_body_preread_size", "256k"),
    directive("limit_conn_zone", live("$binary_remote_addr"), "zone=genkan_addresses:2m"),
    directive("limit_conn", "genkan_addresses", of.connectionsPerAddress),
    directive("underscores_in_headers", "off"),
    directive("ignore_invalid_headers", "on"),
  ];
}

/** RFC 9325 (BCP 195) section 4.2: for TLS 1.2 ephemeral keys and AEAD only; TLS 1.3 has nothing else. */
const CIPHERS = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
].join(":");

export function tls(): string[] {
  return [
    directive("ssl_protocols", "TLSv1.2", "TLSv1.3"),
    directive("ssl_ciphers", CIPHERS),
    directive("ssl_prefer_server_ciphers", "on"),
    directive("ssl_session_cache", "shared:genkan:10m"),
    directive("ssl_session_timeout", "1d"),
    directive("ssl_session_tickets", "on"),
  ];
}

/** The port nobody writes behind a name. */
export const SHOWN_PORT = 443;

/** The address and port of a `listen`, IPv6 in brackets. */
export function endpoint(address: string, port: number): Argument {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
