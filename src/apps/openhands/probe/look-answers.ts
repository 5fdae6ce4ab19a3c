/*
 * Whether OpenHands answers through the door, and which one; whether it takes the key its page shows; whether somebody
 * has saved settings. None of it starts anything.
 */
import type { Finding } from "../../../kernel/check.ts";
import { messageOf } from "../../../kernel/errors.ts";
import { findKey } from "./canvas-key.ts";
import { type ProbeFacts, unwell, well } from "./facts.ts";
import { field, type Heard } from "./wire.ts";

export async function lookAtAnswers(facts: ProbeFacts): Promise<Finding> {
  const { app, upstream } = facts;
  const found = await facts.recognised().catch((thrown: unknown) => messageOf(thrown));
  if (typeof found === "string") {
    return unwell(`Asking ${app} through the door failed: ${found}.`, "See why", "genkan logs");
  }
  switch (found.is) {
    case "problem":
      return found.code.startsWith("APP_")
        ? unwell(
            `${app} takes connections at ${upstream} and does not answer as it should: ${found.code}.`,
            `See what ${app} says: docker logs, or the window it runs in`,
          )
        : unwell(
            `The door did not bring doctor to ${app}: ${found.code}.`,
            "See why",
            "genkan logs",
          );
    case "starting":
      return unwell(
        `${app} is still starting: it answers that it is not ready.`,
        "Wait a minute, and look again",
        `genkan doctor ${app}`,
      );
    case "stranger":
      return unwell(
        `What answers at ${upstream} is no OpenHands that Genkan knows: ${found.why}.`,
        `Correct where ${app} is: genkan remove ${app}, then genkan add ${app} TARGET`,
      );
    case "0.36":
    case "1":
    case "canvas":
      return well(found.note);
  }
}

export async function lookAtKey(facts: ProbeFacts): Promise<Finding> {
  const { is } = await facts.recognised();
  if (is !== "canvas") return well("this generation asks for none");
  const found = await findKey(facts.door, facts.keptKey);
  if (!found) {
    return {
      state: "unknown",
      why: "the page does not hold Canvas' key (AGENT_CANVAS_ALLOW_LAN_SESSION_KEY is not set): every device must be given it by hand",
    };
  }
  const { status } = await facts.door.ask({ path: "/api/settings", key: found.key });
  if (status === 200)
    return well(found.from === "page" ? "devices get it with the page" : undefined);
  if (status !== 401 && status !== 403)
    return { state: "unknown", why: `GET /api/settings answered ${status}` };
  return unwell(
    `${facts.app} refuses the key that ${found.from === "page" ? "its own page hands out" : "Genkan kept when it started it"}: its page and its agent-server were started with different keys.`,
    `Start ${facts.app} again, with one LOCAL_BACKEND_API_KEY for all of it`,
  );
}

export async function lookAtSettings(facts: ProbeFacts): Promise<Finding> {
  const { is } = await facts.recognised();
  const key = is === "canvas" ? (await findKey(facts.door, facts.keptKey))?.key : undefined;
  const heard = await facts.door.ask({ path: "/api/settings", key });
  switch (settingsIn(heard)) {
    case "there":
      return well();
    case "keyless":
      return {
        state: "unwell",
        severity: "low",
        says: `No key of a model is saved in ${facts.app}: only models that ask for none answer.`,
        fix: { says: `Open ${facts.url} on a device that is let in, and enter it in the settings` },
      };
    case "missing":
      return unwell(
        `Nobody has saved settings in ${facts.app} yet: without a model and its key no conversation begins.`,
        `Open ${facts.url}/settings on a device that is let in, choose a model, enter its key, and save`,
      );
    case "odd":
      return { state: "unknown", why: `GET /api/settings answered ${heard.status}` };
  }
}

/**
 * 404 as JSON until something was saved. Whether a model's key is there: `llm_api_key_set` of 0.36, which begins
 * nothing without one (V0:manage_conversations.py), `llm_api_key_is_set` of Canvas.
 */
function settingsIn({ status, json }: Heard): "there" | "missing" | "keyless" | "odd" {
  if (status === 404 && json !== undefined) return "missing";
  if (status !== 200 || typeof json !== "object" || json === null) return "odd";
  if (field(json, "llm_api_key_set") === false) return "missing";
  return field(json, "llm_api_key_is_set") === false ? "keyless" : "there";
}
