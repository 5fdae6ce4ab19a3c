/*
 * A problem as an answer: a page for browsers, JSON for programs. Called by the engine for every
 * request it cannot serve, and by the portal for its own.
 */
import { formatTarget } from "../model/target.ts";
import { COMMON_HEADERS, pageHeaders } from "./content-policy.ts";
import type { Problem, ProblemAnswer } from "./needs.ts";
import { problemPage } from "./problem-page.tsx";
import { wordsOf, type Words } from "./problem-words.ts";
import { RELOAD_SCRIPT } from "./reload-script.ts";

/** Header of every problem answer; the reloading page waits for it to go away. */
const PROBLEM_HEADER = "x-genkan-problem";

/**
 * The words of a problem, dressed for who asks. Header names are in lower case (RFC 9113 section
 * 8.2.1); `content-length` is that of the body, to be sent with HEAD too.
 * @param accept the request's `Accept`.
 */
export function answerProblem(problem: Problem, accept: string | undefined): ProblemAnswer {
  const words = wordsOf(problem);
  if (!wantsHtml(accept)) {
    return answer(
      problem,
      { ...COMMON_HEADERS, "content-type": "application/json" },
      json(problem, words),
    );
  }
  const script = reloads(problem) ? RELOAD_SCRIPT : undefined;
  return answer(problem, pageHeaders(script), problemPage({ problem, words, script }));
}

/**
 * Browsers name text/html when they load a page; programs, and scripts in pages, take anything or
 * ask for JSON. A quality of 0 means "anything but" (RFC 9110 section 12.4.2).
 */
export function wantsHtml(accept: string | undefined): boolean {
  return (accept ?? "").split(",").some((range) => {
    const [type, ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    return type === "text/html" && !parameters.some((part) => /^q=0(\.0*)?$/.test(part));
  });
}

/** Only what may be back in a moment, and only where asking again does nothing twice. */
function reloads({ status, blame, app, method }: Problem): boolean {
  const mayComeBack = status === 502 || status === 503 || status === 504;
  const isApps = app !== undefined && blame === "app";
  return isApps && mayComeBack && (method === undefined || method === "GET");
}

function json({ code, id, app, signIn }: Problem, { says, fix, commands }: Words): string {
  const where = app && { name: app.name, upstream: formatTarget(app.upstream) };
  const error = { code, message: says, fix: [fix, ...commands].join("\n"), id, app: where, signIn };
  return `${JSON.stringify({ error }, null, 2)}\n`;
}

function answer(problem: Problem, headers: Record<string, string>, body: string): ProblemAnswer {
  const length = String(Buffer.byteLength(body));
  return {
    headers: { ...headers, [PROBLEM_HEADER]: problem.code, "content-length": length },
    body,
  };
}
