/*
 * How requests go on to apps: streamed both ways, kept connections, and header fields of which only the
 * door speaks written afresh. These stand in the http block; locations of apps inherit them.
 */
import { comment, directive, live } from "../directives.ts";
import type { NginxFacts } from "../facts.ts";

export function proxy({ limits }: NginxFacts): string[] {
  return [
    directive("proxy_http_version", "1.1"),
    comment(
      "What is sent is sent on at once: streams, events and large uploads need no room here.",
    ),
    directive("proxy_buffering", "off"),
    directive("proxy_request_buffering", "off"),
    directive("proxy_max_temp_file_size", 0),
    directive("proxy_buffer_size", "64k"),
    directive("proxy_buffers", 8, "64k"),
    directive("proxy_busy_buffers_size", "128k"),
    directive("proxy_connect_timeout", `${limits.connectDeadline}s`),
    directive("proxy_read_timeout", `${limits.silence}s`),
    directive("proxy_send_timeout", "1h"),
    directive("proxy_socket_keepalive", "on"),
    directive("proxy_redirect", "off"),
    directive("proxy_intercept_errors", "off"),
    comment(
      "Sent again only before a byte of an answer, and only what may be: RFC 9110 section 9.2.2.",
    ),
    directive("proxy_next_upstream", "error", "timeout"),
    directive("proxy_headers_hash_max_size", 2048),
    directive("proxy_headers_hash_bucket_size", 128),
    ...requestFields(),
    ...answerFields(),
  ];
}

/** The door's word about the visitor; the visitor's own is dropped. */
function requestFields(): string[] {
  const said = [
    ["Host", "$http_host"],
    ["Upgrade", "$genkan_upgrade"],
    ["Connection", "$genkan_connection"],
    ["X-Forwarded-For", "$remote_addr"],
    ["X-Forwarded-Proto", "https"],
    ["X-Forwarded-Host", "$http_host"],
    ["X-Forwarded-Port", "$server_port"],
    ["CDN-Loop", "$genkan_cdn_loop"],
  ] as const;
  return [
    ...said.map(([name, value]) => directive("proxy_set_header", name, live(value))),
    comment("Fields apps believe, and fields about one connection."),
    ...DROPPED.map((name) => directive("proxy_set_header", name, live(""))),
  ];
}

/** nginx drops fields by name only, so families are written out as far as they are known. */
const SINGLE = `Forwarded Proxy TE Trailer HTTP2-Settings Proxy-Connection Proxy-Authenticate Proxy-Authorization
  Keep-Alive Expect X-Real-IP X-Client-IP X-Cluster-Client-IP CF-Connecting-IP True-Client-IP
  X-Original-URI X-Original-URL X-Rewrite-URL X-Remote-User X-WebAuth-User`;

const DROPPED = [
  ...SINGLE.split(/\s+/),
  ...members("X-Forwarded", ["", "Server", "Ssl", "Scheme", "Protocol", "Prefix", "Path", "Uri"]),
  ...members("X-Forwarded", ["Method", "By", "User", "Email", "Groups", "Preferred-Username"]),
  ...members("X-Forwarded", [
    "Access-Token",
    "Client-Cert",
    "Tls-Client-Cert",
    "Request-Id",
    "Url",
  ]),
  ...members("X-Genkan", ["User", "Device", "Name", "Role", "Groups", "Problem", "Secret", "Kind"]),
  ...members("Remote", ["User", "Groups", "Email", "Name", "Addr"]),
  ...members("X-Auth-Request", ["User", "Email", "Groups", "Preferred-Username", "Access-Token"]),
  ...members("X-Authentik", ["Username", "Groups", "Entitlements", "Email", "Name", "Uid", "Jwt"]),
  ...members("Tailscale-User", ["Login", "Name", "Profile-Pic"]),
];

function members(family: string, names: readonly string[]): string[] {
  return names.map((name) => (name === "" ? family : `${family}-${name}`));
}

/** Fields by which an app could steer nginx are ordinary ones here. */
const STEERING = ["Redirect", "Expires", "Limit-Rate", "Buffering", "Charset"].map(
  (what) => `X-Accel-${what}`,
);

function answerFields(): string[] {
  return [
    comment("No answer steers the door, and none speaks for it."),
    directive("proxy_ignore_headers", ...STEERING),
    directive("proxy_pass_header", "Date"),
    directive("proxy_pass_header", "Server"),
    directive("proxy_hide_header", "X-Genkan-Problem"),
  ];
}
