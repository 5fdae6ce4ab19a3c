/*
 * What nginx is known to take otherwise than by the letter (docs/nginx.md says what comes of it). Who says such
 * things, an app or a visitor, is the one who is misread - and nobody else: that is still judged.
 */
import { echoOf } from "./app.ts";
import { judgeRequests } from "./canonical.ts";
import {
  type Message,
  readAnswers,
  type Reading,
  readRequest,
  readRequests,
  valuesIn,
} from "./read-http.ts";

/** Of a request; nginx takes these letters for a method. */
const HEAD = /^[A-Z_-]+ [^ \r\n]+ HTTP\/1\.1\r\n(?:[^\r\n]+\r\n)*\r\n/;
/** These stay in values. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** For nginx it is a part of the value, and a length with it is none. */
const TAB_BEFORE_LENGTH = /^content-length: *\t/im;

/** Whether what an app says has one meaning for nginx, too, and is over when it is. */
export function isAnswer(pieces: readonly string[], method: string): boolean {
  const text = pieces.join("");
  const { messages, malformed } = readAnswers(text, [method]);
  const [first] = messages;
  // An interim answer is taken for the answer.
  const isFinal = first !== undefined && !first.start[1].startsWith("1");
  const isClear = malformed === "" && isFinal && !first.isGarbled && !TAB_BEFORE_LENGTH.test(text);
  return isClear && !speaksLate(pieces, method);
}

/**
 * Whether an app says more when its answer is over. In the same instant the next request may be on its way on
 * that connection, and nginx passes on what it hears then, were it half a word (HTTP/0.9).
 */
function speaksLate(pieces: readonly string[], method: string): boolean {
  const before = readAnswers(pieces.slice(0, -1).join(""), [method]).messages;
  return before.some(({ start, ending }) => !start[1].startsWith("1") && ending === "whole");
}

/** Whether a strict reader gives up on some request: nginx asks the app for what it makes of it. */
export function isReadAnew({ messages, malformed }: Reading): boolean {
  const last = messages.at(-1);
  return malformed !== "" || last?.isGarbled === true;
}

/** Requests up to the first that nginx refuses whoever sends it. */
export function beforeRefused(meant: readonly Message[]): readonly Message[] {
  const at = meant.findIndex(isRefused);
  return at === -1 ? meant : meant.slice(0, at);
}

/** A zero byte in its path, a path that leads above the root, a list of conditions in several fields. */
function isRefused({ start: [, target], fields }: Message): boolean {
  return /%00|\/\.\.(?:[/?]|$)/.test(target) || valuesIn(fields, "if-none-match").length > 1;
}

/**
 * What is wrong with requests that nginx read where a strict reader gave up: the app must have been sent them
 * in one form only, without what is for the door to say, and the visitor must have heard answers to them alone.
 */
export function judgeReadAnew(taken: readonly string[], heard: string): string[] {
  const told = taken.map(withoutControls);
  const requests = told.flatMap((text) => readRequests(text).messages);
  const due = requests.map(({ start, body }) => echoOf(start[0], start[1], body));
  const wrong = judgeRequests(told, requests);
  for (const [, echo = ""] of heard.matchAll(/^X-Echo: (.*)\r$/gm)) {
    const at = due.indexOf(echo);
    if (at === -1) wrong.push(`the visitor heard ${echo}, which the app was not asked`);
    else due.splice(at, 1);
  }
  return wrong;
}

/** The heads of requests without them; content, which may look like a head, as it is. */
function withoutControls(text: string): string {
  const told = text.replace(HEAD, (head) => head.replaceAll(CONTROL, "?"));
  const first = readRequest(told);
  if (typeof first !== "object" || first.isLast || first.rest === "") return told;
  const at = told.length - first.rest.length;
  return told.slice(0, at) + withoutControls(text.slice(at));
}
