/*
 * What is not true of an engine, and why: both the tests and docs/engines.md go by these lists.
 */
import type { Gap } from "./contract.ts";

export const NODE_GAPS: readonly Gap[] = [];

export const NGINX_GAPS: readonly Gap[] = [
  {
    reason:
      "nginx carries no WebSockets over HTTP/2 and does not offer them: browsers open them over HTTP/1.1.",
    tests: [
      "an extended CONNECT is offered where WebSockets may pass over HTTP/2",
      "over HTTP/2 the door makes the key, checks the app's accept, and keeps both",
      "over HTTP/2 an app's no, its absence and its wrong yes are told by status",
      "over HTTP/2 another protocol than WebSocket is refused",
      "over HTTP/2 bytes pass both ways, beside other requests",
      "over HTTP/2 silence ends no WebSocket, whatever the deadlines",
      "over HTTP/2 the app's end is the stream's end, and the visitor's the app's",
      "over HTTP/2 a WebSocket of a visitor nobody let in is refused",
      "over HTTP/2 a device that was revoked loses its WebSockets within a second",
      "over HTTP/2 WebSockets stay open when other apps come and go",
    ],
  },
  {
    reason:
      "nginx drops fields by name: a made-up member of the door's family (X-Genkan-Mood) reaches the app.",
    tests: ["nobody says for the door who a visitor is"],
  },
  {
    reason:
      "nginx drops no single cookie of an app's answer. It takes Secure from one that bears the door's name, and no browser takes it then.",
    tests: ["an app cannot set the door's cookie"],
  },
  {
    reason:
      "nginx ends no single exchange but a WebSocket: a download under way goes on when its device is revoked.",
    tests: [
      "a device that was revoked loses what is on its way",
      "an app that closes to strangers loses those who are in",
    ],
  },
  {
    reason: "nginx ends a WebSocket with the first of its two directions.",
    tests: ["one direction may end before the other"],
  },
  {
    reason: "nginx drops fields by name, not by what another field says.",
    tests: [
      "fields a visitor's Connection names stay at the door, but the host",
      "fields an app's Connection names stay at the door",
    ],
  },
  {
    reason: "nginx carries no trailers.",
    tests: [
      "trailers of a visitor reach the app, without those that frame or sign in",
      "trailers of an answer reach the visitor, over both protocols",
      "trailers of an answer made anew follow it, without a proof of the old one",
    ],
  },
  {
    reason: "nginx tells the length of content in chunks where it has all of it already.",
    tests: ["content in chunks goes on in chunks"],
  },
  {
    reason: "nginx before 1.29 takes an early hint for the answer.",
    before: [1, 29, 0],
    tests: ["early hints are passed on before the answer, over both protocols"],
  },
  {
    reason:
      "nginx takes an answer of 100 or 102 for the answer. Nothing asks apps for one: the door itself sees to Expect.",
    tests: ["hints an app sends do not disturb its answer"],
  },
  {
    reason: "nginx itself asks a visitor who waits for 100 to go on.",
    tests: [
      "the app decides whether a visitor who waits for 100 may send",
      "over HTTP/2 a visitor who waits for 100 is asked once, when the app says so",
    ],
  },
  {
    reason:
      "nginx before 1.26 holds the head of an answer over HTTP/2 back until there is content.",
    before: [1, 26, 0],
    tests: ["over HTTP/2 a head arrives before there is any content"],
  },
  {
    reason: "nginx refuses an asterisk as a path.",
    tests: ["an asterisk for the whole app reaches it"],
  },
  {
    reason: "nginx takes an answer without a status line for one of HTTP/0.9.",
    tests: ["an app that does not speak HTTP is a 502"],
  },
  {
    reason: "nginx before 1.23 does not compare the lengths an app tells.",
    before: [1, 23, 0],
    tests: [
      "an answer whose end is told in two ways is a 502",
      "an answer of two lengths is a 502",
    ],
  },
  {
    reason: "nginx before 1.30 refuses requests that name their host twice.",
    before: [1, 30, 0],
    tests: ["a Host that says what :authority says is taken"],
  },
  {
    reason: "nginx follows a plan with new processes; the old ones end kept connections.",
    tests: ["a new plan is followed by the next request of an open connection"],
  },
];
