/*
 * The tables of docs/benchmarks.md: which columns, in which units, under which words.
 */
import type { Section } from "./results.ts";

const us = (value: number): string => `${value.toFixed(0)} us`;
const tenths = (value: number): string => `${value.toFixed(1)} us`;
const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
const count = (value: number): string => Math.round(value).toLocaleString("en");
const megabytes = (value: number): string => `${(value / 1e6).toFixed(0)} MB`;
const kilobytes = (value: number): string => `${(value / 1e3).toFixed(0)} kB`;
const seconds = (value: number): string => `${value.toFixed(2)} s`;

/** Kinds of requests: what is asked for, and over what. */
export const REQUESTS = [
  { title: "100 B, HTTP/1.1", path: "/100", isHttp2: false, ratioTo: "100 B, HTTP/1.1" },
  { title: "10 kB, HTTP/1.1", path: "/10000", isHttp2: false, ratioTo: "10 kB, HTTP/1.1" },
  { title: "100 B, HTTP/2", path: "/100", isHttp2: true, ratioTo: "100 B, HTTP/1.1" },
  { title: "10 kB, HTTP/2", path: "/10000", isHttp2: true, ratioTo: "10 kB, HTTP/1.1" },
] as const;

/** What an app with sandboxes answers: with ports in it, that the door names its own; and everything else. */
export const READ = [
  { title: "1 MB that names them", path: "/api/v1/app-conversations/search?bytes=1000000" },
  { title: "10 kB that name them", path: "/api/v1/app-conversations/search?bytes=10000" },
  { title: "100 B of another path", path: "/100" },
] as const;

export const SECTIONS: readonly Section[] = [
  {
    title: "CPU per request",
    text: "Microseconds of CPU time the proxy spends on one request, and beside it the multiple of what the article's nginx spends over HTTP/1.1 (it has no HTTP/2).",
    columns: REQUESTS.map(({ title, ratioTo }) => ({ title, format: us, ratioTo })),
  },
  {
    title: "Requests per second",
    text: "On one core, 32 at a time. The proxies that are cheapest here wait for the load on the other core.",
    columns: REQUESTS.map(({ title }) => ({ title: `${title}, per second`, format: count })),
  },
  {
    title: "Latency",
    text: "Half of the requests, and 99 of 100, were answered within this time, at 32 at a time.",
    columns: REQUESTS.flatMap(({ title }) => [
      { title: `${title}, p50`, format: ms },
      { title: `${title}, p99`, format: ms },
    ]),
  },
  {
    title: "The gate",
    text: "CPU per request (100 B, HTTP/1.1) for an app that is open to everyone, and with a session's cookie for one that is for the household; in turn on one door.",
    columns: [
      { title: "open to everyone", format: us },
      { title: "for the household", format: us },
      { title: "the gate", format: tenths },
    ],
  },
  {
    title: "TLS handshakes",
    text: "CPU time of a new connection over TLS 1.3, and how many a core makes in a second. The article's nginx has the RSA key mkcert makes, the others ECDSA P-256.",
    columns: [
      { title: "new", format: us, ratioTo: "new" },
      { title: "new, per CPU second", format: count },
      { title: "resumed", format: us, ratioTo: "resumed" },
      { title: "resumed, per CPU second", format: count },
    ],
  },
  {
    title: "One gigabyte",
    text: "CPU time of the proxy, and the time it took, over HTTP/1.1.",
    columns: [
      { title: "download, CPU", format: seconds, ratioTo: "download, CPU" },
      { title: "download", format: seconds },
      { title: "upload, CPU", format: seconds },
      { title: "upload", format: seconds },
    ],
  },
  {
    title: "WebSockets",
    text: "Messages of 100 bytes that went to the app and came back, per second of the proxy's CPU; and the memory of one idle WebSocket at 5,000 of them.",
    columns: [
      { title: "messages per CPU second", format: count, ratioTo: "messages per CPU second" },
      { title: "memory each", format: kilobytes },
    ],
  },
  {
    title: "Sandboxes",
    text: "CPU per request (HTTP/1.1) for answers of an app with sandboxes (preset `openhands`), and what is more of it than for the same answer of any app; in turn on one door. With nginx as the engine, answers that may name sandboxes are carried by the daemon, whose CPU counts.",
    columns: READ.flatMap(({ title }) => [
      { title, format: us },
      { title: `${title}, more`, format: tenths },
    ]),
  },
  {
    title: "10,000 names",
    text: "CPU per request (100 B, HTTP/1.1) with 10,000 names instead of one, the time until one more name is answered after it was written down, and memory.",
    columns: [
      { title: "CPU per request", format: us, ratioTo: "100 B, HTTP/1.1" },
      { title: "until a change is in effect", format: ms },
      { title: "memory with 10,000 names", format: megabytes },
    ],
  },
  {
    title: "Start and memory",
    text: "From the start of the program (with its state in place) to the first answer over TLS; resident memory then, and after all the requests above. Pages shared between nginx's processes count for each.",
    columns: [
      { title: "first answer", format: ms },
      { title: "memory at rest", format: megabytes },
      { title: "memory after load", format: megabytes },
    ],
  },
];
