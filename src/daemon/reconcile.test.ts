import { expect, test } from "vitest";
import { silentLog } from "../kernel/log.ts";
import { compile } from "../model/compile.ts";
import type { AppSettings } from "../model/settings.ts";
import type { Settings } from "../model/settings.ts";
import { type PlanChange, startReconciler } from "./reconcile.ts";

function app(name: string, port: number): AppSettings {
  const upstream = { scheme: "http", host: "127.0.0.1", port, insecure: false } as const;
  return { name, upstream, hosts: [], origins: [], access: "household", openPaths: [] };
}

const scope = { dns: ["local", "localhost"], ip: [] };

test("every change in force is told once, with the names of the apps; others are not", async () => {
  const settingsOf = (...apps: AppSettings[]): Settings => ({ apps }) as unknown as Settings; // all it reads here
  let now = settingsOf(app("wiki", 3000), app("nas", 3001));
  const told: PlanChange[] = [];
  const reconciler = await startReconciler(now, {
    load: () => Promise.resolve(now),
    compile: ({ apps }) => compile(apps, scope),
    apply: () => Promise.resolve(),
    onChanged: (change) => void told.push(change),
    log: silentLog,
  });
  await reconciler.follow();
  expect(told).toEqual([]);
  now = settingsOf({ ...app("wiki", 3000), access: "open" }, app("blog", 3002));
  await reconciler.follow();
  await reconciler.follow();
  expect(told).toEqual([{ added: ["blog"], removed: ["nas"], changed: ["wiki"] }]);
  now = settingsOf(app("wiki", 3000), app("wiki", 3000)); // one name twice: no plan
  await reconciler.follow();
  expect(reconciler.trouble()?.code).toBe("NAME_TAKEN");
  expect(told).toHaveLength(1);
});
