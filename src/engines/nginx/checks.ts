/*
 * How to tell that nginx can be the engine, and that it is well. Asked only where nginx was chosen.
 */
import type { Check, Finding } from "../../kernel/check.ts";
import { GenkanError } from "../../kernel/errors.ts";
import type { FoundNginx } from "./find.ts";

export interface NginxChecksNeeds {
  readonly find: () => Promise<FoundNginx>;
  /** What the open door says ails its engine, and apps left out; undefined where no door is open. */
  readonly troubles: readonly NginxTrouble[] | undefined;
}

export interface NginxTrouble {
  /** Empty for the engine itself. */
  readonly app: string;
  readonly message: string;
  readonly fix: string;
}

export function nginxChecks({ find, troubles }: NginxChecksNeeds): Check[] {
  return [
    {
      id: "nginx.there",
      title: "nginx is installed, new enough and complete",
      look: () => lookForProgram(find),
    },
    {
      id: "nginx.answers",
      title: "The door's nginx answers",
      dependsOn: ["nginx.there", "door.open"],
      look: async () => first(troubles, ({ app }) => app === ""),
    },
    {
      id: "nginx.accepts",
      title: "nginx accepts every app",
      dependsOn: ["nginx.there", "door.open"],
      look: async () => first(troubles, ({ app }) => app !== ""),
    },
  ];
}

async function lookForProgram(find: NginxChecksNeeds["find"]): Promise<Finding> {
  try {
    const { path, version } = await find();
    return { state: "well", note: `${path}, ${version.join(".")}` };
  } catch (thrown) {
    if (thrown instanceof GenkanError) return unwell(thrown);
    throw thrown;
  }
}

function first(
  troubles: readonly NginxTrouble[] | undefined,
  concerns: (trouble: NginxTrouble) => boolean,
): Finding {
  if (!troubles) return { state: "unknown", why: "no door is open" };
  const trouble = troubles.find(concerns);
  return trouble ? unwell(trouble) : { state: "well" };
}

function unwell({ message, fix }: { readonly message: string; readonly fix: string }): Finding {
  return { state: "unwell", severity: "high", says: message, fix: { says: fix } };
}
