/*
 * Routes for devices the door knows: strangers are sent to pair, and what only owners may do is refused
 * to others. What the door could not write down is said, and has not happened.
 */
import { GenkanError } from "../../kernel/errors.ts";
import { page, pathTo, readForm, refusal, seeOther } from "./answers.ts";
import { framed } from "./frame.tsx";
import type { SignInWorld } from "./needs.ts";
import { type KnownDevice, renewed, type SignInContext, type Visit, visitOf } from "./visit.ts";

export interface DeviceVisit {
  readonly visit: Visit;
  readonly device: KnownDevice;
  /** The form that was sent, or the query. */
  readonly said: URLSearchParams;
}

type Answer = (asked: DeviceVisit) => Response | Promise<Response>;
type Handler = (context: SignInContext) => Promise<Response>;

export function forDevice(world: SignInWorld, answer: Answer): Handler {
  return async (context) => {
    const { raw } = context.req;
    const said =
      raw.method === "POST" ? await readForm(raw) : new URL(context.req.url).searchParams;
    if (said instanceof Response) return said;
    const visit = visitOf(context, world, said);
    const { device, words } = visit;
    if (!device) return seeOther(pathTo("/pair", words.lang));
    return renewed(visit, await orSayWhy(visit, () => answer({ visit, device, said })));
  };
}

export function forOwner(world: SignInWorld, answer: Answer): Handler {
  return forDevice(world, (asked) => {
    if (asked.device.role === "owner") return answer(asked);
    const { raw } = asked.visit.context.req;
    return refusal(raw, { status: 403, code: "PORTAL_OWNERS_ONLY", blame: "visitor" });
  });
}

async function orSayWhy(
  visit: Visit,
  answer: () => Response | Promise<Response>,
): Promise<Response> {
  try {
    return await answer();
  } catch (thrown) {
    if (!(thrown instanceof GenkanError)) throw thrown;
    visit.world.log.error("household.not-changed", { code: thrown.code, why: thrown.message });
    return notKept(visit);
  }
}

function notKept({ words, world }: Visit): Response {
  const { kept, devices } = words;
  const html = framed({
    words,
    version: world.version,
    title: kept.title,
    isOpen: false,
    children: (
      <>
        <p>{kept.says}</p>
        <div class="buttons">
          <a class="button" href={pathTo("/devices", words.lang)}>
            {kept.again}
          </a>
          <a class="button second" href={pathTo("/", words.lang)}>
            {devices.home}
          </a>
        </div>
      </>
    ),
  });
  return page(html, 503);
}
