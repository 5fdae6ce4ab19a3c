/*
 * The running nginx and the configuration it works by: starts it with the first, reloads it with each that
 * follows, and tells when the new workers have taken over. Old workers carry what they have to its end.
 */
import { readFile, rm } from "node:fs/promises";
import type { Clock } from "../../kernel/clock.ts";
import { codeOf, type GenkanError } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import type { Plan } from "../../model/plan.ts";
import { writeAtomic } from "../../platform/files.ts";
import type { StartProgram } from "../../platform/run.ts";
import { healthSocket } from "./blocks/servers.ts";
import { nginxErrors } from "./errors.ts";
import type { NginxFacts, NginxPaths } from "./facts.ts";
import { lastWords, leavingAfter, sizeOf } from "./error-log.ts";
import { type Held, hold, pause } from "./health.ts";
import { render } from "./render.ts";
import { createSupervisor, type Supervisor } from "./supervise.ts";

export interface NginxProcessWiring {
  readonly start: StartProgram;
  readonly program: string;
  readonly paths: NginxPaths;
  readonly clock: Clock;
  readonly log: Log;
}

export interface NginxProcess {
  nextGeneration(): number;
  /**
   * Makes a tested plan true; resolves when new visitors are served by it.
   * @throws NGINX_NOT_STARTED, NGINX_REFUSED
   */
  take(plan: Plan, facts: NginxFacts): Promise<void>;
  /** NGINX_SILENT while it does not answer. */
  trouble(): GenkanError | undefined;
  reopenLogs(): void;
  stop(graceMs: number): Promise<void>;
}

/** Milliseconds a start or a reload may take: a thousand certificates are read in one or two seconds. */
const TAKE_OVER = 30_000;
/** Milliseconds between questions whether it still answers, and for the answer. */
const ASK = 10_000;
const ANSWER = 5_000;
/** Milliseconds old workers have to say that they leave, and between looks for it. */
const LEAVE = 5_000;
const PAUSE = 10;

export function createProcess(wiring: NginxProcessWiring): NginxProcess {
  return new RunningNginx(wiring);
}

class RunningNginx implements NginxProcess {
  readonly #wiring: NginxProcessWiring;
  readonly #supervisor: Supervisor;
  readonly #stopAsking: () => void;
  #made = 0;
  #inForce = 0;
  #hasStarted = false;
  #held: Held | undefined;
  #silent: GenkanError | undefined;

  constructor(wiring: NginxProcessWiring) {
    const { start, program, paths, log, clock } = wiring;
    const args = ["-e", paths.errorLog, "-p", paths.dir, "-c", paths.config];
    const onRestart = (): void => void this.#holdAgain();
    // What a killed nginx leaves in its place keeps the next from listening there.
    const beforeRestart = () => rm(this.#socket(), { force: true });
    this.#wiring = wiring;
    this.#supervisor = createSupervisor({ start, program, args, log, beforeRestart, onRestart });
    this.#stopAsking = clock.every(ASK, () => void this.#ask());
  }

  nextGeneration(): number {
    this.#made += 1;
    return this.#made;
  }

  async take(plan: Plan, facts: NginxFacts): Promise<void> {
    const { config } = this.#wiring.paths;
    const before = { generation: this.#inForce, text: await textOf(config) };
    await writeAtomic(config, render(plan, facts).main, { mode: 0o600 });
    this.#inForce = facts.generation;
    try {
      await (this.#hasStarted ? this.#reload(facts) : this.#startFirst());
      this.#hasStarted = true;
    } catch (thrown) {
      this.#inForce = before.generation;
      // Should nginx have to be started again, it starts with what worked.
      if (before.text !== undefined) await writeAtomic(config, before.text, { mode: 0o600 });
      throw thrown;
    }
  }

  trouble(): GenkanError | undefined {
    return this.#silent;
  }

  reopenLogs(): void {
    this.#supervisor.current()?.signal("SIGUSR1");
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopAsking();
    this.#held?.stop();
    await this.#supervisor.stop(graceMs);
  }

  async #startFirst(): Promise<void> {
    const running = await this.#supervisor.start();
    const ended = new AbortController();
    void running.ended.then(() => ended.abort());
    this.#held = await hold(this.#socket(), TAKE_OVER, ended.signal);
    if (this.#held) return;
    const why = running.said().trim() || (await lastWords(this.#wiring.paths.errorLog));
    await this.#supervisor.stop(0);
    throw nginxErrors.NGINX_NOT_STARTED({ why });
  }

  async #reload({ processes }: NginxFacts): Promise<void> {
    const old = this.#held;
    const { errorLog } = this.#wiring.paths;
    const said = await sizeOf(errorLog);
    this.#supervisor.current()?.signal("SIGHUP");
    const next = await hold(this.#socket(), TAKE_OVER);
    if (!next) {
      throw nginxErrors.NGINX_REFUSED({ why: await lastWords(errorLog) });
    }
    this.#held = next;
    old?.stop();
    // The old workers take visitors until each has heard that it shall leave.
    const until = performance.now() + LEAVE;
    while (performance.now() < until && (await leavingAfter(errorLog, said)) < processes) {
      await pause(PAUSE);
    }
  }

  async #holdAgain(): Promise<void> {
    this.#held?.stop();
    this.#held = await hold(this.#socket(), TAKE_OVER);
  }

  #socket(): string {
    return healthSocket({ paths: this.#wiring.paths, generation: this.#inForce });
  }

  /** Whether it still answers; one that ended is the supervisor's. */
  async #ask(): Promise<void> {
    const { log } = this.#wiring;
    const asked = this.#held;
    if (!asked || !this.#supervisor.current()) return;
    if (await asked.answers(ANSWER)) {
      if (this.#silent) log.info("nginx.answers-again");
      this.#silent = undefined;
    } else if (asked === this.#held && this.#supervisor.current()) {
      this.#silent = nginxErrors.NGINX_SILENT({ seconds: ANSWER / 1000 });
      log.error("nginx.silent", { why: this.#silent.message });
      await this.#holdAgain();
    }
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}
