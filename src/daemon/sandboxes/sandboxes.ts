/*
 * The sandboxes of the door's apps: learnt from the apps' own answers, open at the door as long as they are there.
 * Made by make-engine.ts, which hands the rewriter to the engine and has the plan followed; status asks what is open.
 */
import type { AnswerRewriter } from "../../engines/needs.ts";
import type { GenkanError } from "../../kernel/errors.ts";
import type { Running } from "../../kernel/lifecycle.ts";
import { look, LOOK } from "./looks.ts";
import type { PublishedPort, SandboxesNeeds } from "./needs.ts";
import type { OpenSandbox } from "./open-sandbox.ts";
import { createRegistry, type Registry } from "./registry.ts";
import { createRewriter } from "./rewriter.ts";
import { createTroubles } from "./troubles.ts";
import { dialledAt } from "./whereabouts.ts";

export interface Sandboxes extends Running {
  readonly rewriter: AnswerRewriter;
  /** The plan has changed: closes what belongs to apps that are gone, or have no sandboxes now. */
  follow(): void;
  /** What is open of one app's. */
  of(app: string): readonly OpenSandbox[];
  /** When the look that is under way has ended. */
  looked(): Promise<void>;
  /** What ails them. */
  troubleOf(app: string): GenkanError | undefined;
}

export function createSandboxes(needs: SandboxesNeeds): Sandboxes {
  const { clock, containers, log } = needs;
  const troubles = createTroubles(needs);
  const registry = createRegistry(needs, troubles);
  let looking = Promise.resolve();
  const unlook = clock.every(LOOK, () => {
    looking = looking
      .then(() => look(registry))
      .catch((why: unknown) => log.error("sandbox.look-failed", { why }));
  });
  const unhear = containers?.onChange(() => {
    const published = containers.published();
    if (published) followDocker(registry, published);
  });
  return {
    rewriter: createRewriter({ registry, troubles, log }),
    follow: () => registry.follow(),
    of: (app) => registry.open().filter((each) => each.app === app),
    looked: () => looking,
    troubleOf: (app) => troubles.of(app),
    stop: async () => {
      unlook();
      unhear?.();
      await looking;
    },
  };
}

/**
 * Closes what Docker says is nobody's now. What was opened before Docker told whose it is (it was away, or slower than
 * the app) gets its container late, and closes with it from then on.
 */
function followDocker(registry: Registry, published: readonly PublishedPort[]): void {
  for (const sandbox of registry.open()) {
    const { container, upstream } = sandbox;
    const here = published.filter(({ port }) => port === upstream.port);
    if (container === undefined)
      sandbox.container = here.find((each) => dialledAt(each) === upstream.host)?.container;
    else if (!here.some((each) => each.container === container)) registry.close(sandbox);
  }
}
