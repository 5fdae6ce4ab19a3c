/*
 * What a person must know of an exported site before it goes live: where it belongs, and what it does not do.
 */
import { comment } from "../directives.ts";
import type { Version } from "../facts.ts";

/** @param version of the nginx it is for, where that is known. */
export function heading(version: Version | undefined): string[] {
  const made = version
    ? [`Made by genkan export nginx for nginx ${version.join(".")}.`]
    : [
        "Made by genkan export nginx, for any nginx that knows HTTP/2: since 1.25.1 it warns about the word",
        "http2 in `listen` and takes it. Without the warning: genkan export nginx --nginx-version 1.26.0",
      ];
  return [...made, ...WORDS].map((line) => (line === "" ? "#" : comment(line)));
}

const WORDS = [
  "",
  "A site for an nginx of your own; genkan neither runs it nor changes it again. It belongs into the http",
  "block, where Debian and Ubuntu include /etc/nginx/conf.d/*.conf. Then: sudo nginx -t && sudo nginx -s reload",
  "An app on another machine is looked up when nginx starts, and nginx does not start where that fails.",
  "",
  "WHAT THIS SITE DOES NOT DO:",
  "- ask who a visitor is: whoever reaches this machine reaches the apps, and an app that runs code does it for them;",
  "- refuse orders and WebSockets that a page of another site sends in a visitor's name (no shield);",
  "- renew certificates, announce names in the network, or tell which app is down and why.",
  "The apps' own ports stay as reachable as they are: let apps listen on 127.0.0.1.",
];
