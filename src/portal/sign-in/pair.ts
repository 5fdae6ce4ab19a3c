/*
 * Pairing: a stranger types six digits and is known from then on. Also where somebody who wanted to open
 * an app comes by, is recognised, and is sent back there.
 */
import { GenkanError } from "../../kernel/errors.ts";
import { visitorOf } from "../device.ts";
import { page, pathTo, readForm, refusal, seeOther } from "./answers.ts";
import { appsFor } from "./apps.ts";
import type { Pairing } from "./needs.ts";
import { knownPage } from "./known-page.tsx";
import { pairPage } from "./pair-page.tsx";
import { readWanted, type Target, targetFields } from "./target.ts";
import { renewed, type SignInContext, type Visit, visitOf } from "./visit.ts";
import type { SignInWorld } from "./needs.ts";
import type { PairTrouble } from "./words.ts";

/** GET /pair: asks for the digits, or says that this device is in. */
export async function showPair(context: SignInContext, world: SignInWorld): Promise<Response> {
  const visit = visitOf(context, world);
  const target = wantedBy(visit, queryOf(context));
  if (target === "bad") return badTarget(context);
  if (!visit.device) return askFor(visit, target);
  const { id } = visit.device;
  const device = world.access.devices.list().find((one) => one.id === id);
  if (!device) return askFor(visit, target); // it has just been revoked
  const apps = target ? [] : await appsFor(visit, visit.device);
  return renewed(visit, page(knownPage({ visit, device, target, apps })));
}

/** GET /enter: who is known goes back to the app with a code, who is not is asked who they are. */
export async function enter(context: SignInContext, world: SignInWorld): Promise<Response> {
  const visit = visitOf(context, world);
  const target = wantedBy(visit, queryOf(context));
  if (target === "bad") return badTarget(context);
  if (!target) return seeOther("/");
  if (!visit.device) return askFor(visit, target);
  const { host, authority, nonceHash, path } = target;
  const code = world.access.handOver({ host, device: visit.device.id, nonceHash });
  const way = new URLSearchParams({ code, path }).toString();
  return renewed(visit, seeOther(`https://${authority}/.genkan/enter?${way}`));
}

/** POST /pair */
export async function pair(context: SignInContext, world: SignInWorld): Promise<Response> {
  const form = await readForm(context.req.raw);
  if (form instanceof Response) return form;
  const visit = visitOf(context, world, form);
  const target = wantedBy(visit, form);
  if (target === "bad") return badTarget(context);
  const said = { target, name: form.get("name") ?? "" };
  if (visit.device) return onwards(visit, target);
  const digits = plainDigits(form.get("digits") ?? "");
  if (!/^\d{6}$/.test(digits)) return askFor(visit, target, { ...said, why: "not-six" });
  try {
    const paired = await world.access.pair(wishOf(visit, said.name, digits));
    if (paired.is === "paired")
      return onwards(visit, target, [world.cookies.session(paired.token)]);
    return askFor(visit, target, { ...said, ...troubleOf(paired, world) });
  } catch (thrown) {
    if (!(thrown instanceof GenkanError)) throw thrown;
    world.log.error("pairing.not-kept", { code: thrown.code, why: thrown.message });
    return askFor(visit, target, { ...said, why: "not-kept" });
  }
}

type WantedTarget = Target | undefined | "bad";

function wantedBy({ world, port }: Visit, said: URLSearchParams): WantedTarget {
  const wanted = readWanted(said, { plan: world.plan(), port, hasSandboxAt: world.hasSandboxAt });
  if (wanted.is === "bad") return "bad";
  return wanted.is === "target" ? wanted.target : undefined;
}

function queryOf({ req }: SignInContext): URLSearchParams {
  return new URL(req.url).searchParams;
}

function badTarget({ req }: SignInContext): Response {
  return refusal(req.raw, { status: 400, code: "PORTAL_NO_SUCH_WAY", blame: "visitor" });
}

/** To a page of its own: reloading it asks nothing of the door a second time. */
function onwards({ words }: Visit, target: Target | undefined, cookies: string[] = []): Response {
  return seeOther(pathTo("/pair", words.lang, target ? targetFields(target) : []), cookies);
}

interface Failed {
  readonly name: string;
  readonly why: PairTrouble;
  readonly waitMs?: number;
}

const STATUS: Readonly<Record<PairTrouble, number>> = {
  "not-six": 400,
  wrong: 403,
  expired: 403,
  "locked-here": 429,
  "locked-all": 429,
  "not-kept": 503,
};

function askFor(visit: Visit, target: Target | undefined, failed?: Failed): Response {
  const { words, world } = visit;
  if (!failed)
    return page(pairPage(visit, { target, name: kindName(visit) }), 200, scriptOf(world));
  const { name, why, waitMs = 0 } = failed;
  const trouble = { why, minutes: Math.max(1, Math.ceil(waitMs / 60_000)) };
  const shown = pairPage(visit, { target, name: name || words.kinds.other, trouble });
  const answer = page(shown, STATUS[why], scriptOf(world));
  if (waitMs > 0) answer.headers.set("retry-after", String(Math.ceil(waitMs / 1000)));
  return answer;
}

function scriptOf({ passkeys }: SignInWorld): string | undefined {
  return passkeys?.script;
}

function troubleOf(
  failed: Exclude<Pairing, { readonly is: "paired" }>,
  { access }: SignInWorld,
): { readonly why: PairTrouble; readonly waitMs?: number } {
  if (failed.is === "wrong") return { why: access.isInviting() ? "wrong" : "expired" };
  return { why: failed.by === "all" ? "locked-all" : "locked-here", waitMs: failed.waitMs };
}

function wishOf(visit: Visit, name: string, text: string) {
  const { context, from, host } = visit;
  const kind = visitorOf(context.req.header("user-agent")).device ?? "other";
  return { text, name: name.trim() || kindName(visit), kind, address: from, host };
}

/** What the device looks like, in words; its person may call it otherwise. */
function kindName({ context, words }: Visit): string {
  return words.kinds[visitorOf(context.req.header("user-agent")).device ?? "other"];
}

/** As people type them: with spaces, hyphens, or the wide digits of a Japanese keyboard. */
function plainDigits(text: string): string {
  return text.normalize("NFKC").replaceAll(/[\s-]/g, "");
}
