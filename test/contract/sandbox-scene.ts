/*
 * An app whose answers name ports of sandboxes, behind an engine that was given somebody to rewrite them.
 */
import type { AnswerRewriter, AskedAnswer } from "../../src/engines/needs.ts";
import { answering, type Play } from "../support/raw-app.ts";
import { type EngineOptions, type OpenEngine, type Scene, scene } from "./contract.ts";

/** Bytes an answer may have to be read. */
export const LIMIT = 64 * 1024;
/** What the app says, and what a visitor is told of it. */
export const SAID = '{"url":"http://localhost:41234/?tkn=é"}';
export const TOLD = '{"url":"https://wiki.local:41234/?tkn=é"}';
export const NAMED = "/api/conversations/7";

export interface SandboxScene extends Scene {
  /** What the rewriter was asked, in order. */
  readonly asked: AskedAnswer[];
}

export async function withSandboxes(
  open: OpenEngine,
  play: Play,
  options: EngineOptions = {},
): Promise<SandboxScene> {
  const asked: AskedAnswer[] = [];
  return { ...(await scene(open, play, naming(options, asked))), asked };
}

/** Options by which `wiki` has sandboxes. */
export function naming(
  { terms, ...more }: EngineOptions,
  asked: AskedAnswer[] = [],
): EngineOptions {
  const sandboxes = { named: ["/api/conversations/*"], origins: "ports", cookies: [] } as const;
  return { ...more, rewriter: renaming(asked), terms: { ...terms, sandboxes } };
}

/** The same, of an app that always says this. */
export function answeredBy(open: OpenEngine, answer: string): Promise<SandboxScene> {
  return withSandboxes(open, answering(answer));
}

/** Rules small enough to be seen through; the real ones are in src/apps/openhands/. */
function renaming(asked: AskedAnswer[]): AnswerRewriter {
  return {
    limit: LIMIT,
    rewrite: async (_app, about, content) => {
      asked.push(about);
      const text = content.toString();
      if (!text.startsWith("{") || !text.endsWith("}")) return undefined;
      const anew = text.replaceAll(/http:\/\/localhost:(4\d{4})/g, `https://${about.host}:$1`);
      return anew === text ? undefined : Buffer.from(anew);
    },
  };
}

/** An answer with this content, latin1, its length told. */
export function jsonAnswer(content: string | Buffer, ...fields: readonly string[]): string {
  const bytes = Buffer.from(content);
  const type = fields.some((field) => /^content-type:/i.test(field)) ? [] : [JSON_TYPE];
  const length = `Content-Length: ${bytes.length}`;
  const head = ["HTTP/1.1 200 OK", ...type, ...fields, length, "", ""].join("\r\n");
  return head + bytes.toString("latin1");
}

const JSON_TYPE = "Content-Type: application/json";
