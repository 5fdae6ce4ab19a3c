/*
 * How requests go on to apps: streamed both ways, kept connections, and header fields of which only the
 * door speaks written afresh. These stand in the http block; locations of apps inherit them.
 */
import type { Plan } from "../../../model/plan.ts";
import { comment, directive, live } from "../directives.ts";
import { isAtLeast, type NginxFacts } from "../facts.ts";
import { hasGate, IDENTITY } from "./gate.ts";
import { cookieSent } from "./sandbox-cookies.ts";

export function proxy(plan: Plan, { limits, version }: NginxFacts): string[] {
  const hints = isAtLeast(version, [1, 29, 0]) ? [directive("early_hints", "1")] : [];
  return [
    directive("proxy_http_version", "1.1"),
    ...hints,
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
    ...requestFields(plan),
    ...answerFields(),
  ];
}

/** The door's word about the visitor; the visitor's own is dropped. */
function requestFields(plan: Plan): string[] {
  const said = [
    ["Host", "$http_host"],
    ["Connection", "$genkan_connection"],
    ["X-Forwarded-For", "$remote_addr"],
    ["X-Forwarded-Proto", "https"],
    ["X-Forwarded-Host", "$http_host"],
    ["X-Forwarded-Port", "$genkan_port"],
    ["CDN-Loop", "$genkan_cdn_loop"],
    ["Cookie", cookieSent(plan)],
    ["Authorization", "$genkan_authorization"],
  ] as const;
  const isTold = hasGate(plan);
  const identity = IDENTITY.map(([name, variable]) => [name, isTold ? variable : ""] as const);
  return [
    ...[...said, ...identity].map(([name, value]) =>
      directive("proxy_set_header", name, live(value)),
    ),
    comment("Fields apps believe, and fields about one connection."),
    ...DROPPED.map((name) => directive("proxy_set_header", name, live(""))),
  ];
}

/** nginx drops fields by name only, so families are written out as far as they are known. */
const SINGLE = `Upgrade Forwarded Proxy TE Trailer HTTP2-Settings Proxy-Connection Proxy-Authenticate Proxy-Authorization
  Keep-Alive Expect X-Forwarded X-Real-IP X-Client-IP X-Cluster-Client-IP CF-Connecting-IP True-Client-IP
  X-Original-URI X-Original-URL X-Rewrite-URL X-Remote-User X-WebAuth-User`;

const DROPPED = [
  ...SINGLE.split(/\s+/),
  ...members(
    "X-Forwarded",
    `Server Ssl Scheme Protocol Prefix Path Uri Url Original-Uri Original-Url Original-Host Context Base Method By
    For-Original Proto-Version Proto-Original Host-Original Port-Original Access-Token Id-Token Request-Id Device
    User User-Id Username Preferred-Username Name Email Groups Group Roles Role Client-Cert Client-Cert-Chain Client-Ip
    Client-Port Tls Tls-Version Tls-Cipher Tls-Sni Tls-Client-Cert Tls-Client-Cert-Info`,
  ),
  ...members(
    "X-Genkan",
    "User Groups Email Problem Secret Kind Address Status App Server Method Target Session Token Renewal Sent Received",
  ),
  ...members(
    "Remote",
    "User Groups Group Email Name Addr Host Port Ip Role Roles Id Ident User-Id Access-Token",
  ),
  ...members(
    "X-Auth-Request",
    "User Email Groups Preferred-Username Access-Token Redirect Id-Token Roles",
  ),
  ...members(
    "X-Authentik",
    `Username Groups Entitlements Email Name Uid Jwt Meta-Jwks Meta-Outpost Meta-Provider Meta-App Meta-Version
    Auth-Callback`,
  ),
  ...members("Tailscale-User", "Login Name Profile-Pic Groups Roles"),
];

function members(family: string, names: string): string[] {
  return names.split(/\s+/).map((name) => `${family}-${name}`);
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
    ...["X-Genkan-Problem", "Upgrade"].map((name) => directive("proxy_hide_header", name)),
    comment("Without Secure no browser takes a cookie of this name: RFC 6265bis section 4.1.3.2."),
    directive("proxy_cookie_flags", live("~^\\s*__Host-genkan(?:-[a-z]+)?\\s*$"), "nosecure"),
  ];
}
